/**
 * A quick look at JSON text: is it in canonical form (RFC 8785)? It looks at the text alone, once and without copies, which
 * takes a fraction of writing the value anew. Invariant: "true" is certain; "false" only means that the exact way must say.
 */

/** Deeper than any event; what is nested more is left to the exact way. */
const DEPTH = 64;

const [QUOTE, COMMA, ZERO, NINE, COLON] = [0x22, 0x2c, 0x30, 0x39, 0x3a] as const;
const [OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5c, 0x5d, 0x7b, 0x7d] as const;
const [LETTER_T, LETTER_F, LETTER_N, LETTER_U] = [0x74, 0x66, 0x6e, 0x75] as const;

/**
 * True only for text in canonical form, which must be text that JSON.parse takes: members in order and none twice, no white
 * space, every number and every string written as ECMAScript writes them.
 */
export function isSurelyCanonical(text: string): boolean {
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed() || !hasPlainEscapes(text)) return false;
  // The last key so far of everything that is open around this place; null in a list.
  const keys: (string | null)[] = [];
  let key: string | null = null;
  let due: 'key' | 'value' = 'value';
  let isFirst = true;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    switch (unit) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (due === 'key') {
          const name = text.slice(at + 1, end);
          // With an escape in it the text of a key is another one than the key, and may have another order.
          if ((!isFirst && name <= (key ?? '')) || name.includes('\\')) return false;
          key = name;
          isFirst = false;
          due = 'value';
        }
        at = end + 1;
        break;
      }
      case COMMA:
        due = key === null ? 'value' : 'key';
        at += 1;
        break;
      case COLON:
        at += 1;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        if (keys.length === DEPTH) return false;
        keys.push(key);
        key = unit === OPEN_OBJECT ? '' : null;
        isFirst = true;
        due = unit === OPEN_OBJECT ? 'key' : 'value';
        at += 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        key = keys.pop() ?? null;
        isFirst = false;
        due = 'value';
        at += 1;
        break;
      case LETTER_T:
      case LETTER_N:
        at += 4;
        break;
      case LETTER_F:
        at += 5;
        break;
      default: {
        const end = endOfNumber(text, at);
        if (end === at) return false;
        at = end;
      }
    }
  }
  return true;
}

/** Where the quotation mark stands that ends the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

/** Where the number ends that begins at `from`; `from` itself when there is none, or not one as ECMAScript writes it. */
function endOfNumber(text: string, from: number): number {
  let at = from;
  let isCount = true;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= ZERO && unit <= NINE) continue;
    if (unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_LIST) break;
    isCount = false;
  }
  // JSON allows no zeros in front; up to fifteen digits are exact in every number.
  if (isCount && at - from <= 15) return at;
  const number = text.slice(from, at);
  return String(Number(number)) === number ? at : from;
}

/** True when every backslash of the text begins an escape that a canonical text has: a short one, or of a control character. */
function hasPlainEscapes(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    const unit = text.charCodeAt(at + 1);
    if (unit === LETTER_U ? !CONTROL.has(text.slice(at + 2, at + 6)) : !SHORT.has(unit)) return false;
  }
  return true;
}

const SHORT: ReadonlySet<number> = new Set([...'"\\bfnrt'].map((letter) => letter.charCodeAt(0)));

/** The control characters that have no short escape. */
const CONTROL: ReadonlySet<string> = new Set(
  Array.from({ length: 0x20 }, (_, code) => JSON.stringify(String.fromCharCode(code)))
    .filter((written) => written.startsWith('"\\u'))
    .map((written) => written.slice(3, -1)),
);
