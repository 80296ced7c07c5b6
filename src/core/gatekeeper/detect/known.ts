/**
 * Exact values that are known to be secret, wherever they stand: as they are, in base64 (whatever stands before them), in
 * hexadecimal, URL-encoded, escaped for JSON or HTML, and split over lines, by quotes and plus signs or by dashes. Letters and
 * digits are all that is compared, by a rolling hash (R. M. Karp, M. O. Rabin, 1987); 500 values cost as much as one, also where
 * all of them begin alike.
 */
import type { Kind } from './kinds';
import { entropy, isPlaceholder } from './plausible';

export type KnownValue = { readonly kind: Kind; readonly value: string };

export type KnownFinding = {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly value: string;
};

/** Finds the known values of a text; may overlap. */
export type KnownMatcher = (text: string) => KnownFinding[];

const SHORTEST = 6;
const LONGEST = 16_384;
/** Letters and digits that a rolling hash is taken of. */
const WINDOW = 7;
/** Between two letters of a value may stand so much that is no letter: a line break, quotes, a comment sign, indentation. */
const GAP = 48;

const TRIVIAL =
  /^(?:true|false|null|none|undefined|yes|no|on|off|\d{1,7}|[\d.:]+|localhost(?::\d+)?|development|production|staging|testing|test|debug|info|warn(?:ing)?|error|verbose|default|disabled|enabled|utf-?8|https?:\/\/(?:localhost|127\.0\.0\.1)[:\d/]*|postgres|postgresql|mysql|sqlite|redis|mongodb|root|admin|user|password|secret|example|changeme|[a-z]{2}[-_][A-Za-z]{2}|[a-z]+-[a-z]+-\d)$/i;

/** True for a value that is too short or too ordinary to be looked for. */
export const isTrivial = (value: string): boolean =>
  value.length < SHORTEST ||
  value.length > LONGEST ||
  TRIVIAL.test(value) ||
  isPlaceholder(value) ||
  entropy(value) < 1.5;

type Pattern = { readonly letters: string; readonly exact: string | null; readonly known: KnownValue };

const isAlphanumeric = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
/** What an escape stands for (`\\n`) is no letter. */
const lettersOf = (text: string): string => text.replace(/\\[nrt]|[^A-Za-z0-9]/g, '');
const isEscaped = (text: string, at: number, code: number): boolean =>
  (code === 110 || code === 114 || code === 116) && text.charCodeAt(at - 1) === 92;

/** A matcher for these values; null when none of them is worth looking for. */
export function knownMatcher(values: readonly KnownValue[]): KnownMatcher | null {
  const seen = new Set<string>();
  const patterns: Pattern[] = [];
  const plain: Pattern[] = [];
  for (const known of values) {
    const value = known.value.trim();
    // The digits of a card have been checked: they are no ordinary number.
    if (seen.has(value) || (known.kind !== 'card' && isTrivial(value))) continue;
    seen.add(value);
    for (const form of formsOf(value)) {
      const letters = lettersOf(form.text);
      const enough = letters.length >= Math.max(8, form.text.length * 0.5);
      // Words may stand anywhere with something between them: only a whole match of what is no word counts as split.
      const split = enough && (form.encoded || (/\d/.test(value) && letters.length >= 8) || letters.length >= 20);
      const pattern = { letters, exact: split ? null : form.text, known: { ...known, value } };
      if (letters.length >= WINDOW && (split || letters.length >= form.text.length * 0.5)) patterns.push(pattern);
      else plain.push({ ...pattern, exact: form.text });
    }
  }
  if (patterns.length + plain.length === 0) return null;
  const byLetters = rolling(patterns);
  return (text) => [...byLetters(text), ...plain.flatMap((pattern) => occurrences(text, pattern))];
}

type Form = { readonly text: string; readonly encoded: boolean };

function formsOf(value: string): Form[] {
  const forms = new Map<string, boolean>([[value, false]]);
  const add = (text: string) => {
    if (!forms.has(text)) forms.set(text, true);
  };
  const json = JSON.stringify(value).slice(1, -1);
  add(json);
  add(JSON.stringify(json).slice(1, -1));
  add(json.replace(/[<>&'\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`));
  add(value.replace(/[&<>"']/g, (char) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[char]};`));
  const url = urlEncoded(value);
  for (const text of [url, url.replaceAll('%20', '+'), lowerEscapes(url), urlEncoded(url)]) add(text);
  const bytes = new TextEncoder().encode(value);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  add(hex);
  add(hex.toUpperCase());
  // Short values give so few letters of base64 that other texts would have them as well.
  if (bytes.length >= 7) for (const offset of [0, 1, 2]) add(base64Part(bytes, offset));
  return [...forms].map(([text, encoded]) => ({ text, encoded }));
}

const lowerEscapes = (url: string): string => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

/** Everything but letters, digits and `-_.~` as `%XX`. */
function urlEncoded(value: string): string {
  return Array.from(new TextEncoder().encode(value), (byte) =>
    isAlphanumeric(byte) || byte === 45 || byte === 46 || byte === 95 || byte === 126
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The digits of base64 that only these bytes decide when `offset` others stand before them. */
function base64Part(bytes: Uint8Array, offset: number): string {
  const bit = (at: number): number => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
  const first = (6 - ((offset * 8) % 6)) % 6;
  let text = '';
  for (let at = first; at + 6 <= bytes.length * 8; at += 6) {
    let digit = 0;
    for (let i = 0; i < 6; i++) digit = (digit << 1) | bit(at + i);
    text += ALPHABET[digit] ?? '';
  }
  return text;
}

const BASE = 131;
/** `BASE ** (WINDOW - 1)`, by 32-bit arithmetic. */
const TOP = Array.from({ length: WINDOW - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);
const BITS = 18;
const filtered = (hash: number): number => (hash ^ (hash >>> 14)) & ((1 << BITS) - 1);

/** A pattern by one window of its letters, `offset` letters behind its first; `order` is its place among all. */
type Anchored = { readonly pattern: Pattern; readonly offset: number; readonly order: number };

function rolling(patterns: readonly Pattern[]): KnownMatcher {
  const buckets = anchoredIn(patterns);
  const bloom = new Uint8Array(1 << BITS);
  for (const hash of buckets.keys()) bloom[filtered(hash)] = 1;
  return (text) => {
    const found: { readonly first: number; readonly order: number; readonly finding: KnownFinding }[] = [];
    const places = new Int32Array(text.length);
    let count = 0;
    let hash = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (!isAlphanumeric(code) || isEscaped(text, at, code)) continue;
      places[count++] = at;
      if (count > WINDOW) hash = (hash - Math.imul(text.charCodeAt(places[count - 1 - WINDOW] ?? 0), TOP)) | 0;
      hash = (Math.imul(hash, BASE) + code) | 0;
      if (count < WINDOW || bloom[filtered(hash)] !== 1) continue;
      for (const { pattern, offset, order } of buckets.get(hash) ?? []) {
        const first = count - WINDOW - offset;
        const start = places[first] ?? 0;
        const end = first < 0 ? 0 : matchAt(text, start, pattern);
        if (end > 0) found.push({ first, order, finding: whole(text, start, end, pattern) });
      }
    }
    return found.sort((a, b) => a.first - b.first || a.order - b.order).map(({ finding }) => finding);
  };
}

/** So many patterns may share their first window: each of them is compared wherever that stands. */
const CROWDED = 4;
/** Windows that are looked at of a pattern whose first is crowded. */
const TRIED = 16;

/** The patterns by the hash of one of their windows: the first, or of many that begin alike the one that fewest others have. */
function anchoredIn(patterns: readonly Pattern[]): ReadonlyMap<number, readonly Anchored[]> {
  const beginnings = new Map<number, number>();
  for (const { letters } of patterns) {
    const hash = hashAt(letters, 0);
    beginnings.set(hash, (beginnings.get(hash) ?? 0) + 1);
  }
  const buckets = new Map<number, Anchored[]>();
  for (const [order, pattern] of patterns.entries()) {
    const { letters } = pattern;
    const isCrowded = (beginnings.get(hashAt(letters, 0)) ?? 0) > CROWDED;
    const offset = isCrowded ? rarest(letters, buckets) : 0;
    const hash = hashAt(letters, offset);
    const bucket = buckets.get(hash);
    if (bucket === undefined) buckets.set(hash, [{ pattern, offset, order }]);
    else bucket.push({ pattern, offset, order });
  }
  return buckets;
}

/** Where the letters have the window that fewest of the others are known by so far; the last of equal ones, for beginnings are alike. */
function rarest(letters: string, buckets: ReadonlyMap<number, readonly Anchored[]>): number {
  const last = letters.length - WINDOW;
  let best = last;
  let fewest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIED && fewest > 0; i++) {
    const offset = Math.round(last * (1 - i / (TRIED - 1)));
    const others = buckets.get(hashAt(letters, offset))?.length ?? 0;
    if (others < fewest) [best, fewest] = [offset, others];
  }
  return best;
}

function hashAt(letters: string, offset: number): number {
  let hash = 0;
  for (let i = offset; i < offset + WINDOW; i++) hash = (Math.imul(hash, BASE) + letters.charCodeAt(i)) | 0;
  return hash;
}

/** The end of the pattern that begins at `start`, or 0. Breaks of lines and the like may stand between its letters. */
function matchAt(text: string, start: number, { letters, exact, known }: Pattern): number {
  let at = start;
  let gap = 0;
  for (let i = 0; i < letters.length; at++) {
    const code = text.charCodeAt(at);
    const letter = isAlphanumeric(code) && !isEscaped(text, at, code);
    if (letter && code === letters.charCodeAt(i)) {
      i++;
      gap = 0;
    } else if (letter || Number.isNaN(code) || ++gap > GAP) return 0;
  }
  if (exact === null) return at;
  // Of plain words the signs between them count as well, and where they begin and end.
  const lead = exact.search(/[A-Za-z0-9]/);
  const from = start - lead;
  if (!text.startsWith(exact, from)) return 0;
  const loose = exact === known.value && /^[A-Za-z0-9]+$/.test(exact) && exact.length < 8;
  if (loose && (isAlphanumeric(text.charCodeAt(from - 1)) || isAlphanumeric(text.charCodeAt(from + exact.length))))
    return 0;
  return from + exact.length;
}

/** With the signs of the value that stand before its first letter and after its last. */
function whole(text: string, start: number, end: number, { exact, known }: Pattern): KnownFinding {
  const { kind, value } = known;
  let from = start;
  let to = end;
  const source = exact ?? value;
  const lead = source.search(/[A-Za-z0-9]/);
  if (lead > 0 && text.startsWith(source.slice(0, lead), start - lead)) from = start - lead;
  const tail = /[^A-Za-z0-9]+$/.exec(value)?.[0] ?? '';
  if (exact === null && tail !== '' && text.startsWith(tail, end)) to = end + tail.length;
  return { kind, start: from, end: to, value };
}

function occurrences(text: string, { exact, known }: Pattern): KnownFinding[] {
  const found: KnownFinding[] = [];
  const { kind, value } = known;
  if (exact === null || exact === '') return found;
  for (let at = text.indexOf(exact); at >= 0; at = text.indexOf(exact, at + exact.length)) {
    found.push({ kind, start: at, end: at + exact.length, value });
  }
  return found;
}
