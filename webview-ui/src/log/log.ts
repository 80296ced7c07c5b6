/**
 * The events of one run as far as they have come: a view that never changes of columns that only grow. Adding to it gives a
 * longer view; the shorter one goes on answering as before, so that a reducer can hold it.
 *
 * Invariant: `at(seq)?.seq === seq`, for every seq below `length` and for no other.
 */
import type { EventType } from '../../../src/protocol/events';
import type { EventHeader, Tone } from '../../../src/protocol/messages';
import { Columns, TONES, TYPES } from './columns';
import { JumpMarks, type Mark } from './jumpMarks';
import { COURSE, VisitMarks } from './marks';
import type { Visit } from './visit';

/** The most headers that are kept as they were made, so that a row that is drawn again is the same row. */
const MAX_KEPT = 4096;

/** What all views of one run share. */
type Shared = {
  readonly columns: Columns;
  readonly visits: VisitMarks;
  readonly jumps: JumpMarks;
  /** The events that the graph follows. */
  readonly course: EventHeader[];
  readonly kept: Map<number, EventHeader>;
};

export class EventLog {
  readonly #shared: Shared;
  readonly length: number;

  private constructor(shared: Shared, length: number) {
    this.#shared = shared;
    this.length = length;
  }

  static empty(): EventLog {
    const columns = new Columns();
    return new EventLog(
      { columns, visits: new VisitMarks(columns), jumps: new JumpMarks(), course: [], kept: new Map() },
      0,
    );
  }

  /** The log of headers that begin with the first of the run. */
  static of(headers: readonly EventHeader[]): EventLog {
    return EventLog.empty().with(headers);
  }

  /**
   * The log with the headers that follow its last one. Doing so twice is doing it once: what was added to the shared columns
   * meanwhile are the same events of the same run.
   */
  with(headers: readonly EventHeader[]): EventLog {
    const { columns, visits, jumps, course } = this.#shared;
    const length = this.length + headers.length;
    for (const header of headers.slice(Math.max(0, columns.length - this.length))) {
      columns.push(header);
      visits.push(header);
      jumps.push(header);
      if (COURSE.has(header.type)) course.push(header);
    }
    return headers.length === 0 ? this : new EventLog(this.#shared, length);
  }

  /** True for a log of the same run that has at least the events of `other`. */
  continues(other: EventLog): boolean {
    return this.#shared === other.#shared && this.length >= other.length;
  }

  /** The header of an event; undefined when it is not there. */
  at(seq: number): EventHeader | undefined {
    if (!this.has(seq)) return undefined;
    const { kept, columns } = this.#shared;
    const known = kept.get(seq);
    if (known !== undefined) return known;
    if (kept.size >= MAX_KEPT) kept.clear();
    const made = columns.header(seq);
    kept.set(seq, made);
    return made;
  }

  has(seq: number): boolean {
    return Number.isInteger(seq) && seq >= 0 && seq < this.length;
  }

  /** The headers from `from` to before `to`, made for the caller: for what is drawn, not for all. */
  slice(from: number, to: number): EventHeader[] {
    const headers: EventHeader[] = [];
    for (let seq = Math.max(0, from); seq < Math.min(to, this.length); seq += 1) {
      const header = this.at(seq);
      if (header !== undefined) headers.push(header);
    }
    return headers;
  }

  /** Milliseconds since 1970 of an event that is there. */
  time(seq: number): number {
    return this.#shared.columns.time(seq);
  }

  type(seq: number): EventType {
    return TYPES[this.#shared.columns.type(seq)] ?? TYPES[0];
  }

  tone(seq: number): Tone {
    return TONES[this.#shared.columns.tone(seq)] ?? 'neutral';
  }

  title(seq: number): string {
    return this.#shared.columns.title(seq);
  }

  text(name: 'node' | 'tool' | 'path' | 'outcome' | 'rule' | 'call' | 'approval', seq: number): string | undefined {
    return this.#shared.columns.text(name, seq);
  }

  /** What an event charged to the budget, where it did. */
  spent(seq: number): EventHeader['spent'] {
    return this.#shared.columns.spent(seq);
  }

  /** The columns themselves, for what has to look at every event; only rows below `length` may be read. */
  get columns(): Columns {
    return this.#shared.columns;
  }

  /** The first event after (1) or before (-1) a seq that fits; null when there is none. */
  seek(from: number, direction: 1 | -1, fits: (seq: number) => boolean): number | null {
    for (let seq = from + direction; seq >= 0 && seq < this.length; seq += direction) if (fits(seq)) return seq;
    return null;
  }

  /** The events from `from` to before `to` that have a mark, in order. */
  marked(mark: Mark, from: number, to: number): readonly number[] {
    return this.#shared.jumps.between(mark, from, Math.min(to, this.length));
  }

  /** The next (1) or last (-1) event that has a mark, seen from a seq; null when there is none. */
  seekMark(mark: Mark, from: number, direction: 1 | -1): number | null {
    return this.#shared.jumps.seek(mark, from, direction, this.length);
  }

  /** The events that the graph follows, in order; few beside all of them. Those after the log's end are to be passed over. */
  get course(): readonly EventHeader[] {
    return this.#shared.course;
  }

  /** How many visits there are. */
  get visitCount(): number {
    return this.#shared.visits.countAt(this.length);
  }

  /** A visit by its place in the order. */
  visit(index: number): Visit | undefined {
    return this.#shared.visits.visitAt(index, this.length);
  }

  /** The place of the visit that holds an event; -1 when the event is not there. */
  visitOf(seq: number): number {
    return this.has(seq) ? this.#shared.visits.holderOf(seq) : -1;
  }
}
