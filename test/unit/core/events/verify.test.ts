import { describe, expect, it } from 'vitest';
import { lineOf, seal } from '../../../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import {
  concludeVerify,
  type ExternalHead,
  problemOf,
  startVerify,
  unsigned,
  type VerifyReport,
  type VerifyState,
  verifyLine,
} from '../../../../src/core/events/verify';
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
const asked = (action: 'apply' | 'discard' | 'undo'): EventBody => ({
  type: 'result.requested',
  data: { action, by: 'me' },
});
const paused: EventBody = { type: 'run.paused', data: { reason: 'a person is wanted' } };
const interrupted: EventBody = { type: 'run.interrupted', data: { reason: 'crash', inDoubt: null } };
const resumed: EventBody = {
  type: 'run.resumed',
  data: { by: 'me', inDoubt: null, tree: 't0', openexec: '0.1.0' },
};
const refusedDiscard: EventBody = {
  type: 'result.finished',
  data: { action: 'discard', outcome: 'refused', files: [], conflicts: [], reason: '' },
};
const discarded: EventBody = { ...refusedDiscard, data: { ...refusedDiscard.data, outcome: 'done' } } as EventBody;
const EVENTS = chain(RUN, [
  origin(),
  nodeStarted('fix'),
  toolRequested('c1'),
  toolFinished('c1'),
  finished,
  asked('apply'),
  applied,
]);
const LINES = EVENTS.map(lineOf);

const fold = (lines: readonly string[], heads?: readonly ExternalHead[]): VerifyState =>
  lines.reduce((at, line) => verifyLine(at, line.slice(0, -1), sha256).state, startVerify(RUN, heads));
const verify = (lines: readonly string[], heads?: readonly ExternalHead[]): VerifyReport =>
  concludeVerify(fold(lines, heads), { blobs: 0, notChecked: [] });
/** Where and what, of every finding. */
const found = (lines: readonly string[], heads?: readonly ExternalHead[]): string[] =>
  verify(lines, heads).findings.map(({ seq, kind }) => `${seq} ${kind}`);

const swap = (at: number, line: string): string[] => LINES.map((old, i) => (i === at ? line : old));
const hashAt = (at: number): string => EVENTS.at(at)?.hash ?? '';
/** The head as it was after so many events. */
const headOf = (events: number, from = 'kept by a friend'): ExternalHead => ({
  events,
  hash: hashAt(events - 1),
  from,
});
/** An event put together by hand, with a fitting hash, so that only what is tested is wrong. */
const forged = (event: object): string => {
  const { hash: _old, ...open } = event as { hash?: string };
  return `${canonicalize({ ...open, hash: sha256(canonicalize(open)) })}\n`;
};

describe('verification', () => {
  it('finds a run sound, and says that without an outside head a cut end cannot be seen', () => {
    expect(verify(LINES)).toEqual({
      sound: true,
      events: LINES.length,
      blobs: 0,
      head: hashAt(-1),
      findings: [],
      notChecked: [
        { kind: 'external_head', detail: 'no external head was given: a cut or rewritten tail cannot be seen' },
      ],
    });
  });

  it('says of a run in a store that nobody signed it', () => {
    expect(unsigned(verify(LINES)).notChecked.map(({ kind }) => kind)).toEqual(['external_head', 'signature']);
  });

  it.each<[string, (event: RunEvent) => string, string]>([
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
    ['half of a surrogate pair', () => '"\\ud800"\n', 'half of a surrogate pair'],
    ['nesting without end', () => `${'['.repeat(200_000)}${']'.repeat(200_000)}\n`, 'not the canonical text'],
    ['an unknown version', (e) => forged({ ...e, v: 2 }), 'not an event'],
    ['a member that no schema knows', (e) => forged({ ...e, note: 'hi' }), 'not an event'],
    ['another run', (e) => forged({ ...e, run: 'run-2' }), 'expected run-1, found run-2'],
    ['a hole', (e) => forged({ ...e, seq: 3 }), 'expected seq 2, found seq 3'],
    ['another past', (e) => forged({ ...e, prev: sha256('x') }), 'prev'],
    ['a cause in the future', (e) => forged({ ...e, cause: 2 }), 'expected an event before 2, found event 2'],
    ['a wrong hash', (e) => lineOf({ ...e, hash: sha256('x') }), 'hash is not'],
  ])('names the problem of %s, and checks what follows', (_case, spoil, problem) => {
    const third = EVENTS[2];
    if (third === undefined) throw new Error('three events');
    const { sound, events, findings } = verify(swap(2, spoil(third)));
    expect({ sound, events }).toEqual({ sound: false, events: LINES.length });
    const [first] = findings;
    expect(first?.seq).toBe(2);
    expect(first && problemOf(first)).toContain(problem);
    // Another change, further on, is found as well.
    const twice = swap(2, spoil(third)).map((line, i) => (i === 5 ? line.replace('apply', 'upply') : line));
    expect(verify(twice).findings.at(-1)?.seq).toBe(5);
  });

  it.each<[string, (lines: string[]) => string[], string[]]>([
    ['a line is deleted', (l) => l.toSpliced(2, 1), ['2 seq', '2 prev']],
    ['a line is there twice', (l) => l.toSpliced(2, 0, l[2] ?? ''), ['3 seq', '3 prev']],
    [
      'two lines are swapped',
      (l) => l.toSpliced(2, 2, l[3] ?? '', l[2] ?? ''),
      ['2 seq', '2 prev', '3 seq', '3 prev', '4 seq', '4 prev'],
    ],
    ['a line is unreadable', (l) => l.with(2, '{"at\n'), ['2 not_an_event']],
    ['a foreign line is put in', (l) => l.toSpliced(2, 0, 'hello\n'), ['2 not_an_event']],
    ['two lines are made one', (l) => l.toSpliced(2, 2, `${l[2]?.slice(0, -1)} ${l[3]}`), ['2 not_an_event', '3 seq']],
    ['a text is changed', (l) => l.with(2, (l[2] ?? '').replace('agent', 'agnet')), ['2 not_an_event']],
    ['a seq is changed', (l) => l.with(2, (l[2] ?? '').replace('"seq":2', '"seq":4')), ['2 seq', '2 hash']],
    ['a hash is changed', (l) => l.with(2, (l[2] ?? '').replace(hashAt(2), sha256('x'))), ['2 hash']],
    ['a prev is changed', (l) => l.with(2, (l[2] ?? '').replace(hashAt(1), sha256('x'))), ['2 prev', '2 hash']],
    [
      'an event is changed and its hash with it',
      (l) => l.with(2, forged({ ...EVENTS[2], at: EVENTS[3]?.at })),
      ['3 prev'],
    ],
  ])('tells no more than is so when %s', (_case, change, told) => {
    expect(found(change([...LINES]))).toEqual(told);
  });

  it('finds several changes, each in its place', () => {
    const spoilt = LINES.with(1, 'x\n')
      .with(3, (LINES[3] ?? '').replace('done', 'gone'))
      .toSpliced(4, 1);
    expect(found(spoilt)).toEqual(['1 not_an_event', '3 hash', '4 seq', '4 prev']);
  });

  it('lists a hundred findings and counts the others', () => {
    const many = Array.from({ length: 130 }, () => '{}\n');
    const { findings, notChecked, events } = verify([...LINES, ...many], [{ ...headOf(3), hash: sha256('other') }]);
    expect(findings).toHaveLength(100);
    expect(findings[0]).toMatchObject({ seq: 2, kind: 'head' });
    expect(notChecked).toEqual([{ kind: 'more_findings', detail: '31 more findings are not listed' }]);
    expect(events).toBe(LINES.length + 130);
  });

  it('wants run.started first and only first', () => {
    expect(found(chain(RUN, [nodeStarted('fix')]).map(lineOf))).toEqual(['0 order']);
    expect(found(chain(RUN, [origin(), origin()]).map(lineOf))).toEqual(['1 order']);
  });

  it.each<[string, readonly EventBody[], readonly EventBody[]]>([
    ['finished', [finished], [resumed, interrupted, nodeStarted('late')]],
    ['cancelled', [{ type: 'run.cancelled', data: { by: 'me' } }], [resumed, interrupted, nodeStarted('late')]],
    ['interrupted', [interrupted], [paused, interrupted, finished, nodeStarted('late')]],
    ['paused', [paused], [paused, finished, nodeStarted('late')]],
    ['paused and interrupted', [paused, interrupted], [paused, nodeStarted('late')]],
    [
      'interrupted, and its result discarded',
      [interrupted, asked('discard'), discarded],
      [resumed, nodeStarted('late')],
    ],
    ['never halted', [nodeStarted('fix')], [resumed]],
    ['resumed', [paused, resumed], [resumed]],
  ])('refuses what may not follow in a run that was %s, but for the handling of its result', (_case, start, wrong) => {
    const handled = [asked('discard'), refusedDiscard];
    expect(found(chain(RUN, [origin(), ...start, ...handled, ...handled]).map(lineOf))).toEqual([]);
    for (const body of wrong) {
      const lines = chain(RUN, [origin(), ...start, ...handled, body]).map(lineOf);
      expect(found(lines), body.type).toEqual([`${lines.length - 1} order`]);
    }
  });

  it.each<[string, readonly EventBody[]]>([
    ['a pause', [paused, resumed, nodeStarted('on'), finished]],
    ['an interruption', [interrupted, asked('apply'), applied, resumed, nodeStarted('on'), finished]],
    ['a pause that was interrupted', [paused, interrupted, resumed, paused]],
    ['a discarding that was refused', [interrupted, asked('discard'), refusedDiscard, resumed]],
  ])('lets a run go on after %s', (_case, bodies) => {
    expect(found(chain(RUN, [origin(), ...bodies]).map(lineOf))).toEqual([]);
  });

  it.each<[string, readonly EventBody[], readonly string[]]>([
    ['an outcome that nobody asked for', [applied], ['2 order']],
    ['an outcome of something else', [asked('discard'), applied], ['3 order']],
    ['a second outcome', [asked('apply'), applied, applied], ['4 order']],
    ['an outcome after the run went on', [asked('apply'), resumed, applied], ['4 order']],
    ['an apply after a discard', [asked('discard'), discarded, asked('apply'), applied], ['4 order', '5 order']],
    ['an undo after a discard', [asked('discard'), discarded, asked('undo')], ['4 order']],
    ['a request whose carrying out broke off', [asked('apply'), asked('discard'), discarded], []],
  ])('of the handling of a result judges %s', (_case, bodies, told) => {
    expect(found(chain(RUN, [origin(), interrupted, ...bodies]).map(lineOf))).toEqual(told);
  });

  it.each([1_000, 3_000, 5_000, 8_000])('finds JSON that is nested %i deep, and throws at none', (depth) => {
    const nested = `{"hash":"${sha256('x')}","seq":2,"data":${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
    expect(found(swap(2, nested))[0]).toMatch(/^2 not_an_event|^2 not_canonical/);
  });

  it('does not guess what an unreadable line did to the life of the run', () => {
    const lines = chain(RUN, [origin(), paused, resumed, finished]).map(lineOf);
    expect(found(lines.with(1, 'x\n'))).toEqual(['1 not_an_event']);
    expect(found(lines.with(2, 'x\n'))).toEqual(['2 not_an_event']);
  });

  it('names the blobs and file versions that an event refers to', () => {
    const blob = { blob: sha256('big'), bytes: 9000, media: 'text/plain' };
    const [start, call, file] = chain(RUN, [origin(), toolRequested('c', blob), fileChanged('a', 'old', 'newer')]).map(
      (event) => lineOf(event).trimEnd(),
    );
    const first = verifyLine(startVerify(RUN), start ?? '', sha256);
    const second = verifyLine(first.state, call ?? '', sha256);
    const third = verifyLine(second.state, file ?? '', sha256);
    expect(third.state.findings).toEqual([]);
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
    const { findings } = verify(chain(RUN, [forged]).map(lineOf));
    expect(findings).toMatchObject([{ seq: 0, kind: 'frozen', found: expect.stringContaining(`the ${what}`) }]);
  });

  it('gives an event its hash over the canonical text without the hash', () => {
    const [event] = EVENTS;
    if (event === undefined) throw new Error('an event');
    const { hash, seq, run, at, prev, v, ...body } = event;
    expect(seal(body as EventBody, { run, at, head: { events: seq, hash: prev }, hash: sha256 }).hash).toBe(hash);
    expect(v).toBe(1);
  });
});

describe('a head that was kept elsewhere', () => {
  const rewritten = chain(RUN, [origin(), nodeStarted('fix'), toolRequested('c1'), toolFinished('c1', 'nothing bad')]);

  it('leaves nothing about the chain unchecked when it is the last event', () => {
    expect(verify(LINES, [headOf(LINES.length)])).toMatchObject({ sound: true, notChecked: [] });
  });

  it('leaves the tail unchecked when it is older', () => {
    const { sound, notChecked } = verify(LINES, [headOf(3), headOf(5), headOf(2)]);
    expect(sound).toBe(true);
    expect(notChecked).toEqual([{ kind: 'tail', detail: expect.stringContaining('events after 4 came after') }]);
  });

  it('may be given without its place', () => {
    const head = { hash: hashAt(2), events: null, from: 'given on the command line' };
    expect(verify(LINES, [head])).toMatchObject({ sound: true, notChecked: [{ kind: 'tail' }] });
    expect(verify(LINES.slice(0, 2), [head]).findings).toEqual([
      {
        seq: 2,
        kind: 'head',
        expected: `the hash ${hashAt(2)} of an event, given on the command line`,
        found: 'an end after 2 events',
      },
    ]);
  });

  it('shows every tail that was cut off, which nothing else does', () => {
    for (let length = 1; length < LINES.length; length += 1) {
      const cut = LINES.slice(0, length);
      expect(verify(cut)).toMatchObject({ sound: true, notChecked: [{ kind: 'external_head' }] });
      expect(found(cut, [headOf(LINES.length)])).toEqual([`${length} head`]);
    }
  });

  it('shows a tail that was rewritten, at its own place, and says where it was kept', () => {
    expect(found(rewritten.map(lineOf))).toEqual([]);
    expect(verify(rewritten.map(lineOf), [headOf(4)]).findings).toEqual([
      {
        seq: 3,
        kind: 'head',
        expected: `the hash ${hashAt(3)} of event 3, kept by a friend`,
        found: `the hash ${rewritten[3]?.hash} there`,
      },
    ]);
  });

  it('must stand at its own place', () => {
    expect(found(LINES, [{ ...headOf(3), events: 4 }])).toEqual(['3 head']);
  });

  it('is one of several, each of which is looked for', () => {
    expect(found(rewritten.map(lineOf), [headOf(3), headOf(4), headOf(6)])).toEqual(['3 head', '4 head']);
  });

  it('of a run that had no event yet is met by any', () => {
    expect(verify(LINES, [{ hash: '0'.repeat(64), events: 0, from: 'here' }])).toMatchObject({
      sound: true,
      notChecked: [{ kind: 'tail', detail: expect.stringContaining('after -1') }],
    });
  });
});
