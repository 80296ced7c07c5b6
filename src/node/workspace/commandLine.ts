/**
 * A command line as an argument vector, without a shell. Strict: whatever a shell would treat as more than a plain word
 * is refused, so that the words here are the words any shell would see.
 */
import { readWords } from '../../core/commands/words';
import { ok, type Result } from '../../core/kernel/result';

/**
 * Splits a line into words: plain words, `'single'` and `"double"` quotes, nothing expanded, no escapes. The error is one
 * line that names what is not allowed.
 */
export function tokenizeCommand(line: string): Result<string[], string> {
  const words = readWords(line, 'declared');
  return words.ok ? ok(words.value.map(({ value }) => value)) : words;
}

/** The vector as a line that splits into the same words, for every vector that came from a line. */
export const lineOf = (argv: readonly string[]): string => argv.map(quoted).join(' ');

function quoted(word: string): string {
  const plain = tokenizeCommand(`x ${word}`);
  if (plain.ok && plain.value.length === 2 && plain.value[1] === word) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
