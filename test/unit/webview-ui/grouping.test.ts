import { describe, expect, it } from 'vitest';
import { headerWriter } from '../../../src/protocol/headers';
import type { EventHeader } from '../../../src/protocol/messages';
import { relatedSeqs } from '../../../webview-ui/src/grouping';
import { EventLog } from '../../../webview-ui/src/log/log';
import type { Visit } from '../../../webview-ui/src/log/visit';
import { finishedRun, waitingRun } from '../../support/timelineRun';

const headers = finishedRun().events.map(headerWriter());
const log = EventLog.of(headers);
const visitsOf = (told: readonly EventHeader[]): Visit[] => {
  const of = EventLog.of(told.map((header, seq) => ({ ...header, seq })));
  return Array.from({ length: of.visitCount }, (_, index) => of.visit(index)).flatMap((visit) => visit ?? []);
};
const visits = visitsOf(headers);
const typesOf = (seqs: readonly number[]) => seqs.map((seq) => headers[seq]?.type);
const seqOf = (test: (header: (typeof headers)[number]) => boolean) => headers.findIndex(test);

describe('the events of a run as a list', () => {
  it('are grouped by visit of a node, in order, each event once', () => {
    expect(visits.map((visit) => `${visit.node ?? 'run'} ${visit.attempt}`)).toEqual([
      'run 1',
      'context 1',
      'implement 1',
      'lint 1',
      'test 1',
      'fix 1',
      'lint 2',
      'test 2',
      'report 1',
      'commit 1',
      'run 1',
    ]);
    expect(visits.flatMap(({ from, to }) => log.slice(from, to))).toEqual(headers);
  });

  it('say how each visit ended and what was denied in it', () => {
    const brief = visits.map(({ node, outcome, tone, denials }) => [node, outcome, tone, denials]);
    expect(brief).toContainEqual(['implement', 'success', 'good', 1]);
    expect(brief).toContainEqual(['test', 'failure', 'bad', 0]);
    expect(brief.at(-1)).toEqual([null, null, 'good', 0]);
  });

  it('keep the key of a visit while it grows', () => {
    const keys = headers.map((_, end) => visitsOf(headers.slice(0, end + 1)).map((visit) => visit.key));
    for (const grown of keys) expect(visits.map((visit) => visit.key).slice(0, grown.length)).toEqual(grown);
  });

  it('show the visit that has not ended as active', () => {
    expect(visitsOf(waitingRun().events.map(headerWriter())).at(-1)).toMatchObject({
      node: 'commit',
      tone: 'active',
      outcome: null,
    });
  });

  it('begin a visit anew when the same node is started again at once', () => {
    const lint = headers.filter((header) => header.node === 'lint' && header.attempt === 1);
    expect(visitsOf([...lint, ...lint])).toHaveLength(2);
  });
});

describe('what belongs to an event', () => {
  it('is the whole call, from any of its events', () => {
    const denial = seqOf((header) => header.outcome === 'deny');
    expect(typesOf(relatedSeqs(log, denial))).toEqual(['tool.requested', 'policy.decided', 'tool.finished']);
    expect(relatedSeqs(log, denial + 1)).toEqual(relatedSeqs(log, denial));
  });

  it('is the question, the answer and the call of an approval, from the answer as well', () => {
    const answer = seqOf((header) => header.type === 'approval.resolved');
    expect(typesOf(relatedSeqs(log, answer))).toEqual([
      'tool.requested',
      'policy.decided',
      'approval.requested',
      'approval.resolved',
      'tool.finished',
      'artifact.created',
    ]);
  });

  it('is what a person was asked and said about a call, also from its request', () => {
    const answer = seqOf((header) => header.type === 'approval.resolved');
    const request = relatedSeqs(log, answer)[0] ?? 0;
    expect(relatedSeqs(log, request)).toEqual(relatedSeqs(log, answer));
  });

  it('is what was sent, the request of a reply and the reply of a request', () => {
    const reply = seqOf((header) => header.type === 'model.responded');
    expect(typesOf(relatedSeqs(log, reply))).toEqual(['egress.sent', 'model.requested', 'model.responded']);
    expect(relatedSeqs(log, reply - 1)).toEqual(relatedSeqs(log, reply));
  });

  it('is the event alone when nothing refers to it, and nothing when it does not exist', () => {
    expect(relatedSeqs(log, 0)).toEqual([0]);
    expect(relatedSeqs(log, headers.length)).toEqual([]);
  });
});
