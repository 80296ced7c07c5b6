/** The events that a person jumps to, each kind in order, found while events come. */

import type { EventType } from '../../../src/protocol/events';
import type { EventHeader } from '../../../src/protocol/messages';

/** What is told apart by its shape on the strip, the gravest last. */
export const MARKS = ['none', 'change', 'approval', 'denial', 'failure'] as const;
export type Mark = (typeof MARKS)[number];

const FAILS: ReadonlySet<EventType> = new Set(['node.finished', 'model.failed', 'run.finished', 'tool.finished']);

/** The mark of an event. A call that was not done because it was denied is no failure of its own. */
export function markOf({ type, tone, outcome }: Pick<EventHeader, 'type' | 'tone' | 'outcome'>): Mark {
  if (type === 'approval.requested') return 'approval';
  if (type === 'file.changed') return 'change';
  if (tone !== 'bad' || outcome === 'denied') return 'none';
  if (type === 'policy.decided') return 'denial';
  return FAILS.has(type) ? 'failure' : 'none';
}

export class JumpMarks {
  readonly #seqs: Readonly<Record<Mark, number[]>> = { none: [], change: [], approval: [], denial: [], failure: [] };

  /** Takes the next event. */
  push(header: EventHeader): void {
    const mark = markOf(header);
    if (mark !== 'none') this.#seqs[mark].push(header.seq);
  }

  /** The events from `from` to before `to` that have a mark, in order. */
  between(mark: Mark, from: number, to: number): readonly number[] {
    const seqs = this.#seqs[mark];
    return seqs.slice(below(seqs, from), below(seqs, to));
  }

  /** The next (1) or last (-1) of the first `length` events that has a mark, seen from `from`; null when there is none. */
  seek(mark: Mark, from: number, direction: 1 | -1, length: number): number | null {
    const seqs = this.#seqs[mark];
    const found = seqs[direction === 1 ? below(seqs, from + 1) : below(seqs, from) - 1];
    return found === undefined || found >= length ? null : found;
  }
}

/** How many of these rising numbers are below a limit. */
export function below(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
