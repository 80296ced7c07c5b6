/**
 * A command line as words, read by a tokenizer of our own. Strict: whatever a shell would treat as more than the text of a
 * word is refused, so that the words here are the words any shell would see.
 *
 * Two readings: `declared` is that of commands a project declares, which hold no backslash, brace or empty word at all;
 * `given` is that of a line which an agent writes, where harmless escapes are understood as bash understands them.
 */
import { err, ok, type Result } from '../kernel/result';

export type Word = {
  readonly value: string;
  /** Whether it was written as it is, without quotes and escapes. */
  readonly bare: boolean;
};

export type Reading = 'declared' | 'given';

const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
/** Characters that take no room and that no class above holds: fillers, joiners, variation selectors. */
const FILLER = /\p{Default_Ignorable_Code_Point}|\u2800/u;
const OPERATOR = /[|&;<>()]/;
const EXPANSION = /[$`\\]/;
const GLOB = /[*?[\]{}]/;
/** Braces that no shell expands: nothing inside could be a list or a range, as in `HEAD@{1}` and `{}`. */
const LITERAL_BRACES = /^\{[\w-]*\}/;

/** The words of a line, or one line that says what is not allowed. Total over every string; linear in its length. */
export function readWords(line: string, reading: Reading): Result<Word[], string> {
  if (INVISIBLE.test(line) || FILLER.test(line))
    return err('a command is one line of visible characters, separated by spaces');
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (line.charAt(at) === ' ') {
      at++;
      continue;
    }
    const word = readWord(line, at, words.length === 0, reading);
    if (!word.ok) return word;
    words.push({ value: word.value.value, bare: line.slice(at, word.value.end) === word.value.value });
    at = word.value.end;
  }
  if (words.length === 0) return err('the command is empty');
  const none = reading === 'declared' ? words.some(({ value }) => value === '') : words[0]?.value === '';
  return none ? err('a command holds no empty words') : ok(words);
}

type Piece = { readonly value: string; readonly end: number };

function readWord(line: string, start: number, first: boolean, reading: Reading): Result<Piece, string> {
  const opening = refusedOpening(line, start, first, reading);
  if (opening !== null) return err(opening);
  let value = '';
  let at = start;
  while (at < line.length && line.charAt(at) !== ' ') {
    const piece = readPiece(line, at, reading);
    if (!piece.ok) return isOptionsGlob(line, start, at) ? err(notPlain(line.charAt(at), 'put it in quotes')) : piece;
    value += piece.value.value;
    at = piece.value.end;
  }
  return ok({ value, end: at });
}

/** One quoted part, one escape, or one character. */
function readPiece(line: string, at: number, reading: Reading): Result<Piece, string> {
  const char = line.charAt(at);
  if (char === "'") {
    const end = line.indexOf("'", at + 1);
    return end < 0 ? err('a quote is not closed') : ok({ value: line.slice(at + 1, end), end: end + 1 });
  }
  if (char === '"') return readDouble(line, at + 1, reading);
  if (char === '\\' && reading === 'given') return readEscape(line, at);
  if (char === '{' && reading === 'given') {
    const braces = LITERAL_BRACES.exec(line.slice(at, at + 100))?.[0];
    if (braces !== undefined) return ok({ value: braces, end: at + braces.length });
  }
  if (OPERATOR.test(char) || EXPANSION.test(char) || GLOB.test(char)) return err(notPlain(char));
  if (char === '!' && reading === 'given' && !aloneAt(line, at)) return err(notPlain(char));
  if (char === '~' && reading === 'given' && /[=:]/.test(line.charAt(at - 1))) return err(notPlain(char));
  return ok({ value: char, end: at + 1 });
}

/** What lies between double quotes, from after the opening one. */
function readDouble(line: string, from: number, reading: Reading): Result<Piece, string> {
  let value = '';
  for (let at = from; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') return ok({ value, end: at + 1 });
    const next = line.charAt(at + 1);
    if (char === '\\' && reading === 'given') {
      const escapes = next !== '' && '$`"\\'.includes(next);
      value += escapes ? next : char;
      if (escapes) at++;
    } else if (EXPANSION.test(char)) {
      return err(notPlain(char));
    } else value += char;
  }
  return err('a quote is not closed');
}

/** A backslash before a letter is a path of Windows, or hides what is called: neither is plain. */
function readEscape(line: string, at: number): Result<Piece, string> {
  const next = line.charAt(at + 1);
  if (next === '') return err('a command does not end with a backslash');
  if (!/[ -/:-@[-`{-~]/.test(next)) return err('a backslash stands only before a punctuation mark; quote the word');
  return ok({ value: next, end: at + 2 });
}

function refusedOpening(line: string, start: number, first: boolean, reading: Reading): string | null {
  const char = line.charAt(start);
  if (char === '~' || char === '#') return notPlain(char);
  if (char === '!' && (first || reading === 'declared')) return notPlain(char);
  if (first && /^[A-Za-z_]\w*\+?=/.test(line.slice(start))) return 'a command does not begin with an assignment';
  return null;
}

/** `!` between blanks negates, as in `find . ! -name x`; anywhere else a shell could put an old command in its place. */
const aloneAt = (line: string, at: number): boolean => line.charAt(at - 1) === ' ' && line.charAt(at + 1) === ' ';

/** A pattern that is the value of an option, as in `--include=*.ts`, is meant for the program, not for a shell. */
const isOptionsGlob = (line: string, start: number, at: number): boolean =>
  GLOB.test(line.charAt(at)) && /^--[\w-]+=/.test(line.slice(start, at));

const notPlain = (char: string, instead = 'use plain words'): string =>
  `"${char}" means something to a shell, and commands run without one; ${instead}`;
