/** Text out of other hands in the Markdown of an answer. Pure. */
import { oneLine } from '../../protocol/format';
import { exactLine } from '../exactText';

const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/**
 * The text as itself on one line, after `limit` characters cut: no link, image, entity, formula or formatting comes of it, for
 * Markdown takes every punctuation mark of ASCII after a backslash as it is. What would not be seen is named in its place.
 */
export const plain = (text: string, limit = 200): string =>
  exactLine(oneLine(text, limit)).replace(PUNCTUATION, '\\$&');
