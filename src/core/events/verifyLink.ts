/**
 * How an event hangs on those before it: run, seq, prev, and the order in which a run lives. After a finding the next
 * event is measured by what the odd one itself claims, so that one change does not make every later event look wrong.
 */
import { ZERO_HASH } from '../kernel/hash';
import type { Finding } from './findings';
import type { ResultAction } from './parts';
import type { EventType, RunEvent } from './schema';

export type Problem = Pick<Finding, 'kind' | 'expected' | 'found'>;

/** What a line says of itself, if only that: where it stands and what its hash is. */
export type Claims = { readonly seq: number; readonly hash: string; readonly contentHash: string };

/** What is due next: a seq in `from`..`to` or `or`, and one of `prevs` (null: cannot be known) as its `prev`. */
export type Link = {
  readonly from: number;
  readonly to: number;
  readonly or: number | null;
  readonly prevs: readonly string[] | null;
};

export const FIRST_LINK: Link = { from: 0, to: 0, or: null, prevs: [ZERO_HASH] };

/** After a line that claims a place. If its content is not what it claims, its claims may be what was changed. */
export function linkAfter(link: Link, { seq, hash, contentHash }: Claims): Link {
  if (hash === contentHash) return { from: seq + 1, to: seq + 1, or: null, prevs: [hash] };
  return { from: link.from + 1, to: link.to + 1, or: seq + 1, prevs: [hash, contentHash] };
}

/** After a line that says nothing: it may have been one event, or a piece of one. */
export const linkAfterUnreadable = (link: Link): Link => ({ ...link, to: link.to + 1, prevs: null });

/** Adds what is wrong with the place that an event claims. */
export function findLinkProblems(link: Link, run: string, event: RunEvent, problems: Problem[]): void {
  if (event.run !== run) problems.push({ kind: 'wrong_run', expected: run, found: event.run });
  const { from, to, or, prevs } = link;
  if ((event.seq < from || event.seq > to) && event.seq !== or) {
    problems.push({
      kind: 'seq',
      expected: from === to ? `seq ${from}` : `seq ${from} to ${to}`,
      found: `seq ${event.seq}`,
    });
  }
  if (prevs !== null && !prevs.includes(event.prev)) {
    problems.push({ kind: 'prev', expected: prevs[0] ?? '', found: event.prev });
  }
}

/** Where a run stands in its life; `unknown` after a line that could not be read. */
export type Phase = {
  readonly at: 'start' | 'going' | 'paused' | 'interrupted' | 'ended' | 'unknown';
  readonly discarded: boolean;
  /** What was asked to be done with the result and has no outcome yet; `unknown` as above. */
  readonly asked: ResultAction | 'unknown' | null;
};

export const FIRST_PHASE: Phase = { at: 'start', discarded: false, asked: null };

/** After any event a run is under way again, but for these. */
const HALTS: ReadonlyMap<EventType, Phase['at']> = new Map<EventType, Phase['at']>([
  ['run.finished', 'ended'],
  ['run.cancelled', 'ended'],
  ['run.paused', 'paused'],
  ['run.interrupted', 'interrupted'],
]);

export function phaseAfter(phase: Phase, event: RunEvent): Phase {
  if (event.type === 'result.requested') return { ...phase, asked: event.data.action };
  if (event.type === 'result.finished') {
    const { action, outcome } = event.data;
    return { ...phase, asked: null, discarded: phase.discarded || (action === 'discard' && outcome === 'done') };
  }
  const at = HALTS.get(event.type) ?? 'going';
  return at === phase.at && phase.asked === null ? phase : { ...phase, at, asked: null };
}

export const phaseAfterUnreadable = (phase: Phase): Phase => ({ ...phase, at: 'unknown', asked: 'unknown' });

/** Adds what is wrong with an event of this type in this phase; `place` is how many lines stand before it. */
export function findOrderProblems(phase: Phase, place: number, event: RunEvent, problems: Problem[]): void {
  const due = dueIn(phase, place, event);
  if (due !== null) problems.push({ kind: 'order', expected: due, found: event.type });
  if (event.cause !== undefined && event.cause >= event.seq) {
    problems.push({ kind: 'cause', expected: `an event before ${event.seq}`, found: `event ${event.cause}` });
  }
}

/** What may stand here instead of an event of this type; null when it may. */
function dueIn(phase: Phase, place: number, event: RunEvent): string | null {
  const { at, discarded } = phase;
  const { type } = event;
  if (place === 0) return type === 'run.started' ? null : 'run.started';
  if (type === 'run.started') return 'run.started as the first event only';
  if (event.type === 'result.requested' || event.type === 'result.finished') return dueOfResult(phase, event);
  if (discarded) return 'nothing but result.* after a result was discarded';
  switch (at) {
    case 'ended':
      return 'nothing but result.* after the end of the run';
    case 'paused':
      return type === 'run.resumed' || type === 'run.interrupted' ? null : 'run.resumed after a pause';
    case 'interrupted':
      return type === 'run.resumed' ? null : 'run.resumed after an interruption';
    case 'start':
    case 'going':
      return type === 'run.resumed' ? 'run.resumed only after a pause or an interruption' : null;
    case 'unknown':
      return null;
  }
}

/** A request may come twice: whoever was to carry out the first may have broken off. Its outcome comes once. */
function dueOfResult(
  { discarded, asked }: Phase,
  event: RunEvent<'result.requested'> | RunEvent<'result.finished'>,
): string | null {
  const { action } = event.data;
  if (action !== 'discard' && discarded) return `no ${action} after the result was discarded`;
  if (event.type === 'result.requested' || asked === 'unknown' || asked === action) return null;
  return `result.requested of this ${action} right before its outcome`;
}
