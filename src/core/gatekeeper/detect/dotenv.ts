/** Environment files, as dotenv and shells read them, and which of their values are worth keeping secret. Pure. */

import { classOfKey } from './keyNames';
import type { KnownValue } from './known';

const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;

/** The names and values of an environment file, in order. */
export function entriesOf(text: string): { readonly name: string; readonly value: string }[] {
  return [...text.matchAll(ENTRY)].map(([, name = '', double, single, back, bare = '']) => ({
    name,
    value: double?.replace(/\\([nrt"\\$])/g, unescaped) ?? single ?? back ?? bare.replace(/(?:^|\s)#.*$/, '').trim(),
  }));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const unescaped = (_all: string, char: string): string => ESCAPES[char] ?? char;

const USERINFO = /^[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:([^\s/@]+)@/i;
const SECRETIVE = new Set(['password', 'secret', 'perhaps', 'mnemonic', 'authorization', 'cookie']);

/** True for a name that says that its value is secret. */
export const saysSecret = (name: string): boolean => SECRETIVE.has(classOfKey(name));

/**
 * The secrets of one entry: the value of a name that says so, of any other name unless it is an address, a place, a word or
 * a number; and the password of an address.
 */
export function knownIn(name: string, value: string): KnownValue[] {
  const password = USERINFO.exec(value)?.[1];
  const parts = password === undefined ? [] : [password, decoded(password)];
  const whole = saysSecret(name) || password !== undefined || !isHarmless(value) ? [value] : [];
  return [...new Set([...whole, ...parts])].map((one) => ({ kind: 'env-value', value: one }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isHarmless(value: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return true;
  if (/^(?:[.~]?[\\/]|[A-Za-z]:\\)/.test(value) || /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/\S*)?$/.test(value)) return true;
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(value)) return true;
  if (/^[A-Za-z]+(?:[ ,_.:/-]+[A-Za-z]+)*$/.test(value)) return !/^[A-Za-z]+(?:-[A-Za-z]+){2,}$/.test(value);
  return /^[\d\s.,:+-]+[A-Za-z%]{0,3}$/.test(value) || value.length < 8 || !/\d/.test(value);
}
