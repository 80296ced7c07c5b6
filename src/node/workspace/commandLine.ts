/**
 * A command line as an argument vector, without a shell. Strict: whatever a shell would treat as more than a plain word
 * is refused, so that the words here are the words any shell would see.
 */
import { err, ok, type Result } from '../../core/kernel/result';

const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const OPERATOR = /[|&;<>()]/;
const EXPANSION = /[$`\\]/;
const GLOB = /[*?[\]{}]/;

/**
 * Splits a line into words: plain words, `'single'` and `"double"` quotes, nothing expanded. The error is one line that
 * names what is not allowed.
 */
export function tokenizeCommand(line: string): Result<string[], string> {
  if (INVISIBLE.test(line)) return err('a command is one line of visible characters, separated by spaces');
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (char === ' ') {
      if (word !== null) words.push(word);
      word = null;
      at++;
    } else if (char === '"' || char === "'") {
      const end = line.indexOf(char, at + 1);
      if (end < 0) return err('a quote is not closed');
      const inner = line.slice(at + 1, end);
      const refused = char === '"' ? EXPANSION.exec(inner) : null;
      if (refused) return err(notPlain(refused[0]));
      word = (word ?? '') + inner;
      at = end + 1;
    } else {
      const refused = refusedCharacter(char, word === null, words.length === 0, line.slice(at));
      if (refused !== null) return err(refused);
      word = (word ?? '') + char;
      at++;
    }
  }
  if (word !== null) words.push(word);
  if (words.length === 0) return err('the command is empty');
  return words.includes('') ? err('a command holds no empty words') : ok(words);
}

/** The vector as a line that splits into the same words, for every vector that came from a line. */
export const lineOf = (argv: readonly string[]): string => argv.map(quoted).join(' ');

function quoted(word: string): string {
  const plain = tokenizeCommand(`x ${word}`);
  if (plain.ok && plain.value.length === 2 && plain.value[1] === word) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}

function refusedCharacter(char: string, startsWord: boolean, firstWord: boolean, rest: string): string | null {
  if (OPERATOR.test(char) || EXPANSION.test(char) || GLOB.test(char)) return notPlain(char);
  if (startsWord && /[~#!]/.test(char)) return notPlain(char);
  if (startsWord && firstWord && /^[A-Za-z_]\w*\+?=/.test(rest)) return 'a command does not begin with an assignment';
  return null;
}

const notPlain = (char: string): string =>
  `"${char}" means something to a shell, and commands run without one; use plain words`;
