/**
 * The canonical form of JSON values (RFC 8785, JSON Canonicalization Scheme). Equal values give equal text on every
 * platform, so that a hash over the text is a hash over the value.
 */
import { OpenExecError } from './errors';

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * The canonical text of a JSON value after RFC 8785: no white space, members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript serialises them. Members that are `undefined` are left out, as JSON.stringify does.
 * Throws `internal` for what I-JSON cannot hold: non-finite numbers, lone surrogates, functions, bigints, holes in arrays.
 */
export function canonicalize(value: unknown): string {
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
      return Array.isArray(value) ? `[${Array.from(value, canonicalize).join(',')}]` : canonicalObject(value);
    default:
      throw new OpenExecError('internal', `not a JSON value: ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalize(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new OpenExecError('internal', 'a string holds half of a surrogate pair');
  return JSON.stringify(value);
}

/** Text that can be stored and hashed: lone surrogates become U+FFFD, as a UTF-8 encoder would write them. */
export function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(new RegExp(LONE_SURROGATE.source, 'g'), '\uFFFD') : text;
}
