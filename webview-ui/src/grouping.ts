/** Which events of a run belong together. */
import type { EventType } from '../../src/protocol/events';
import type { EventHeader } from '../../src/protocol/messages';
import type { EventLog } from './log/log';

/** The events that make one story with this one (the call's, the approval's, the model turn's), itself included, in order. */
export function relatedSeqs(log: EventLog, seq: number): number[] {
  const header = log.at(seq);
  if (header === undefined) return [];
  if (header.type.startsWith('model.')) return modelTurn(log, header);
  const { call, approval } = header.ref ?? {};
  if (call === undefined && approval === undefined) return [seq];
  const calls = new Set(call === undefined ? [] : [call]);
  const approvals = new Set(approval === undefined ? [] : [approval]);
  if (approval !== undefined) {
    for (const other of having(log, 'approval', approvals)) {
      const asked = log.text('call', other);
      if (asked !== undefined) calls.add(asked);
    }
  }
  const ofCall = having(log, 'call', calls);
  for (const other of ofCall) {
    const asked = log.text('approval', other);
    if (asked !== undefined) approvals.add(asked);
  }
  const own = new Set([...ofCall, ...having(log, 'approval', approvals)]);
  return bounded(
    [...own].sort((a, b) => a - b),
    seq,
  );
}

/** The events whose call or approval is one of these; numbers are compared, for there may be a million events. */
function having(log: EventLog, name: 'call' | 'approval', words: ReadonlySet<string>): number[] {
  const { columns } = log;
  const seqs: number[] = [];
  for (const word of words) {
    const number = columns.find(name, word);
    if (number === null) continue;
    const { from, to } = columns.reach(name, number);
    for (let seq = from; seq <= Math.min(to, log.length - 1); seq += 1)
      if (columns.numberOf(name, seq) === number) seqs.push(seq);
  }
  return seqs;
}

const MAX_RELATED = 16;

/** The first few, and in any case the one that was asked for. */
function bounded(seqs: readonly number[], seq: number): number[] {
  const first = seqs.slice(0, MAX_RELATED);
  return first.includes(seq) ? first : [...first.slice(0, -1), seq];
}

const MODEL: ReadonlySet<EventType> = new Set<EventType>(['model.requested', 'model.responded', 'model.failed']);

/** What was sent, a model's request and its answer: the nearest one before or after, within the same visit. */
function modelTurn(log: EventLog, header: EventHeader): number[] {
  const visit = log.visit(log.visitOf(header.seq));
  const direction = header.type === 'model.requested' ? 1 : -1;
  const other = log.seek(header.seq, direction, (seq) => MODEL.has(log.type(seq)));
  const alone = other === null || visit === undefined || other < visit.from || other >= visit.to;
  const isPair = !alone && (log.type(other) === 'model.requested') === (direction === -1);
  const turn = isPair ? [header.seq, other].sort((a, b) => a - b) : [header.seq];
  const sent = (turn[0] ?? header.seq) - 1;
  return sent >= 0 && log.type(sent) === 'egress.sent' ? [sent, ...turn] : turn;
}
