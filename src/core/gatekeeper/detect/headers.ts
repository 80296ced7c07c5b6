/** Credentials in HTTP headers: `Authorization`, `Bearer`, `Basic`, `Cookie`. */
import type { Found } from './kinds';
import { isExpression, isPlaceholder, looksRandom } from './plausible';

/** `Bearer …` and `Basic …` wherever they stand; tried where a word begins. */
const SCHEME =
  /(?:bearer|token|apikey|api-key|ssws)(?:[ \t]+|%20|\+)([\w~+/.-]{16,4000}={0,2})|basic(?:[ \t]+|%20)([A-Za-z0-9+/]{8,600}={0,2})(?![A-Za-z0-9+/=-])/iy;

/** Looks at a word that begins with `b`, `t`, `a` or `s` at `at`. */
export function schemeAt(text: string, at: number, found: Found): void {
  SCHEME.lastIndex = at;
  const match = SCHEME.exec(text);
  if (match === null) return;
  const end = at + match[0].length;
  const [, bearer, basic] = match;
  if (bearer !== undefined && isBearer(bearer)) found('bearer-token', end - bearer.length, end);
  if (basic !== undefined && isBasic(basic)) found('basic-auth', end - basic.length, end);
}

const isBearer = (value: string): boolean =>
  !isPlaceholder(value) && looksRandom(value) && !isExpression(value) && !value.includes('://');

/** In base64: a name, a colon, a password. */
export function isBasic(value: string): boolean {
  if (value.length % 4 === 1) return false;
  const plain = decodeBase64(value);
  return plain !== null && /^[^:\s]{0,100}:.{2,}$/.test(plain) && !/[^\x20-\x7e\u00a0-\u00ff]/.test(plain);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Each byte as a character; null for what is no base64. */
function decodeBase64(text: string): string | null {
  let bits = 0;
  let held = 0;
  let plain = '';
  for (const char of text.replace(/=+$/, '')) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return null;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      plain += String.fromCharCode((bits >> held) & 255);
      bits &= (1 << held) - 1;
    }
  }
  return plain;
}

/** The value of an `Authorization` header. */
export function authorizationIn(value: string, start: number, found: Found): void {
  const match = /^(?:([A-Za-z][\w-]{2,20})[ \t]+)?(.+)$/.exec(value.trim());
  const [, scheme = '', rest = ''] = match ?? [];
  const credentials = /^[^\s"'`,;]+/.exec(rest)?.[0] ?? '';
  const at = start + value.indexOf(credentials, scheme.length);
  if (credentials.length < 8 || isPlaceholder(credentials) || isExpression(credentials)) return;
  if (/^basic$/i.test(scheme) ? isBasic(credentials) : looksRandom(credentials)) {
    found(/^basic$/i.test(scheme) ? 'basic-auth' : 'bearer-token', at, at + credentials.length);
  }
}

const SESSION =
  /sess|sid$|^sid|auth|token|jwt|csrf|xsrf|remember|secret|login|connect\.sid|identity|^__(?:host|secure)-/i;

/** The values of a `Cookie` or `Set-Cookie` header that open a session. `end` is where its line or quotes end. */
export function cookiesIn(text: string, start: number, end: number, found: Found): void {
  const near = text.slice(start, Math.max(end, Math.min(text.length, start + 2000)));
  const header = /^[^"'`\n]*?(?=["'`\n]|ookie2?:|$)/.exec(near)?.[0] ?? '';
  for (const { 1: name = '', 2: value = '', index, 0: all } of header.matchAll(
    /([\w.$-]{1,80})=([\w%~+/:|*!.-][\w%~+/=:|*!.@&-]{0,4000})(?=[;,\s]|$)/g,
  )) {
    if (value.length < 8 || isPlaceholder(value) || isExpression(value)) continue;
    if (SESSION.test(name) ? /\d/.test(value) || looksRandom(value) : value.length >= 24 && looksRandom(value)) {
      const from = start + index + all.length - value.length;
      found('cookie', from, from + value.length);
    }
  }
}
