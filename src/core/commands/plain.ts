/**
 * Whether a line is one plain command. Decided twice: by our own strict tokenizer, and by the grammar of bash (`unbash`);
 * a line counts only when both see the same words, so that a mistake in one of them opens nothing.
 */
import { parse, type WordPart } from 'unbash';
import { err, type Result } from '../kernel/result';
import { readWords, type Word } from './words';

/** Longer lines are not read at all. */
export const MAX_LINE = 8192;

/** The words of a plain command, or why the line is not one. Never throws, for any text. */
export function plainWords(line: string): Result<Word[], string> {
  if (line.length > MAX_LINE) return err(`a command has at most ${MAX_LINE} characters`);
  const words = readWords(line, 'given');
  if (!words.ok) return words;
  const seen = grammarWords(line);
  if (seen === null) return err('the grammar of bash does not see one plain command in it');
  const same = seen.length === words.value.length && seen.every((word, at) => word === words.value[at]?.value);
  return same ? words : err('it can be read in more than one way');
}

/** The words as the grammar sees them, or null where it sees anything but one plain command. */
function grammarWords(line: string): string[] | null {
  try {
    const script = parse(line);
    const [statement, ...more] = script.commands;
    if (script.shebang !== undefined || (script.errors?.length ?? 0) > 0) return null;
    if (statement === undefined || more.length > 0 || statement.background === true) return null;
    const { command } = statement;
    if (command.type !== 'Command' || command.name === undefined || command.prefix.length > 0) return null;
    const words: string[] = [];
    let covered = 0;
    for (const word of [command.name, ...command.suffix]) {
      if (word.type !== 'Word' || word.parts?.every(isLiteral) === false) return null;
      if (line.slice(covered, word.pos).trim() !== '') return null;
      words.push(word.value);
      covered = word.end;
    }
    return line.slice(covered).trim() === '' ? words : null;
  } catch {
    return null;
  }
}

function isLiteral(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every(({ type }) => type === 'Literal');
  return part.type === 'Literal' || part.type === 'SingleQuoted';
}
