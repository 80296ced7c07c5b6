/** Secrets in command lines and in the files of old programs: flags, `.netrc`, `.pgpass`, SQL. */

import { isSecretValue } from './assignments';
import { classOfKey } from './keyNames';
import type { Found } from './kinds';
import { isPlaceholder, looksRandom } from './plausible';

const FLAG = /--?([A-Za-z][\w-]{1,40})[ \t]+(?:(["'])([^"'\n]{1,500})\2|([^\s"'`;|&<>()«»]{3,500}))/y;

/** Looks at the dashes at `at`, before which nothing or a space stands. */
export function flagAt(text: string, at: number, found: Found): void {
  FLAG.lastIndex = at;
  const match = FLAG.exec(text);
  if (match === null) {
    shortFlagAt(text, at, found);
    return;
  }
  const [all, name = '', quote, quoted, bare] = match;
  const key = classOfKey(name);
  const value = quoted ?? bare ?? '';
  if (key !== 'password' && key !== 'secret' && key !== 'perhaps') {
    shortFlagAt(text, at, found);
    return;
  }
  if (value.startsWith('-') || !isSecretValue(value, key, quote === undefined ? 'inline' : 'quoted', name)) return;
  const end = at + all.length - (quote === undefined ? 0 : 1);
  found(key === 'password' ? 'password' : 'secret', end - value.length, end);
}

const USER = /-(?:u|-user)[ =]?["']?([\w.@+-]{1,80}):([^\s"'`«»]{4,200})/y;
const PROGRAM =
  /(?:^|[\s;&|(/])(?:mysql|mysqldump|mysqladmin|mariadb|sshpass|docker login|podman login|helm registry login|redis-cli|mongo|mongosh|mongodump|sqlcmd|bcp|7z|zip|unzip|ldapsearch|smbclient|twine upload)\b[^\n|;&]{0,300}$/;
const ATTACHED = /-(?:p|a|P|w)[ \t]?(?:(["'])([^"'\n]{4,200})\1|([^\s"'`$<«»-][^\s"'`«»]{3,200}))/y;

/** `curl -u name:password`, `mysql -ppassword`, `sshpass -p password`. */
function shortFlagAt(text: string, at: number, found: Found): void {
  USER.lastIndex = at;
  const user = USER.exec(text);
  if (user !== null) {
    const password = user[2] ?? '';
    const end = at + user[0].length;
    if (isSecretValue(password, 'password', 'inline', '') || looksRandom(password))
      found('password', end - password.length, end);
    return;
  }
  ATTACHED.lastIndex = at;
  const match = ATTACHED.exec(text);
  if (match === null) return;
  const line = text.slice(Math.max(0, at - 320), at);
  if (!PROGRAM.test(line.slice(line.lastIndexOf('\n') + 1))) return;
  const value = match[2] ?? match[3] ?? '';
  const end = at + match[0].length - (match[1] === undefined ? 0 : 1);
  if (isSecretValue(value, 'password', 'quoted', '')) found('password', end - value.length, end);
}

/** What says that a password follows, in prose and in the languages of old programs; tried where a word begins. */
const SAID =
  /(?:(pass(?:word|wd|phrase|code)|pwd|salasana)|(?:api|access|secret|auth|private)[ _-]?(?:key|token)|token|secret)(?:\s+(?:for|of|to)\s+(?:the\s+)?[\w.@/-]{1,40}(?:\s+\w{1,20})?)?\s+(?:(?:is|was|=|on)\s*:?\s*|(?=["'`])|(?=[^\s"'`|:]*\d[^\s"'`|:]*[!@#$%^&*]|[^\s"'`|:]*[!@#$%^&*][^\s"'`|:]*\d))(?:(["'`])([^"'`\n]{4,200})\2|([^\s"'`,;()<>«»]{4,200}))/iy;

/** Looks at a word that begins at `at` and could be one for a password, a token or a key. */
export function saidAt(text: string, at: number, found: Found): void {
  SAID.lastIndex = at;
  const match = SAID.exec(text);
  if (match === null) return;
  const [all, password, quote, quoted, bare] = match;
  const value = quoted ?? (bare ?? '').replace(/[.!?:]+$/, '');
  const end = at + all.length - (quote === undefined ? (bare ?? '').length - value.length : 1);
  if (isPlaceholder(value) || !isChosen(value, password !== undefined, quote !== undefined)) return;
  found(password === undefined ? 'secret' : 'password', end - value.length, end);
}

/** In prose a word is a password only when it could not be a word. */
function isChosen(value: string, password: boolean, quoted: boolean): boolean {
  if (/^[\d.,:/-]+$|^[*&]/.test(value) || /\s/.test(value)) return false;
  if (!password) return value.length >= 12 && looksRandom(value) && isSecretValue(value, 'secret', 'inline', '');
  if (!isSecretValue(value, 'password', 'inline', '')) return false;
  return quoted || /\d/.test(value) ? !/^(?:sha|md|utf|base|aes|rsa|v|rfc|http)-?\d/i.test(value) : false;
}

const NETRC = /(?:machine|login|default)\s+\S{1,200}(?:\s+login\s+\S{1,200})?\s+password\s+([^\s«»]{3,200})/y;

/** Looks at `machine` or `login` of a `.netrc` at `at`. */
export function netrcAt(text: string, at: number, found: Found): void {
  NETRC.lastIndex = at;
  const match = NETRC.exec(text);
  const value = match?.[1] ?? '';
  if (match === null || isPlaceholder(value) || !isSecretValue(value, 'password', 'whole', 'PASSWORD')) return;
  found('password', at + match[0].length - value.length, at + match[0].length);
}

const SQL = /(?:identified(?:\s+with\s+\w+)?\s+by|(?:encrypted\s+)?password)\s+'([^'\n]{4,200})'/iy;

/** `IDENTIFIED BY '…'`, `WITH PASSWORD '…'`. */
export function sqlAt(text: string, at: number, found: Found): void {
  SQL.lastIndex = at;
  const match = SQL.exec(text);
  const value = match?.[1] ?? '';
  if (match === null || !isSecretValue(value, 'password', 'quoted', '')) return;
  found('password', at + match[0].length - 1 - value.length, at + match[0].length - 1);
}

const PGPASS = /^[^:\s#]{1,200}:(?:\d{2,5}|\*):[^:\s]{1,60}:[^:\s]{1,60}:((?:[^:\s\\«»]|\\.){3,200})[ \t]*$/gm;

/** The lines of a `.pgpass`. */
export function pgpassIn(text: string, found: Found): void {
  if (!/:(?:\*|543\d|6543):/.test(text)) return;
  for (const { 0: all, 1: value = '', index } of text.matchAll(PGPASS)) {
    const end = index + all.trimEnd().length;
    if (isSecretValue(value, 'password', 'whole', 'PASSWORD')) found('password', end - value.length, end);
  }
}

const HASH =
  /\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:[156y]|apr1|sha1|md5|bcrypt-sha256)\$[./A-Za-z0-9$=,]{0,40}\$?[./A-Za-z0-9]{22,100}|argon2(?:id|i|d)\$v=\d+\$[\w=,]+\$[A-Za-z0-9+/]{8,}\$[A-Za-z0-9+/]{16,}|pbkdf2[\w-]*\$[\w./+=$,]{40,200})/y;

/** Looks at the `$` at `at`: the hash of a password, as databases and systems keep it. */
export function hashAt(text: string, at: number, found: Found): void {
  HASH.lastIndex = at;
  const match = HASH.exec(text);
  if (match !== null && !isPlaceholder(match[0].slice(4))) found('password-hash', at, at + match[0].length);
}
