import { describe, expect, it } from 'vitest';
import { lineOf, seal } from '../../../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { concludeVerify, startVerify, type VerifyReport, verifyLine } from '../../../../src/core/events/verify';
import { canonicalize } from '../../../../src/core/kernel/json';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  fileChanged,
  finished,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';

const RUN = 'run-1';
const applied: EventBody = {
  type: 'result.finished',
  data: { action: 'apply', outcome: 'done', files: [], conflicts: [], reason: '' },
};
const EVENTS = chain(RUN, [origin(), nodeStarted('fix'), toolRequested('c1'), toolFinished('c1'), finished, applied]);
const LINES = EVENTS.map(lineOf);

function verify(lines: readonly string[], head?: string): VerifyReport {
  const state = lines.reduce((at, line) => verifyLine(at, line, sha256).state, startVerify(RUN, head));
  return concludeVerify(state, { blobs: 0, firstBad: null });
}

const swap = (at: number, line: string): string[] => LINES.map((old, i) => (i === at ? line : old));
const hashAt = (at: number): string => EVENTS.at(at)?.hash ?? '';
/** An event put together by hand, with a fitting hash, so that only what is tested is wrong. */
const forged = (event: object): string => {
  const { hash: _old, ...open } = event as { hash?: string };
  return `${canonicalize({ ...open, hash: sha256(canonicalize(open)) })}\n`;
};

describe('verification', () => {
  it('finds a run sound, and says that without an outside head a cut end cannot be seen', () => {
    expect(verify(LINES)).toEqual({
      ok: true,
      events: LINES.length,
      blobs: 0,
      head: hashAt(-1),
      firstBad: null,
      notChecked: ['no external head was given: a cut or rewritten tail cannot be seen'],
    });
  });

  it('has nothing left unchecked when the outside head is the last event', () => {
    expect(verify(LINES, hashAt(-1))).toMatchObject({ ok: true, notChecked: [] });
  });

  it('is content with an outside head in the middle, and says what came after', () => {
    expect(verify(LINES, hashAt(4))).toMatchObject({
      ok: true,
      notChecked: [expect.stringContaining('events after 4')],
    });
  });

  it('finds a cut tail by the outside head, and only by that', () => {
    const cut = LINES.slice(0, 4);
    expect(verify(cut).ok).toBe(true);
    expect(verify(cut, hashAt(-1))).toMatchObject({
      ok: false,
      firstBad: { seq: 4, problem: expect.stringContaining('cut') },
    });
  });

  it('finds a rewritten tail by the outside head', () => {
    const rewritten = chain(RUN, [
      origin(),
      nodeStarted('fix'),
      toolRequested('c1'),
      toolFinished('c1', 'nothing bad'),
    ]);
    expect(verify(rewritten.map(lineOf), hashAt(-1)).ok).toBe(false);
  });

  it('finds every changed byte of every line, at its event', () => {
    for (const [seq, line] of LINES.entries()) {
      for (let at = 0; at < line.length; at += 1) {
        const changed = line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ 1) + line.slice(at + 1);
        expect(verify(swap(seq, changed)).firstBad?.seq, `byte ${at} of line ${seq}`).toBe(seq);
      }
    }
  });

  it('finds a deleted, doubled or swapped line', () => {
    for (let at = 0; at < LINES.length - 1; at += 1) {
      expect(verify([...LINES.slice(0, at), ...LINES.slice(at + 1)]).firstBad?.seq).toBe(at);
      expect(verify([...LINES.slice(0, at + 1), ...LINES.slice(at)]).firstBad?.seq).toBe(at + 1);
      expect(verify([...LINES.slice(0, at), LINES[at + 1] ?? '', LINES[at] ?? '']).firstBad?.seq).toBe(at);
    }
  });

  it.each<[string, (event: RunEvent) => string, string]>([
    ['an incomplete line', (e) => lineOf(e).trimEnd(), 'incomplete'],
    ['white space', (e) => lineOf(e).replace('{', '{ '), 'canonical'],
    [
      'members in another order',
      (e) => `${JSON.stringify(Object.fromEntries(Object.entries(e).reverse()))}\n`,
      'canonical',
    ],
    ['a carriage return', (e) => lineOf(e).replace('\n', '\r\n'), 'canonical'],
    ['a member twice', (e) => lineOf(e).replace('{', '{"at":"x",'), 'canonical'],
    ['no JSON', () => 'hello\n', 'canonical JSON'],
    ['JSON that is no event', () => '{}\n', 'not an event'],
    ['half of a surrogate pair', () => '"\\ud800"\n', 'canonical JSON'],
    ['nesting without end', () => `${'['.repeat(200_000)}${']'.repeat(200_000)}\n`, 'canonical JSON'],
    ['an unknown version', (e) => forged({ ...e, v: 2 }), 'not an event'],
    ['a member that no schema knows', (e) => forged({ ...e, note: 'hi' }), 'not an event'],
    ['another run', (e) => forged({ ...e, run: 'run-2' }), 'belongs to run run-2'],
    ['a hole', (e) => forged({ ...e, seq: 3 }), 'seq is 3 where 2 is due'],
    ['another past', (e) => forged({ ...e, prev: sha256('x') }), 'prev'],
    ['a cause in the future', (e) => forged({ ...e, cause: 2 }), 'cause 2'],
    ['a wrong hash', (e) => lineOf({ ...e, hash: sha256('x') }), 'hash is not'],
  ])('names the problem of %s', (_case, spoil, problem) => {
    const third = EVENTS[2];
    if (third === undefined) throw new Error('three events');
    expect(verify(swap(2, spoil(third)))).toMatchObject({
      ok: false,
      events: 2,
      head: hashAt(1),
      firstBad: { seq: 2, problem: expect.stringContaining(problem) },
      notChecked: ['nothing after event 2 was checked'],
    });
  });

  it('wants run.started first and only first', () => {
    expect(verify(chain(RUN, [nodeStarted('fix')]).map(lineOf)).firstBad?.seq).toBe(0);
    expect(verify(chain(RUN, [origin(), origin()]).map(lineOf)).firstBad?.seq).toBe(1);
  });

  it.each<[string, EventBody]>([
    ['finished', finished],
    ['cancelled', { type: 'run.cancelled', data: { by: 'me' } }],
    ['interrupted', { type: 'run.interrupted', data: { reason: 'crash', inDoubt: null } }],
  ])('allows nothing but the handling of the result after a run was %s', (_case, end) => {
    expect(verify(chain(RUN, [origin(), end, applied]).map(lineOf)).ok).toBe(true);
    expect(verify(chain(RUN, [origin(), end, applied, nodeStarted('late')]).map(lineOf)).firstBad?.seq).toBe(3);
  });

  it('names the blobs and file versions that an event refers to', () => {
    const blob = { blob: sha256('big'), bytes: 9000, media: 'text/plain' };
    const [start, call, file] = chain(RUN, [origin(), toolRequested('c', blob), fileChanged('a', 'old', 'newer')]).map(
      lineOf,
    );
    const first = verifyLine(startVerify(RUN), start ?? '', sha256);
    const second = verifyLine(first.state, call ?? '', sha256);
    const third = verifyLine(second.state, file ?? '', sha256);
    expect(second.refers).toEqual([{ seq: 1, sha256: blob.blob, bytes: 9000 }]);
    expect(third.refers).toEqual([
      { seq: 2, sha256: sha256('old'), bytes: 3 },
      { seq: 2, sha256: sha256('newer'), bytes: 5 },
    ]);
  });

  it.each([
    ['policy', { policy: { id: 'default', snapshot: sha256('{}'), content: '{"rules":[]}' } }],
    ['blueprint', { blueprint: { id: 'quick_fix', hash: sha256('{}'), definition: '{"nodes":{}}' } }],
  ])('finds a %s that is not the one whose hash the run names, though the chain was made anew', (what, part) => {
    const start = origin();
    const forged = { ...start, data: { ...start.data, ...part } } as EventBody;
    const { firstBad } = verify(chain(RUN, [forged]).map(lineOf));
    expect(firstBad).toEqual({ seq: 0, problem: `the ${what} is not the one whose hash the run names` });
  });

  it('reports the earlier of what is wrong inside and what is wrong outside', () => {
    const state = swap(3, 'x\n').reduce((at, line) => verifyLine(at, line, sha256).state, startVerify(RUN));
    expect(concludeVerify(state, { blobs: 2, firstBad: { seq: 1, problem: 'gone' } }).firstBad).toEqual({
      seq: 1,
      problem: 'gone',
    });
    expect(concludeVerify(state, { blobs: 2, firstBad: { seq: 5, problem: 'gone' } }).firstBad?.seq).toBe(3);
  });

  it('gives an event its hash over the canonical text without the hash', () => {
    const [event] = EVENTS;
    if (event === undefined) throw new Error('an event');
    const { hash, seq, run, at, prev, v, ...body } = event;
    expect(seal(body as EventBody, { run, at, head: { events: seq, hash: prev }, hash: sha256 }).hash).toBe(hash);
    expect(v).toBe(1);
  });
});
