/**
 * How a run's events are laid out as a list: by visit of a node, in order; and which rows of it are to be seen.
 */
import type { EventHeader, Tone } from '../../src/protocol/messages';

/** A stretch of events of one visit of one node (or of the run itself, between nodes). */
export type Visit = {
  /** Stable while the visit grows: the seq of its first event. */
  readonly key: string;
  readonly node: string | null;
  readonly attempt: number;
  readonly headers: readonly EventHeader[];
  /** Null while the visit has not come to its end. */
  readonly outcome: string | null;
  readonly tone: Tone;
  /** From its first to its last event, in milliseconds. */
  readonly ms: number;
  readonly denials: number;
};

/** The visits of a run, in order. Every header is in exactly one; a later return to a node is a visit of its own. */
export function visitsOf(headers: readonly EventHeader[]): Visit[] {
  const runs: EventHeader[][] = [];
  for (const header of headers) {
    const open = runs.at(-1);
    const before = open?.at(-1);
    if (open !== undefined && before !== undefined && isSameVisit(before, header)) open.push(header);
    else runs.push([header]);
  }
  return runs.flatMap(visitOf);
}

function isSameVisit(before: EventHeader, header: EventHeader): boolean {
  if (before.node !== header.node || before.attempt !== header.attempt) return false;
  return header.type !== 'node.started' || header.node === undefined;
}

function visitOf(headers: readonly EventHeader[]): Visit[] {
  const [first] = headers;
  const last = headers.at(-1);
  if (first === undefined || last === undefined) return [];
  const finished = headers.findLast((header) => header.type === 'node.finished');
  return [
    {
      key: String(first.seq),
      node: first.node ?? null,
      attempt: first.attempt ?? 1,
      headers,
      outcome: finished?.outcome ?? null,
      tone: finished?.tone ?? (first.node === undefined ? worstTone(headers) : 'active'),
      ms: Math.max(0, Date.parse(last.at) - Date.parse(first.at)),
      denials: headers.filter(isDenial).length,
    },
  ];
}

/** Between nodes the run speaks for itself: how it ended, if it did. */
function worstTone(headers: readonly EventHeader[]): Tone {
  return headers.findLast((header) => header.type === 'run.finished')?.tone ?? 'neutral';
}

/** True for a decision of the policy that said no. */
export const isDenial = (header: EventHeader): boolean => header.type === 'policy.decided' && header.outcome === 'deny';

/** True for what a person scanning the run looks for first: denials, failures, approvals. */
export const isMark = (header: EventHeader): boolean => header.tone === 'bad' || header.type === 'approval.requested';

/** The seqs that ↑ and ↓ walk: every event, a folded visit standing for its first. */
export function visibleSeqs(visits: readonly Visit[], collapsed: ReadonlySet<string>): number[] {
  return visits.flatMap((visit) => {
    const seqs = visit.headers.map((header) => header.seq);
    return collapsed.has(visit.key) ? seqs.slice(0, 1) : seqs;
  });
}

/** The visible seq before (-1) or after (+1) the selection; the selection itself at either end. */
export function neighbour(visible: readonly number[], selected: number, direction: 1 | -1): number {
  const found = direction === 1 ? visible.find((seq) => seq > selected) : visible.findLast((seq) => seq < selected);
  return found ?? selected;
}

/** The events that make one story with this one (the call's, the approval's, the model turn's), itself included, in order. */
export function relatedSeqs(headers: readonly EventHeader[], seq: number): number[] {
  const header = headers[seq];
  if (header === undefined) return [];
  if (header.type.startsWith('model.')) return modelTurn(headers, header);
  const { call, approval } = header.ref ?? {};
  if (call === undefined && approval === undefined) return [seq];
  const calls = new Set(call === undefined ? [] : [call]);
  const approvals = new Set(approval === undefined ? [] : [approval]);
  if (approval !== undefined) {
    for (const { ref } of headers) if (ref?.approval === approval && ref.call !== undefined) calls.add(ref.call);
  }
  const own = headers.filter(
    ({ ref }) =>
      (ref?.call !== undefined && calls.has(ref.call)) || (ref?.approval !== undefined && approvals.has(ref.approval)),
  );
  return bounded(
    own.map((related) => related.seq),
    seq,
  );
}

const MAX_RELATED = 16;

/** The first few, and in any case the one that was asked for. */
function bounded(seqs: readonly number[], seq: number): number[] {
  const first = seqs.slice(0, MAX_RELATED);
  return first.includes(seq) ? first : [...first.slice(0, -1), seq];
}

/** A model's request and its answer: the nearest one before or after, within the same visit. */
function modelTurn(headers: readonly EventHeader[], header: EventHeader): number[] {
  const same = (other: EventHeader): boolean =>
    other.type.startsWith('model.') && other.node === header.node && other.attempt === header.attempt;
  if (header.type === 'model.requested') {
    const answer = headers.slice(header.seq + 1).find(same);
    return answer === undefined || answer.type === 'model.requested' ? [header.seq] : [header.seq, answer.seq];
  }
  const request = headers.slice(0, header.seq).findLast(same);
  return request?.type === 'model.requested' ? [request.seq, header.seq] : [header.seq];
}
