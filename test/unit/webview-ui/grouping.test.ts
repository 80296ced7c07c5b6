import { describe, expect, it } from 'vitest';
import { headerWriter } from '../../../src/protocol/headers';
import { isMark, neighbour, relatedSeqs, visibleSeqs, visitsOf } from '../../../webview-ui/src/grouping';
import { finishedRun, waitingRun } from '../../support/timelineRun';

const headers = finishedRun().events.map(headerWriter());
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
    expect(visits.flatMap((visit) => visit.headers)).toEqual(headers);
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

  it('are walked over what is visible: a folded visit counts once', () => {
    const folded = new Set([visits[1]?.key ?? '']);
    const visible = visibleSeqs(visits, folded);
    expect(visible.slice(0, 6)).toEqual([0, 1, 2, 3, 9, 10]);
    expect([neighbour(visible, 3, 1), neighbour(visible, 7, 1), neighbour(visible, 9, -1)]).toEqual([9, 9, 3]);
  });

  it('end where they end: a step beyond stays', () => {
    const visible = visibleSeqs(visits, new Set());
    expect([neighbour(visible, 0, -1), neighbour(visible, headers.length - 1, 1)]).toEqual([0, headers.length - 1]);
  });

  it('mark denials, failures and approvals', () => {
    const marks = headers.filter(isMark).map((header) => header.type);
    expect(new Set(marks)).toEqual(new Set(['policy.decided', 'tool.finished', 'node.finished', 'approval.requested']));
  });
});

describe('what belongs to an event', () => {
  it('is the whole call, from any of its events', () => {
    const denial = seqOf((header) => header.outcome === 'deny');
    expect(typesOf(relatedSeqs(headers, denial))).toEqual(['tool.requested', 'policy.decided', 'tool.finished']);
    expect(relatedSeqs(headers, denial + 1)).toEqual(relatedSeqs(headers, denial));
  });

  it('is the question, the answer and the call of an approval, from the answer as well', () => {
    const answer = seqOf((header) => header.type === 'approval.resolved');
    expect(typesOf(relatedSeqs(headers, answer))).toEqual([
      'tool.requested',
      'policy.decided',
      'approval.requested',
      'approval.resolved',
      'tool.finished',
      'artifact.created',
    ]);
  });

  it('is the request of a reply and the reply of a request', () => {
    const reply = seqOf((header) => header.type === 'model.responded');
    expect(typesOf(relatedSeqs(headers, reply))).toEqual(['model.requested', 'model.responded']);
    expect(relatedSeqs(headers, reply - 1)).toEqual(relatedSeqs(headers, reply));
  });

  it('is the event alone when nothing refers to it, and nothing when it does not exist', () => {
    expect(relatedSeqs(headers, 0)).toEqual([0]);
    expect(relatedSeqs(headers, headers.length)).toEqual([]);
  });
});
