/**
 * Where a text stops being JSON. JSON.parse says so as well, but in words that change with the version of the runtime, and
 * what a model is told has to be the same in every replay.
 */

export type JsonFault = {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
};

/** The first place at which a text is not JSON any more; null for JSON. Each character is looked at once. */
export function jsonFault(text: string): JsonFault | null {
  const found = new Scanner(text).run();
  if (found === null) return null;
  const before = text.slice(0, found.at);
  const line = before.split('\n').length;
  const what =
    found.at >= text.length ? `the text ends where ${found.wanted} is missing` : `${found.wanted} is missing`;
  return { line, column: found.at - before.lastIndexOf('\n'), what };
}

type Miss = { readonly at: number; readonly wanted: string };

/** What comes next: a value, the name of a member (`first`: or the end of what has just begun), or what stands between. */
type Due = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'more' | 'end';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

class Scanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #due: Due = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  run(): Miss | null {
    for (;;) {
      this.#take(SPACE);
      if (this.#at >= this.#text.length && this.#due === 'end') return null;
      const wanted = this.#next(this.#text.charAt(this.#at));
      if (wanted !== null) return { at: this.#at, wanted };
    }
  }

  /** Goes on by one token; what is missing, where it cannot. */
  #next(char: string): string | null {
    switch (this.#due) {
      case 'first value':
        return char === ']' ? this.#close() : this.#value(char);
      case 'value':
        return this.#value(char);
      case 'first name':
        return char === '}' ? this.#close() : this.#name(char);
      case 'name':
        return this.#name(char);
      case 'colon':
        return char === ':' ? this.#step('value') : 'a colon';
      case 'more':
        return this.#more(char);
      default:
        return 'the end of the text';
    }
  }

  #value(char: string): string | null {
    if (char === '{' || char === '[') {
      this.#open.push(char);
      return this.#step(char === '{' ? 'first name' : 'first value');
    }
    if (char === '"') return this.#string() ?? this.#ended();
    return this.#take(NUMBER) || this.#take(WORD) ? this.#ended() : 'a value';
  }

  #name(char: string): string | null {
    if (char !== '"') return 'a name in quotes';
    this.#due = 'colon';
    return this.#string();
  }

  #more(char: string): string | null {
    const inObject = this.#open.at(-1) === '{';
    if (char === ',') return this.#step(inObject ? 'name' : 'value');
    if (char === (inObject ? '}' : ']')) return this.#close();
    return inObject ? 'a comma or a closing brace' : 'a comma or a closing bracket';
  }

  #close(): null {
    this.#open.pop();
    this.#at += 1;
    return this.#ended();
  }

  #ended(): null {
    this.#due = this.#open.length === 0 ? 'end' : 'more';
    return null;
  }

  #step(due: Due): null {
    this.#at += 1;
    this.#due = due;
    return null;
  }

  /** Not by one pattern: one that fails at the end of a long text would begin again at every character. */
  #string(): string | null {
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') return this.#skip(1);
      if (char < ' ') return 'the escape of a control character';
      if (char !== '\\') continue;
      const [escaped] = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 6)) ?? [];
      if (escaped === undefined) return 'an escape that JSON knows';
      this.#at += escaped.length - 1;
    }
    return 'the closing quote of a string';
  }

  #skip(length: number): null {
    this.#at += length;
    return null;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const [taken = ''] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken !== '';
  }
}
