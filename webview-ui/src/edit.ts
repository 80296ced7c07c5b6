import { MAX_EDITED } from '../../src/protocol/messages';

/** What is wrong with an input that a person wrote for a call, in one line with the place; null when it can be sent. */
export function editProblem(text: string): string | null {
  if (text.length > MAX_EDITED) return 'This is too long. Shorten it.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON${placeOf(error, text)}. Mend it, or undo the changes.`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  return 'The input of a call is a JSON object: it begins with { and ends with }.';
}

/** Engines say the place as a position, as line and column, or, at the end of the text, not at all. */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof SyntaxError ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message.includes('end of') ? ': it stops before its end' : '';
  const before = text.slice(0, Number(position)).split('\n');
  return `: look at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
