/**
 * Text out of other hands, as what it is: control, bidirectional, zero-width and look-alike space characters are told
 * from the letters around them. Pure.
 */

/** A stretch of text, or one character that would not be seen as what it is; `code` is then its name for people. */
export type Piece = { readonly text: string; readonly code: string | null };

/**
 * Everything of the categories C (control, format, surrogates, unassigned) and Z but the plain space, and the few
 * letters, marks and symbols that are drawn as nothing: fillers, joiners, variation selectors, the blank of Braille.
 */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|(?! )\p{Zs}|[\u034F\u17B4\u17B5]|[\u180B-\u180D\u180F]|\p{Variation_Selector}/gu;

const NAMES: Readonly<Record<number, string>> = {
  0: 'null',
  8: 'backspace',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape',
  160: 'no-break space',
  173: 'soft hyphen',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'pop directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'pop directional isolate',
  65279: 'byte order mark',
};

/**
 * The text in pieces, nothing left out: the pieces' texts together are the text again. Line feeds and tabs are text where
 * `layout` says that they are shown as such.
 */
export function piecesOf(text: string, layout: boolean): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { index, 0: char } of text.matchAll(HIDDEN)) {
    if (layout && (char === '\n' || char === '\t')) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), code: null });
    pieces.push({ text: char, code: codeOf(char) });
    from = index + char.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), code: null });
  return pieces;
}

/** `U+202E right-to-left override`. */
function codeOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const name = NAMES[code];
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}${name === undefined ? '' : ` ${name}`}`;
}

/** How many characters of a text would not be seen as what they are. */
export const hiddenIn = (text: string): number => piecesOf(text, true).filter(({ code }) => code !== null).length;
