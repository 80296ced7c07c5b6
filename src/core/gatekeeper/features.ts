/**
 * What the local model sees of a task: the one featurizer of trainer and runtime. Words, pairs of words, pieces of words,
 * what it opens and closes with, and the cues of `cues.ts`, each hashed into one table of weights; and the cues crossed.
 *
 * Invariants: pure, the same on every platform; at most `MOST_FEATURES` of them, whatever the text; an id of 0 never occurs.
 * A change here needs a new training, for the weights know features by their ids alone.
 */
import { CUES, cuesOf } from './cues';

/** Rows of the table of weights; ids are below it. */
export const TABLE_ROWS = 131_072;

/** A feature's kind: a feature counts the less, the more of its kind a text has. */
export const KINDS = { words: 0, pairs: 1, pieces: 2, cues: 3, ends: 4, crosses: 5 } as const;

const MOST_FEATURES = 1024;
const MOST = { characters: 6000, words: 220, pieces: 400, crosses: 250 } as const;

/** The cues have rows of their own, so that nothing collides with them. */
const HASHED_FROM = 1 + CUES;

/** The features of a task as parallel lists: rows of the table of weights, and the kind of each. */
export function featuresOf(text: string): { readonly ids: readonly number[]; readonly kinds: readonly number[] } {
  const plain = plainOf(text);
  const words = wordsOf(plain);
  const named = {
    words: words.map((word) => `w ${word}`),
    pairs: pairsOf(words),
    pieces: piecesOf(words),
    ends: endsOf(words),
  };
  const ids: number[] = [];
  const kinds: number[] = [];
  const add = (kind: number, rows: Iterable<number>): void => {
    for (const row of new Set(rows)) {
      if (ids.length === MOST_FEATURES) return;
      ids.push(row);
      kinds.push(kind);
    }
  };
  const cues = cuesOf(plain, words.length);
  add(
    KINDS.cues,
    cues.map((cue) => 1 + cue),
  );
  add(KINDS.ends, named.ends.map(rowOf));
  add(KINDS.words, named.words.map(rowOf));
  add(KINDS.pairs, named.pairs.map(rowOf));
  add(KINDS.pieces, named.pieces.map(rowOf));
  add(KINDS.crosses, crossesOf(cues, words).map(rowOf));
  return { ids, kinds };
}

/** Characters that show nothing, by which a word can be hidden from whoever looks for it; soft hyphens and tags too. */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Co}]/gu;

/** The text in one form of Unicode, without hidden characters, of bounded length: its beginning and its end count most. */
function plainOf(text: string): string {
  const half = MOST.characters / 2;
  const cut = text.length <= MOST.characters ? text : `${text.slice(0, half)}\n${text.slice(-half)}`;
  return cut.normalize('NFKC').replace(HIDDEN, (hidden) => (/\s/.test(hidden) ? hidden : ''));
}

const WORD = /[\p{L}\p{M}_]+|0|[?!:;.(){}[\]<>=/\\#@$%&*+|~`"-]/gu;
/** Scripts that do not put spaces between words: their letters are words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function wordsOf(plain: string): string[] {
  const text = plain
    .replace(/\bhttps?:\/\/\S+/gi, ' httpurl ')
    .replace(/[\w.+-]{1,64}@[\w.-]{1,250}/g, ' mailaddress ')
    .replace(/\b(?=\w*\d)(?=\w*[a-z])[\w-]{20,}/gi, ' longvalue ')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/\d+/g, '0')
    .replace(/[’']/g, "'")
    .replace(/n't\b/g, ' not');
  const words: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    if (UNSPACED.test(word)) words.push(...word);
    else words.push(word);
    if (words.length >= MOST.words) break;
  }
  return words.slice(0, MOST.words);
}

function pairsOf(words: readonly string[]): string[] {
  return [...words, '$'].map((word, i) => `p ${words[i - 1] ?? '^'} ${word}`);
}

/** Cues together mean what neither means alone: an order to delete, and a server; the same, and a unit test. */
function crossesOf(cues: readonly number[], words: readonly string[]): string[] {
  const first = words.find((word) => /\p{L}/u.test(word)) ?? '';
  const crosses = cues.map((cue) => `v ${first} ${cue}`);
  for (const [i, one] of cues.entries()) for (const other of cues.slice(i + 1)) crosses.push(`u ${one} ${other}`);
  return crosses.slice(0, MOST.crosses);
}

function piecesOf(words: readonly string[]): string[] {
  const pieces = new Set<string>();
  for (const word of words) {
    if (word.length < 2) continue;
    const letters = [...`<${word.slice(0, 40)}>`];
    for (let size = 3; size <= 5; size += 1) {
      for (let at = 0; at + size <= letters.length; at += 1) {
        if (pieces.size === MOST.pieces) return [...pieces];
        pieces.add(`c ${letters.slice(at, at + size).join('')}`);
      }
    }
  }
  return [...pieces];
}

/** How it begins and ends: there the verb of an order stands, the prefix of a commit, the mark of a question. */
function endsOf(words: readonly string[]): string[] {
  const [first = '', second = '', third = ''] = words.filter((word) => /\p{L}/u.test(word));
  const colon = words.indexOf(':');
  const prefix = colon > 0 && colon <= 6 ? words.slice(0, colon).join(' ') : null;
  const afterPrefix = prefix === null ? null : words[colon + 1];
  return [
    `1 ${first}`,
    `2 ${first} ${second}`,
    `3 ${first} ${second} ${third}`,
    `s ${second}`,
    `l ${words.at(-1)}`,
    `m ${words.at(-2)} ${words.at(-1)}`,
    ...(prefix === null ? [] : [`x ${prefix}`]),
    ...(afterPrefix === undefined || afterPrefix === null ? [] : [`1 ${afterPrefix}`, `y ${afterPrefix}`]),
  ];
}

/** FNV-1a with MurmurHash3's finish, over UTF-16 code units, into the rows that are hashed to. */
function rowOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return HASHED_FROM + (((hash ^ (hash >>> 16)) >>> 0) % (TABLE_ROWS - HASHED_FROM));
}
