/**
 * Which texts may be path globs. A glob becomes a regular expression, and what a repository writes must not become one that
 * takes minutes to fail: so groups are extglobs only, and nothing that is repeated may be read in two ways.
 */
import picomatch from 'picomatch';

/** Extglobs in each other. */
const DEPTH = 2;
/** Stars that one path may have to be split between; the time to fail grows with the path to this power. */
const STARS = 6;

const OPTIONS = { dot: true, nocase: true, flags: 'is', debug: true } as const;
/** How a `**` is compiled: any characters, none of them leading to a folder named by dots. */
const ANY_FOLDERS = /\(\?:\(\?!\(\?:(?:\^\|\\\/|\\\/\|\^)\)\\\.\{1,2\}\(\?:\\\/\|\$\)\)\.\)\*\??/g;

/** Why the text is no glob that can be used, in words; null when it is one. Pure and total. */
export function problemOfGlob(text: string): string | null {
  return problemOfGroups(text) ?? problemOfPattern(text);
}

function problemOfGroups(text: string): string | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(text, at);
    else if (char === '(') {
      if (!isExtglob(text, at)) return 'a group in a path glob is an extglob: write @(a|b), !(a), ?(a), *(a) or +(a)';
      depth++;
      if (depth > DEPTH) return `extglobs in a path glob are nested ${DEPTH} deep at most`;
    } else if (char === ')') {
      depth = Math.max(0, depth - 1);
      if (/^(?:[+?]|\{\d)/.test(text.slice(at + 1))) return 'a group in a path glob is repeated by *(a) or +(a) only';
    }
  }
  return null;
}

const isExtglob = (text: string, at: number): boolean =>
  at > 0 && '!@?*+'.includes(text[at - 1] ?? '(') && text[at - 2] !== '\\';

/** The place of the bracket that closes a class; its own where none does. */
function endOfClass(text: string, at: number): number {
  const closed = /^\[[!^]?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\]/.exec(text.slice(at));
  return closed === null ? at : at + closed[0].length - 1;
}

function problemOfPattern(text: string): string | null {
  const source = sourceOf(text);
  if (source === null) return 'not a path glob';
  // What picomatch finds risky it reads as plain characters, which no path has.
  if (source !== sourceOf(text, { maxExtglobRecursion: false })) return SLOW;
  const { stars, tangled } = new Shapes(source.replace(ANY_FOLDERS, () => '.*')).all();
  if (tangled) return SLOW;
  return stars > STARS ? `a path glob has ${STARS} stars at most: with more it takes too long to match` : null;
}

const SLOW =
  'this path glob could take for ever to match: what *( ) or +( ) repeats is to be plain and different words';

function sourceOf(text: string, more: object = {}): string | null {
  try {
    return picomatch.makeRe(text, { ...OPTIONS, ...more }).source;
  } catch {
    return null;
  }
}

/** What is known of a part of a regular expression. */
type Shape = {
  /** Repetitions without an end that one text may have to be split between. */
  readonly stars: number;
  /** It may be read in so many ways that the time to fail doubles with every character. */
  readonly tangled: boolean;
  /** The words that it is, where it is nothing else. */
  readonly words: readonly string[] | null;
  /** It matches texts of one length only, and has no choice inside. */
  readonly fixed: boolean;
};

/** Reads a regular expression as picomatch makes them, part by part. */
class Shapes {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Of the whole; a bracket too many ends nothing. */
  all(): Shape {
    let shape = this.#choice();
    while (this.#at < this.#source.length) {
      this.#at++;
      shape = joined(shape, this.#choice());
    }
    return shape;
  }

  #choice(): Shape {
    const shapes = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      shapes.push(this.#sequence());
    }
    const [only] = shapes;
    if (shapes.length === 1 && only !== undefined) return only;
    const words = shapes.flatMap((shape) => shape.words ?? []);
    return {
      stars: Math.max(...shapes.map(({ stars }) => stars)),
      tangled: shapes.some(({ tangled }) => tangled),
      words: shapes.every((shape) => shape.words !== null) ? words : null,
      fixed: false,
    };
  }

  #sequence(): Shape {
    let shape: Shape = { stars: 0, tangled: false, words: [''], fixed: true };
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] ?? '')) {
      const atom = this.#atom();
      const quantifier = this.#take(/^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/);
      shape = joined(shape, quantifier === '' ? atom : repeated(atom, quantifier));
    }
    return shape;
  }

  #atom(): Shape {
    if (this.#take(/^\((?:\?(?::|=|!|<=|<!))?/) !== '') {
      const shape = this.#choice();
      this.#at++;
      return shape;
    }
    if (this.#take(/^\[(?:\\.|[^\]\\])*\]/) !== '' || this.#take(/^[.^$]/) !== '') return ONE;
    const char = this.#take(/^\\?./s);
    const isClass = /^\\[a-z]/i.test(char);
    return isClass ? ONE : { ...ONE, words: [char.replace('\\', '').toLowerCase()] };
  }

  #take(pattern: RegExp): string {
    const [found = ''] = pattern.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += found.length;
    return found;
  }
}

const ONE: Shape = { stars: 0, tangled: false, words: null, fixed: true };

function joined(one: Shape, other: Shape): Shape {
  const [left, right] = [
    one.words?.length === 1 ? one.words[0] : undefined,
    other.words?.length === 1 ? other.words[0] : undefined,
  ];
  return {
    stars: one.stars + other.stars,
    tangled: one.tangled || other.tangled,
    words: left !== undefined && right !== undefined ? [left + right] : null,
    fixed: one.fixed && other.fixed,
  };
}

function repeated(shape: Shape, quantifier: string): Shape {
  if (/^(?:\?|\{[01](?:,[12])?\})/.test(quantifier)) return { ...shape, words: null, fixed: false };
  const tangled = shape.tangled || !(shape.fixed || (shape.words !== null && apart(shape.words)));
  return { stars: shape.stars + 1, tangled, words: null, fixed: false };
}

/** No word begins as another does, so that a text is made of them in one way. */
const apart = (words: readonly string[]): boolean =>
  words.every((word, at) => words.every((other, place) => place === at || !other.startsWith(word)));
