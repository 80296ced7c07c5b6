/** Where the visits of a run begin and how they end, found while its events come, so that nothing is looked through twice. */
import type { EventType } from '../../../src/protocol/events';
import type { EventHeader } from '../../../src/protocol/messages';
import { type Columns, TONES } from './columns';
import { below } from './jumpMarks';
import type { Visit } from './visit';

/** What the graph of a blueprint follows. */
export const COURSE: ReadonlySet<EventType> = new Set<EventType>([
  'node.started',
  'node.finished',
  'approval.requested',
  'approval.resolved',
  'run.paused',
  'run.interrupted',
  'run.resumed',
  'run.cancelled',
  'run.finished',
]);

export class VisitMarks {
  readonly #columns: Columns;
  /** The first event of each visit. */
  readonly #from: number[] = [];
  /** The event that ended each visit, the last one that said so; -1 for none. */
  readonly #ended: number[] = [];
  /** The denials in order. */
  readonly #denials: number[] = [];
  #last: EventHeader | null = null;

  /** The marks of the events in `columns`, which must be empty now. */
  constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** Takes the next event, which is in the columns already. */
  push(header: EventHeader): void {
    if (this.#last === null || !isSameVisit(this.#last, header)) {
      this.#from.push(header.seq);
      this.#ended.push(-1);
    }
    this.#last = header;
    if (header.type === 'policy.decided' && header.outcome === 'deny') this.#denials.push(header.seq);
    const ends = header.node === undefined ? header.type === 'run.finished' : header.type === 'node.finished';
    if (ends) this.#ended[this.#ended.length - 1] = header.seq;
  }

  /** How many visits the first `length` events make. */
  countAt(length: number): number {
    return below(this.#from, length);
  }

  /** The place of the visit that holds an event. */
  holderOf(seq: number): number {
    return below(this.#from, seq + 1) - 1;
  }

  /** A visit as the first `length` events tell it. */
  visitAt(index: number, length: number): Visit | undefined {
    const from = this.#from[index];
    if (from === undefined || from >= length) return undefined;
    const columns = this.#columns;
    const to = Math.min(this.#from[index + 1] ?? length, length);
    const ended = this.#ended[index] ?? -1;
    const end = ended >= 0 && ended < length ? ended : null;
    const node = columns.text('node', from) ?? null;
    return {
      key: String(from),
      node,
      attempt: columns.attempt(from) || 1,
      from,
      to,
      outcome: end === null || node === null ? null : (columns.text('outcome', end) ?? null),
      tone: end === null ? (node === null ? 'neutral' : 'active') : (TONES[columns.tone(end)] ?? 'neutral'),
      ms: Math.max(0, columns.time(to - 1) - columns.time(from)),
      denials: below(this.#denials, to) - below(this.#denials, from),
    };
  }
}

function isSameVisit(before: EventHeader, header: EventHeader): boolean {
  if (before.node !== header.node || before.attempt !== header.attempt) return false;
  return header.type !== 'node.started' || header.node === undefined;
}
