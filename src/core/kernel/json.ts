/**
 * The canonical form of JSON values (RFC 8785, JSON Canonicalization Scheme). Equal values give equal text on every
 * platform, so that a hash over the text is a hash over the value.
 */
import { isSurelyCanonical } from './canonicalText';
import { OpenExecError } from './errors';

const LONE_SURROGATES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * The canonical text of a JSON value after RFC 8785: no white space, members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript serialises them. Members that are `undefined` are left out, as JSON.stringify does.
 * Throws `internal` for what I-JSON cannot hold: non-finite numbers, lone surrogates, functions, bigints, holes in arrays.
 */
export function canonicalize(value: unknown): string {
  const arranged = arrange(value);
  return arranged === UNUSUAL ? canonicalizeExactly(value) : JSON.stringify(arranged);
}

/**
 * True when `text` is the canonical text of `value`, which must be what JSON.parse made of `text`. Throws as
 * `canonicalize` does.
 */
export function isCanonical(text: string, value: unknown): boolean {
  return isSurelyCanonical(text) || canonicalizeExactly(value) === text;
}

/** In every engine that runs this, though not yet in the library of ECMAScript 2023. */
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

/** What JSON.stringify may write otherwise than the canonical form wants; the exact way is left to decide. */
const UNUSUAL = Symbol('unusual');

/** A copy with its members in canonical order, for JSON.stringify to write; several times faster than member by member. */
function arrange(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return isWellFormed(value) ? value : UNUSUAL;
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : UNUSUAL;
    case 'object':
      if (value === null) return value;
      return Array.isArray(value) ? arrangeList(value) : arrangeMembers(value as Record<string, unknown>);
    default:
      return UNUSUAL;
  }
}

function arrangeList(list: readonly unknown[]): unknown {
  const copy: unknown[] = [];
  // By index, for an iteration that skips holes would not see them.
  for (let at = 0; at < list.length; at += 1) {
    const item = arrange(list[at]);
    if (item === UNUSUAL) return UNUSUAL;
    copy.push(item);
  }
  return copy;
}

function arrangeMembers(object: Readonly<Record<string, unknown>>): unknown {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object).sort()) {
    // Objects put keys that are numbers first, whatever their order was; and this one is no member when it is assigned.
    if (isDigit(key.charCodeAt(0)) || key === '__proto__' || !isWellFormed(key)) return UNUSUAL;
    const member = object[key];
    if (member === undefined) continue;
    const arranged = arrange(member);
    if (arranged === UNUSUAL) return UNUSUAL;
    copy[key] = arranged;
  }
  return copy;
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

/** The canonical text by the letter of RFC 8785, member by member: the measure of the faster ways above. */
export function canonicalizeExactly(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new OpenExecError('internal', `not a JSON number: ${value}`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${Array.from(value, canonicalizeExactly).join(',')}]` : canonicalObject(value);
    default:
      throw new OpenExecError('internal', `not a JSON value: ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalizeExactly(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(value: string): string {
  if (!isWellFormed(value)) throw new OpenExecError('internal', 'a string holds half of a surrogate pair');
  return JSON.stringify(value);
}

/** Text that can be stored and hashed: lone surrogates become U+FFFD, as a UTF-8 encoder would write them. */
export function wellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(LONE_SURROGATES, '\uFFFD');
}
