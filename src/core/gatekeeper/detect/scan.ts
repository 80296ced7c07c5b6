/**
 * One pass over a text. Where a word begins, its first two characters say which formats are tried there; signs of
 * assignment, `@`, dashes and the like say what else. So that most characters cost next to nothing.
 */
import { assignmentAt } from './assignments';
import { flagAt, hashAt, netrcAt, pgpassIn, saidAt, sqlAt } from './commandLine';
import { emailAt } from './email';
import { schemeAt } from './headers';
import { keyBlockAt, puttyKeyAt } from './keyBlocks';
import type { Found } from './kinds';
import { bracketedPhoneAt, ibanAt, numberAt, phoneAt } from './numbers';
import { hasRandomRun, isIdentifier } from './plausible';
import { MARKED_FORMATS, TOKEN_FORMATS, type TokenFormat } from './tokenFormats';
import { addressAt } from './urls';

type Trial = (text: string, at: number, found: Found) => number;

const tokenTrial =
  ({ kind, pattern, check, starts }: TokenFormat): Trial =>
  (text, at, found) => {
    if (!starts.some((start) => text.startsWith(start, at))) return at;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return at;
    const secret = match[1] ?? match[0];
    const end = at + match[0].length;
    // What is none is passed over whole: looked at again from each of its dashes it would take for ever.
    if (isMadeUp(secret) || isInBase64(text, at) || (check === 'random' && !hasRandomRun(secret))) return end;
    if (kind === 'vault-token' && isIdentifier(secret.slice(2))) return at;
    found(kind, end - secret.length, end);
    return end;
  };

/** Crosses, stars, or one character over and over: a token of a manual. */
const isMadeUp = (secret: string): boolean =>
  /([xX*0.])\1{7}/.test(secret) ||
  /EXAMPLE$/.test(secret) ||
  /your[-_]|[-_]here$/i.test(secret) ||
  new Set(secret.slice(-16)).size < 4;

/** In the middle of a long run of base64, as images and fonts are written, anything may be met by chance. */
function isInBase64(text: string, at: number): boolean {
  return (
    (text[at - 1] === '+' || text[at - 1] === '/') && /[A-Za-z0-9+/]{40}$/.test(text.slice(Math.max(0, at - 40), at))
  );
}

const trialOf =
  (look: (text: string, at: number, found: Found) => void): Trial =>
  (text, at, found) => {
    look(text, at, found);
    return at;
  };

/** What is tried at the beginning of a word, by its first two characters. */
const TRIALS = new Map<number, Trial[]>();
const slotOf = (first: number, second: number): number => (first << 7) | second;

function tryAt(start: string, trial: Trial, anyCase: boolean): void {
  const [first = '', second = ''] = start;
  const cases = anyCase ? [first.toLowerCase(), first.toUpperCase()] : [first];
  const seconds = anyCase ? [second.toLowerCase(), second.toUpperCase()] : [second];
  for (const a of cases) {
    for (const b of seconds) {
      const slot = slotOf(a.charCodeAt(0), b.charCodeAt(0));
      const trials = TRIALS.get(slot) ?? [];
      if (!trials.includes(trial)) TRIALS.set(slot, [...trials, trial]);
    }
  }
}

for (const format of TOKEN_FORMATS) {
  const trial = tokenTrial(format);
  for (const start of format.starts) tryAt(start, trial, false);
}
const scheme = trialOf(schemeAt);
for (const start of ['be', 'ba', 'to', 'ap', 'ss']) tryAt(start, scheme, true);
const said = trialOf(saidAt);
for (const start of ['pa', 'pw', 'to', 'ap', 'ac', 'se', 'au', 'pr', 'sa']) tryAt(start, said, true);
const sql = trialOf(sqlAt);
for (const start of ['id', 'pa', 'en']) tryAt(start, sql, true);
const netrc = trialOf(netrcAt);
for (const start of ['ma', 'lo', 'de']) tryAt(start, netrc, false);
tryAt('Pu', puttyKeyAt, false);

const KNOWN_SLOTS = new Uint8Array(1 << 14);
for (const slot of TRIALS.keys()) KNOWN_SLOTS[slot] = 1;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SIGN = 3;
/** The classes of the first 128 characters. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[A-Za-z]/.test(char)) return LETTER;
  if (/\d/.test(char)) return DIGIT;
  return '\\%:=@>-+($'.includes(char) ? SIGN : OTHER;
});
const classAt = (code: number): number => (code < 128 ? (CLASSES[code] ?? OTHER) : OTHER);

/** Tells of everything that is found in a text, in any order, perhaps overlapping. */
export function scan(text: string, found: Found): void {
  let fresh = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = classAt(code);
    if (kind === OTHER) fresh = true;
    else if (kind !== SIGN) {
      if (!fresh) continue;
      fresh = false;
      const end = wordAt(text, at, code, found);
      if (end > at) at = end - 1;
    } else {
      fresh = true;
      at = signAt(text, at, code, found);
    }
  }
  for (const { mark, kind, pattern } of MARKED_FORMATS) {
    if (!text.includes(mark)) continue;
    for (const { 0: all, index } of text.matchAll(pattern)) found(kind, index, index + all.length);
  }
  pgpassIn(text, found);
}

function wordAt(text: string, at: number, first: number, found: Found): number {
  const second = text.charCodeAt(at + 1);
  if (second < 128) {
    const slot = slotOf(first, second);
    if (KNOWN_SLOTS[slot] === 1) {
      for (const trial of TRIALS.get(slot) ?? []) {
        const end = trial(text, at, found);
        if (end > at) return end;
      }
    }
  }
  if (first <= 57) {
    if (second >= 48 && second <= 57) {
      const end = numberAt(text, at, found);
      return end > at ? end : digitsAt(text, at, found);
    }
  } else if (first <= 90 && second >= 65 && second <= 90 && classAt(text.charCodeAt(at + 2)) === DIGIT) {
    const end = ibanAt(text, at, found);
    if (end > at) return end;
  }
  if (second !== 46 && classAt(second) !== OTHER) return discordAt(text, at, first, found);
  return at;
}

const TELEGRAM = /\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])/y;
const MAILGUN = /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])/y;

function digitsAt(text: string, at: number, found: Found): number {
  for (const [pattern, kind] of [
    [TELEGRAM, 'telegram-token'],
    [MAILGUN, 'mailgun-key'],
  ] as const) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    found(kind, at, at + match[0].length);
    return at + match[0].length;
  }
  return at;
}

const DISCORD = /[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])/y;

function discordAt(text: string, at: number, first: number, found: Found): number {
  if (first >= 97 && first <= 102) {
    if (text.charCodeAt(at + 32) !== 45) return at;
    MAILGUN.lastIndex = at;
    const key = MAILGUN.exec(text);
    if (key !== null) found('mailgun-key', at, at + key[0].length);
    return at;
  }
  if (first < 77 || first > 79) return at;
  DISCORD.lastIndex = at;
  const match = DISCORD.exec(text);
  if (match === null || !/\d/.test(match[0])) return at;
  found('discord-token', at, at + match[0].length);
  return at + match[0].length;
}

const isHex = (code: number): boolean => (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102);
const isSpace = (code: number): boolean =>
  code === 32 || code === 9 || code === 10 || code === 13 || Number.isNaN(code);

/** Looks at a sign; gives the last character that need not be looked at again. */
function signAt(text: string, at: number, code: number, found: Found): number {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 92: // \ and what it makes of the next letters is no part of a word.
      if (next === 117 && isHex(text.charCodeAt(at + 2)) && isHex(text.charCodeAt(at + 5))) return at + 5;
      return next === 120 && isHex(text.charCodeAt(at + 2)) && isHex(text.charCodeAt(at + 3)) ? at + 3 : at + 1;
    case 37: // %
      return isHex(next) && isHex(text.charCodeAt(at + 2)) ? at + 2 : at;
    case 58: // :
      if (next === 47 && text.charCodeAt(at + 2) === 47) addressAt(text, at, found);
      else assignmentAt(text, at, found);
      return at;
    case 61: // =
      if (text.charCodeAt(at - 1) !== 58 && text.charCodeAt(at - 1) !== 61 && text.charCodeAt(at - 1) !== 33)
        assignmentAt(text, at, found);
      return at;
    case 62: // >
      if (text.charCodeAt(at - 1) !== 61 && text.charCodeAt(at - 1) !== 45) assignmentAt(text, at, found);
      return at;
    case 64: // @
      emailAt(text, at, found);
      return at;
    case 45: // -
      return dashesAt(text, at, next, found);
    case 43: // +
      if (next >= 49 && next <= 57) phoneAt(text, at, found);
      return at;
    case 40: // (
      if (next >= 50 && next <= 57) bracketedPhoneAt(text, at, found);
      return at;
    default:
      // $
      if (next >= 49) hashAt(text, at, found);
      return at;
  }
}

function dashesAt(text: string, at: number, next: number, found: Found): number {
  if (next === 45 && text.startsWith('-----BEGIN ', at)) {
    const end = keyBlockAt(text, at, found);
    return end > at ? end - 1 : at;
  }
  const previous = text.charCodeAt(at - 1);
  if (isSpace(previous) || previous === 34 || previous === 39 || previous === 96) flagAt(text, at, found);
  return at;
}
