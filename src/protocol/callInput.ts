/** The input of a call as a person writes it: a JSON object. Pure. */
import { err, ok, type Result } from '../core/kernel/result';

/** The object that the text is; the error is one line that says what is wrong, and where. */
export function parseCallInput(text: string): Result<object, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err(`This is not JSON${placeOf(error, text)}.`);
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? ok(value as object) : err('The arguments of a call are a JSON object: { "name": value, … }.');
}

/** The engine tells the place in its message and nowhere else; where it does not, nothing is said of it. */
function placeOf(error: unknown, text: string): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `: look at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
