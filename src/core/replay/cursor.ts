/**
 * A place in a record that is being replayed. The record is read ahead only as far as somebody has to look, so that a
 * replay of a long run needs no more memory than one of a short run.
 */
import type { RunEvent } from '../events/schema';

/**
 * An event as stored, with blob references, and the same with every payload inline; `text` is what JSON.parse made the
 * stored one of, null where that is not at hand.
 */
export type RecordedEvent = { readonly stored: RunEvent; readonly inline: RunEvent; readonly text: string | null };

/** A record, in pieces of as many events as are read at once. */
export type RecordedRun = AsyncIterable<readonly RecordedEvent[]>;

export class Cursor {
  /** The event before the current one. */
  previous: RecordedEvent | null = null;
  readonly #source: AsyncIterator<readonly RecordedEvent[]>;
  readonly #ahead: RecordedEvent[] = [];
  #ended = false;

  constructor(source: RecordedRun) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Reads on until `count` events from the current one are at hand, or the record has ended. */
  async load(count: number): Promise<void> {
    while (!this.#ended && this.#ahead.length < count) {
      const { value, done } = await this.#source.next();
      if (done) this.#ended = true;
      else this.#ahead.push(...value);
    }
  }

  /** True when so many events are at hand, or there are no more: then nothing has to be loaded. */
  has(count: number): boolean {
    return this.#ended || this.#ahead.length >= count;
  }

  /** The event that is due, `offset` 0, or one after it that was loaded; undefined after the end. */
  at(offset: number): RecordedEvent | undefined {
    return this.#ahead[offset];
  }

  /** The event that is due now, payloads inline. */
  peek(): RunEvent | undefined {
    return this.#ahead[0]?.inline;
  }

  /** Goes one event on. The next one must be loaded before anybody looks. */
  advance(): void {
    this.previous = this.#ahead.shift() ?? this.previous;
  }

  /** Gives back what reads the record. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.return?.();
  }
}
