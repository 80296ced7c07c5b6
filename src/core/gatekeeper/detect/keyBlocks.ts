/**
 * Private keys as blocks of text: PEM of every kind and PGP, over lines, in one line with `\n` written out, with quotes or
 * comment signs before each line; and the files of PuTTY.
 */
import type { Found } from './kinds';

const LABEL = '[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?';
const BEGIN = new RegExp(`-----BEGIN ${LABEL}-----`, 'y');
const END = new RegExp(`-----END ${LABEL}-----`, 'y');
/** A key of 16,384 bits is shorter. */
const LONGEST_KEY = 24_576;
/** The lines of a key: base64, headers of old kinds, and what stands before each line of a quotation or between two. */
const BODY =
  /(?:[A-Za-z0-9/=]{1,400}|[\s"'`+,>|#*;.\\-]{1,12}|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n]{0,100})*/y;

/** Looks at the dashes at `at`; gives the end of the key, or `at` when none begins there. */
export function keyBlockAt(text: string, at: number, found: Found): number {
  BEGIN.lastIndex = at;
  const begin = BEGIN.exec(text);
  if (begin === null) return at;
  const body = at + begin[0].length;
  // No key holds another: what the next dashes begin is its end or nothing of it.
  const dashes = text.indexOf('-----', body);
  const until = Math.min(dashes < 0 ? text.length : dashes, body + LONGEST_KEY);
  END.lastIndex = until;
  const end = END.exec(text);
  if (end !== null) {
    const after = until + end[0].length;
    if (isBody(text.slice(body, until))) found('private-key', at, after);
    return after;
  }
  // Its end was cut off: everything that may belong to it goes.
  BODY.lastIndex = 0;
  const rest = BODY.exec(text.slice(body, until))?.[0] ?? '';
  const left = rest.replace(/[\s"'`+,>|#*;.\\-]+$/, '');
  if (!/[A-Za-z0-9+/]{32}/.test(left) && body + rest.length < text.length) return body;
  found('private-key', at, body + left.length);
  return body + left.length;
}

/** Nothing but the lines of a key, or at least some that can be nothing else; dots and crosses are a manual's. */
function isBody(text: string): boolean {
  if (/[A-Za-z0-9+/]{40}/.test(text) && /\d/.test(text) && !/([xX*.])\1{11}/.test(text)) return true;
  BODY.lastIndex = 0;
  const lines = BODY.exec(text)?.[0] ?? '';
  return lines.length === text.length && /[A-Za-z0-9+/]{4}/.test(text) && !/\.\.\.|…|([xX*])\1{5}|your/i.test(text);
}

const PUTTY =
  /PuTTY-User-Key-File-\d: (?:(?!PuTTY)[\s\S]){0,6000}?Private-Lines: \d+\r?\n((?:[A-Za-z0-9+/=]+\r?\n){1,200})(?:Private-(?:MAC|Hash): [0-9a-f]+)?/y;

/** Looks at the word `PuTTY` at `at`; gives the end of the file, or `at`. */
export function puttyKeyAt(text: string, at: number, found: Found): number {
  PUTTY.lastIndex = at;
  const key = PUTTY.exec(text);
  if (key === null) return at;
  found('private-key', at, at + key[0].length);
  return at + key[0].length;
}
