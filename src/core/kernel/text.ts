/** The first characters (UTF-16 units) of a text; a surrogate pair at the cut is left out whole. */
export const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** Text out of other hands as one line: line breaks and control characters become spaces, a long tail is cut off. */
export function oneLine(text: string, limit = 500): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return line.length > limit ? `${cut(line, limit)}…` : line;
}
