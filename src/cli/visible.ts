import { piecesOf } from '../protocol/visible';

/**
 * Text out of other hands for a terminal: control and invisible characters are shown as what they are (`\\u{1b}`), so
 * that what a person reads is what there is. Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return piecesOf(text, true)
    .map(({ text: piece, code }) => (code === null ? piece : `\\u{${piece.codePointAt(0)?.toString(16)}}`))
    .join('');
}
