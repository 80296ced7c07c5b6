/**
 * What is known of every event of a run, as columns: a run of a million events has to be scrubbed in a webview that may hold
 * 300 MB. Growing arrays of numbers, each text kept once.
 *
 * Invariant: rows are only ever added, so that whoever remembers a length sees the same rows for ever.
 */
import { EVENT_TYPES } from '../../../src/protocol/events';
import { type EventHeader, toneSchema } from '../../../src/protocol/messages';

export const TYPES = EVENT_TYPES;
export const TONES = toneSchema.options;
/** No event is caused by one that comes later, so that the last number is free for "none". */
const NONE = 0xffff_ffff;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;
type Text = 'node' | 'rule' | 'outcome' | 'next' | 'route' | 'tool' | 'path' | 'call' | 'approval';
type Spent = NonNullable<EventHeader['spent']>;

/** Texts by number, each once; 0 is "none". */
class Words {
  readonly #numbers = new Map<string, number>();
  readonly #words: (string | undefined)[] = [undefined];

  numberOf(word: string | undefined): number {
    if (word === undefined) return 0;
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }

  /** The number of a text that is known already; null for one that no event has. */
  find(word: string): number | null {
    return this.#numbers.get(word) ?? null;
  }

  get all(): readonly string[] {
    return this.#words.filter((word) => word !== undefined);
  }

  word(number: number | undefined): string | undefined {
    return this.#words[number ?? 0];
  }
}

/** Where what several events have in common is met first and last, so that nothing else is looked through for it. */
class Reach {
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  take(number: number, row: number): void {
    if (number === 0) return;
    this.#first[number] ??= row;
    this.#last[number] = row;
  }

  of(number: number): { from: number; to: number } {
    return { from: this.#first[number] ?? 0, to: this.#last[number] ?? -1 };
  }
}

export class Columns {
  #length = 0;
  #at = new Float64Array(1024);
  #type = new Uint8Array(1024);
  #tone = new Uint8Array(1024);
  #attempt = new Uint16Array(1024);
  #cause = new Uint32Array(1024);
  #ms = new Uint32Array(1024);
  readonly #titles: string[] = [];
  readonly #texts: Readonly<Record<Text, Words>> = {
    node: new Words(),
    rule: new Words(),
    outcome: new Words(),
    next: new Words(),
    route: new Words(),
    tool: new Words(),
    path: new Words(),
    call: new Words(),
    approval: new Words(),
  };
  #numbers: Record<Text, Uint32Array> = {
    node: new Uint32Array(1024),
    rule: new Uint32Array(1024),
    outcome: new Uint32Array(1024),
    next: new Uint32Array(1024),
    route: new Uint32Array(1024),
    tool: new Uint32Array(1024),
    path: new Uint32Array(1024),
    call: new Uint32Array(1024),
    approval: new Uint32Array(1024),
  };
  readonly #spent = new Map<number, Spent>();
  /** The first and the last event of each call and approval, by its number. */
  readonly #reach = { call: new Reach(), approval: new Reach() };

  get length(): number {
    return this.#length;
  }

  push(header: EventHeader): void {
    const row = this.#length;
    if (row === this.#at.length) this.#grow();
    this.#at[row] = Date.parse(header.at);
    this.#type[row] = TYPES.indexOf(header.type);
    this.#tone[row] = TONES.indexOf(header.tone);
    this.#attempt[row] = header.attempt ?? 0;
    this.#cause[row] = header.cause ?? NONE;
    this.#ms[row] = header.ms ?? NONE;
    this.#titles.push(header.title);
    for (const name of TEXTS) this.#numbers[name][row] = this.#texts[name].numberOf(textIn(header, name));
    for (const name of ['call', 'approval'] as const) this.#reach[name].take(this.#numbers[name][row] ?? 0, row);
    if (header.spent !== undefined) this.#spent.set(row, header.spent);
    this.#length += 1;
  }

  /** Milliseconds since 1970. */
  time = (row: number): number => this.#at[row] ?? 0;
  /** An index into `TYPES`. */
  type = (row: number): number => this.#type[row] ?? 0;
  /** An index into `TONES`. */
  tone = (row: number): number => this.#tone[row] ?? 0;
  attempt = (row: number): number => this.#attempt[row] ?? 0;
  title = (row: number): string => this.#titles[row] ?? '';
  spent = (row: number): Spent | undefined => this.#spent.get(row);
  /** The number that stands for a text of an event, for quick comparison; 0 when it has none. */
  numberOf = (name: Text, row: number): number => this.#numbers[name][row] ?? 0;
  /** The number of a text; null when no event has it. */
  find = (name: Text, word: string): number | null => this.#texts[name].find(word);
  /** The first and the last event of a call or an approval, by its number. */
  reach = (name: 'call' | 'approval', number: number): { from: number; to: number } => this.#reach[name].of(number);
  /** Every text that an event has, in the order in which they came. */
  words = (name: Text): readonly string[] => this.#texts[name].all;
  text = (name: Text, row: number): string | undefined => this.#texts[name].word(this.#numbers[name][row]);

  /** The header of an event that is there, made anew. */
  header(row: number): EventHeader {
    const known = <T>(value: T | undefined, name: string): object => (value === undefined ? {} : { [name]: value });
    const number = (value: number | undefined, name: string): object => (value === NONE ? {} : { [name]: value });
    const ref = { ...known(this.text('call', row), 'call'), ...known(this.text('approval', row), 'approval') };
    const type = TYPES[this.type(row)] ?? TYPES[0];
    const attempt = this.attempt(row);
    return {
      seq: row,
      at: new Date(this.time(row)).toISOString(),
      type,
      title: this.title(row),
      tone: TONES[this.tone(row)] ?? 'neutral',
      ...known(this.text('node', row), 'node'),
      ...(attempt === 0 ? {} : { attempt }),
      ...number(this.#cause[row], 'cause'),
      ...number(this.#ms[row], 'ms'),
      ...known(this.text('rule', row), 'rule'),
      ...known(this.text('outcome', row), 'outcome'),
      ...known(this.text('next', row), 'next'),
      ...known(this.text('route', row), 'route'),
      ...known(this.text('tool', row), 'tool'),
      ...known(this.text('path', row), 'path'),
      ...(Object.keys(ref).length === 0 ? {} : { ref }),
      ...known(this.#spent.get(row), 'spent'),
    };
  }

  #grow(): void {
    const room = this.#at.length * 2;
    this.#at = grown(this.#at, new Float64Array(room));
    this.#type = grown(this.#type, new Uint8Array(room));
    this.#tone = grown(this.#tone, new Uint8Array(room));
    this.#attempt = grown(this.#attempt, new Uint16Array(room));
    this.#cause = grown(this.#cause, new Uint32Array(room));
    this.#ms = grown(this.#ms, new Uint32Array(room));
    for (const name of TEXTS) this.#numbers[name] = grown(this.#numbers[name], new Uint32Array(room));
  }
}

const TEXTS: readonly Text[] = ['node', 'rule', 'outcome', 'next', 'route', 'tool', 'path', 'call', 'approval'];

const textIn = (header: EventHeader, name: Text): string | undefined =>
  name === 'call' || name === 'approval' ? header.ref?.[name] : header[name];

function grown<T extends Numbers>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
