/**
 * Values that are assigned to a name which says that they are secret: in environment files, YAML, JSON, INI, XML, code,
 * query strings, connection strings and headers. What is a reference, an expression or a placeholder stays.
 */

import { authorizationIn, cookiesIn } from './headers';
import { classOfKey, type KeyClass } from './keyNames';
import type { Found } from './kinds';
import {
  hasRandomRun,
  isExpression,
  isIdentifier,
  isLocation,
  isPlaceholder,
  looksRandom,
  namesSecret,
  wordsIn,
} from './plausible';

/** As far back as the name of a value is looked for. */
const BACK = 100;
/** Longer values are no secrets that somebody assigned. */
const LONGEST = 4096;

type Style =
  /** Between quotes. */
  | 'quoted'
  /** `NAME=value`, nothing else in the line, or between tags. */
  | 'whole'
  /** `name: value` or `name = value` up to the end of the line. */
  | 'line'
  /** `name=value`, with more on both sides. */
  | 'inline'
  /** In the middle of a line of code or prose. */
  | 'loose';

type Value = { readonly start: number; readonly end: number; readonly style: Style };

/** Looks at the `:`, `=` or `>` at `at`. */
export function assignmentAt(text: string, at: number, found: Found): void {
  const key = keyBefore(text, at);
  if (key === null) return;
  const value = valueAfter(text, at, key.start);
  if (value === null) return;
  const { start, end, style } = value;
  if (end <= start || end - start > LONGEST) return;
  const content = text.slice(start, end);
  if (key.class === 'authorization') authorizationIn(content, start, found);
  else if (key.class === 'cookie') cookiesIn(text, start, end, found);
  else if (isSecretValue(content, key.class, style, text.slice(key.start, key.end))) {
    const aws = key.class === 'secret' && /aws/i.test(text.slice(key.start, key.end));
    found(key.class === 'password' ? 'password' : aws ? 'aws-secret' : 'secret', start, end);
  }
}

type Key = { readonly class: KeyClass; readonly start: number; readonly end: number };

const isNameChar = (c: number): boolean =>
  (c >= 97 && c <= 122) ||
  (c >= 65 && c <= 90) ||
  (c >= 48 && c <= 57) ||
  c === 95 ||
  c === 45 ||
  c === 46 ||
  c === 36 ||
  c >= 192;

/** The name before a sign of assignment, through quotes, brackets and spaces. */
function keyBefore(text: string, at: number): Key | null {
  const least = Math.max(0, at - BACK);
  let end = at;
  // 32 space, 9 tab, 34 " 39 ' 96 ` 92 \ 93 ] 63 ? 33 ! 43 + 58 :
  for (let c = text.charCodeAt(end - 1); end > least; c = text.charCodeAt(end - 1)) {
    if (c === 32 || c === 9 || c === 34 || c === 39 || c === 96 || c === 92 || c === 93 || c === 63 || c === 42) end--;
    else break;
  }
  let start = end;
  while (start > least && isNameChar(text.charCodeAt(start - 1))) start--;
  if (start === end || end - start > 80) return null;
  const name = text.slice(start, end);
  const own = classOfKey(name);
  if (own === 'value') return namedBeside(text, start, end);
  if (own !== 'none') return { class: own, start, end };
  if (text.charCodeAt(at) === 61) return typedBefore(text, start, least);
  if (name.toLowerCase() !== 'key' && name.toLowerCase() !== 'phrase') return null;
  // Prose: "API key: …"
  const before = /[A-Za-z]+(?=[ \t]+$)/.exec(text.slice(Math.max(least, start - 20), start))?.[0];
  const both = before === undefined ? 'none' : classOfKey(`${before}_${name}`);
  return both === 'none' || both === 'perhaps' ? null : { class: both, start: start - (before?.length ?? 0) - 1, end };
}

/** `apiKey: string = `: the name before the type. */
function typedBefore(text: string, end: number, least: number): Key | null {
  let at = end;
  while (at > least && (text.charCodeAt(at - 1) === 32 || text.charCodeAt(at - 1) === 124)) at--;
  if (text.charCodeAt(at - 1) !== 58) return null;
  at--;
  while (at > least && text.charCodeAt(at - 1) === 32) at--;
  let start = at;
  while (start > least && isNameChar(text.charCodeAt(start - 1))) start--;
  if (start === at) return null;
  const own = classOfKey(text.slice(start, at));
  return own === 'password' || own === 'secret' || own === 'perhaps' ? { class: own, start, end: at } : null;
}

const NAMED = /(?:name|key|Name|Key|id)["']?\s*[:=]\s*["']?([\w.-]{3,80})["']?[\s,]*(?:-\s*)?["']?$/;

/** `name: DB_PASSWORD` and `value: …` beside it. */
function namedBeside(text: string, start: number, end: number): Key | null {
  const name = NAMED.exec(text.slice(Math.max(0, start - 140), start))?.[1];
  const own = name === undefined ? 'none' : classOfKey(name);
  return own === 'password' || own === 'secret' || own === 'perhaps' ? { class: own, start, end } : null;
}

const SIGN = /(?:=>|:=|===?|[:=>])[ \t]*(?:\|\|[ \t]*|\?\?[ \t]*)?/y;
const QUOTE = /[bfru]?(\\*)(["'`])/y;
const BARE = /[^\s"'`«»]{1,1024}/y;
/** `process.env.X || "…"`, `os.getenv("X", "…")`: what holds when nothing else does. */
const OTHERWISE = /(?:[\w.$]+(?:\[[^\]\n]{1,60}\])?\s*(?:\|\||\?\?)\s*|[\w.$]+\(\s*["'][\w.-]{1,60}["'],\s*)(?=["'`])/y;
/** `Buffer.from("…")`, `SecretStr("…")`, `new Secret("…")`. */
const WRAPPED = /(?:new\s+)?[A-Za-z_][\w.]{1,40}\((?=["'`])/y;

function valueAfter(text: string, at: number, keyStart: number): Value | null {
  SIGN.lastIndex = at;
  const sign = SIGN.exec(text);
  if (sign === null) return null;
  let start = at + sign[0].length;
  const quotedAt = (from: number): Value | null => {
    QUOTE.lastIndex = from;
    const quote = QUOTE.exec(text);
    if (quote === null) return null;
    const end = closing(text, from + quote[0].length, quote[2] ?? '"', (quote[1] ?? '').length);
    return end < 0 ? null : { start: from + quote[0].length, end, style: 'quoted' };
  };
  const direct = quotedAt(start);
  if (direct !== null) return direct;
  if (sign[0] === ':' && /[\r\n]/.test(text[start] ?? '')) return null;
  for (const lead of [OTHERWISE, WRAPPED]) {
    lead.lastIndex = start;
    const led = lead.exec(text);
    if (led !== null) return quotedAt(start + led[0].length);
  }
  if (sign[0].startsWith('>')) {
    const end = text.indexOf('<', start);
    while (/\s/.test(text[start] ?? '')) start++;
    return end > start && end - start < 300 && text.slice(end, end + 2) === '</'
      ? { start, end, style: 'whole' }
      : null;
  }
  if (sign[0].startsWith('==')) return null;
  return bareAt(text, start, sign[0], keyStart);
}

/** The end of a quoted value in the same line; -1 when there is none. */
function closing(text: string, from: number, quote: string, escapes: number): number {
  const limit = Math.min(text.length, from + LONGEST);
  for (let i = from; i < limit; i++) {
    const char = text[i];
    if (char === '\n') return -1;
    if (char === '\\' && escapes === 0) i++;
    else if (char === quote) return i - escapes;
  }
  return -1;
}

function bareAt(text: string, start: number, sign: string, keyStart: number): Value | null {
  BARE.lastIndex = start;
  const bare = BARE.exec(text)?.[0];
  if (bare === undefined) return null;
  const near = text.slice(Math.max(0, keyStart - 60), keyStart);
  const before = near.includes('\n') || keyStart <= 60 ? near.slice(near.lastIndexOf('\n') + 1) : 'x';
  const leads = /^[\s\->|+*]*(?:export\s+|set\s+|ENV\s+|ARG\s+|[-+]\s*)?["']?$/.test(before);
  const after = text.slice(start + bare.length, start + bare.length + 40);
  const ends =
    /^[ \t]*(?:\r?\n|$|#|\/\/|\\\r?\n|\\n)/.test(after) || (after === '' && start + bare.length === text.length);
  const tight = sign === '=';
  // A password may hold any sign, so that only what fills its line is taken as it stands.
  if (leads && ends && !/^[[({<]/.test(bare)) {
    const trimmed = bare.replace(/\\n.*$/, '').replace(/[,;]+$/, '');
    const code = trimmed !== bare && !tight;
    return { start, end: start + trimmed.length, style: code ? 'loose' : tight ? 'whole' : 'line' };
  }
  const cut = /^[^,;&(){}[\]|<>\\=]+={0,2}/.exec(bare)?.[0].replace(/[.:]+$/, '') ?? '';
  if (/^[([{<]/.test(bare.slice(cut.length))) return null;
  return { start, end: start + cut.length, style: tight ? 'inline' : 'loose' };
}

const STOP = new Set(
  'the your is to must please enter and for of a in or with not be at you it this that password'.split(' '),
);

/** Whether what is assigned to a name of that class is a secret. */
export function isSecretValue(value: string, key: KeyClass, style: Style, name: string): boolean {
  if (key === 'mnemonic') return /^[a-z]{3,8}(?:[ ,]+[a-z]{3,8}){11,23}$/.test(value);
  if (value.length < (key === 'password' ? 4 : 8) || /^[+),;]/.test(value)) return false;

  if (isPlaceholder(value) || value.toLowerCase() === name.toLowerCase()) return false;
  if (/\s/.test(value)) return key === 'password' && isPassphrase(value);
  if (isLocation(value) || (isExpression(value) && isCode(value, style))) return false;
  if (style !== 'quoted' && style !== 'whole' && isNamed(value, key)) return false;
  if (/sig$/i.test(name) && (style !== 'inline' || value.length < 32)) return false;
  if (style !== 'quoted' && /[()]|=>|\[\w*\]|^[{[<]/.test(value) && style !== 'whole') return false;
  switch (key) {
    case 'password':
      return isPassword(value, style);
    case 'secret':
      // In the address of a picture a short token opens nothing else.
      if (style === 'inline' && value.length < 16) return false;
      if (style === 'loose') return looksRandom(value) && (hasRandomRun(value) || /[!@#$%^&*+/=~-]/.test(value));
      return looksRandom(value) || (isEnvironmentLike(name, style) && isLongLowerCase(value));
    case 'perhaps':
      return isKey(value, name);
    default:
      return false;
  }
}

/** A number, a type or the name of something else, as code has it after a colon or a sign of equality. */
function isNamed(value: string, key: KeyClass): boolean {
  if (/^0x[0-9a-f]+$|^[*&]|[[\]<>(){}]|^qr\//i.test(value)) return true;
  if (!isIdentifier(value)) return false;
  return key !== 'password' || namesSecret(value) || /_.*_/.test(value) || wordsIn(value).length > 2;
}

/** What fills its line or its quotes is code only when nothing but letters and dots are in it. */
const isCode = (value: string, style: Style): boolean =>
  style === 'loose' || style === 'inline' || /^[A-Za-z_$.]+$/.test(value);

/** Of a key that could be any key only what is long and random is one. */
function isKey(value: string, name: string): boolean {
  if (!looksRandom(value) || !/\d/.test(value)) return false;
  if (/^[A-Z][A-Z0-9_]+$/.test(name)) return /^[\w+/=-]{20,}$/.test(value);
  // Sums and fingerprints are called keys as well.
  return !/^[0-9a-fA-F]+$/.test(value) && /^(?:[A-Za-z0-9]{32,}|[A-Za-z0-9+/]{40,}={0,2})$/.test(value);
}

const isEnvironmentLike = (name: string, style: Style): boolean => style === 'whole' && /^[A-Z][A-Z0-9_]+$/.test(name);
const isLongLowerCase = (value: string): boolean => /^[a-z]{14,}$/.test(value) || /^[a-z]+(?:-[a-z]+){3,}$/.test(value);

/** Four or more words in small letters, none of which a sentence is made of. */
function isPassphrase(value: string): boolean {
  return /^[a-z]+(?: [a-z]+){3,7}$/.test(value) && !value.split(' ').some((word) => STOP.has(word));
}

/** People choose passwords: short ones, and words with a digit. Labels and names of variables are neither. */
function isPassword(value: string, style: Style): boolean {
  const digit = /\d/.test(value);
  const letter = /\p{L}/u.test(value);
  const special = /[!@#$%^&*+=~?|]/.test(value);
  if (style === 'loose')
    return digit &&
      letter &&
      (special || value.length >= 12 || looksRandom(value)) &&
      !/^[a-z_$][\w$]*\d{0,3}$/i.test(value)
      ? true
      : looksRandom(value);
  if (digit && letter) return value.length >= 5 && !/^v?\d+(?:\.\d+)+$/.test(value);
  if (digit) return style !== 'inline' && /^\d{6,12}$/.test(value);
  if (special && letter) return value.length >= 6 && !/[ =]/.test(value) && !/^[a-z]+[?!:*]$/i.test(value);
  // Words alone: a label begins with a capital, a name of something has capitals or its own vocabulary in it.
  if (style === 'line' || style === 'inline') return false;
  if (/^[a-z]{8,}$/.test(value)) return style === 'whole' || value.length >= 12;
  if (/^[a-z]+(?:[-_.][a-z]+){2,}$/.test(value)) return wordsIn(value).length >= 3;
  return looksRandom(value);
}
