/** Replaying and verifying from a timeline, on a real store with a recorded run. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import type { Progress } from '../../../../src/core/ports/progress';
import { replayRun } from '../../../../src/node/runs/replayRun';
import type { Check } from '../../../../src/protocol/check';
import { type HostMessage, parseHostMessage } from '../../../../src/protocol/messages';
import type { CheckContext } from '../../../../src/vscode/checks';
import { copyRecordedRun, rechain, recordedEvents, writeRun } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

vi.mock('vscode', () => ({ ViewColumn: { Beside: -2 } }));
const { RunCheck } = await import('../../../../src/vscode/timeline/check');

let bench: StoreBench;
let root: string;
beforeAll(async () => {
  bench = await storeBench();
});
beforeEach(() => {
  root = bench.root();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

/** A timeline's checks of a run in the store at `root`, with what was posted, kept as badges and opened. */
async function checksOf(runId: string) {
  const { store } = await bench.open({ root });
  const posted: Check[] = [];
  const kept: { kind: string; ok: boolean; line: string }[] = [];
  const opened: { texts: string[]; title: string }[] = [];
  let told = (_check: Check): void => {};
  const context = {
    runs: {
      summary: async () => ({ runId, head: recordedEvents('v5').at(-1)?.hash ?? '' }),
      replay: (run: string, progress: Progress) => replayRun(store, run, progress),
      verify: (run: string, progress: Progress) => store.verify(run, { ...progress, heads: [] }),
      events: (run: string, from: number) => store.read(run, { from }),
    },
    verdicts: {
      keep: async (_run: unknown, kind: string, found: object) => void kept.push({ kind, ...found } as never),
    },
    documents: {
      diff: async (sides: readonly { text: string }[], title: string) =>
        void opened.push({ texts: sides.map(({ text }) => text), title }),
    },
  } as unknown as CheckContext;
  const check = new RunCheck(runId, context, (message: HostMessage) => {
    const parsed = parseHostMessage(message);
    if (!parsed.ok || parsed.value.type !== 'check') throw new Error(JSON.stringify(parsed));
    posted.push(parsed.value.check);
    told(parsed.value.check);
  });
  const onTold = (listener: (check: Check) => void): void => {
    told = listener;
  };
  return { check, posted, kept, opened, onTold, last: () => posted.at(-1) };
}

/** The recorded run with another text in its first reply, and every hash made to fit. */
function withAnotherReply(): string {
  const events = recordedEvents('v5');
  const run = events[0]?.run ?? '';
  const reply = events.findIndex(({ type }) => type === 'model.responded');
  const changed = events.map((event, seq) =>
    seq === reply ? (JSON.parse(JSON.stringify(event).replaceAll('allocate.js', 'invoices.js')) as RunEvent) : event,
  );
  copyRecordedRun('v5', root);
  writeRun(root, run, rechain(run, changed));
  return run;
}

describe('a replay from the timeline', () => {
  it('tells that it has begun, how far it is and that the run came out the same, and keeps that as the badge', async () => {
    const { check, posted, last, kept } = await checksOf(copyRecordedRun('v5', root));
    await check.start('exact');
    expect(posted[0]).toEqual({ state: 'running', mode: 'exact', done: 0, total: null });
    expect(last()).toMatchObject({
      state: 'ended',
      verdict: 'good',
      words: 'The replay is identical: 164 events, hash for hash. No model was called.',
      divergence: null,
    });
    expect(kept).toMatchObject([{ kind: 'replay', ok: true }]);
  });

  it('names the event and the member in which it first did otherwise, with both values, and opens them', async () => {
    const { check, last, kept, opened } = await checksOf(withAnotherReply());
    await check.start('exact');
    const ended = last();
    if (ended?.state !== 'ended' || ended.divergence === null) throw new Error('no divergence');
    expect(ended.verdict).toBe('bad');
    expect(ended.words).toBe(`The replay diverges at event ${ended.divergence.seq}.`);
    expect(ended.divergence.path).toMatch(/^data\./);
    expect(ended.divergence.recorded).not.toBe(ended.divergence.replayed);
    expect(ended.notChecked).toEqual(['The replay stops at its first difference: nothing after it was compared.']);
    expect(kept).toMatchObject([{ kind: 'replay', ok: false }]);
    await check.openDivergence();
    expect(opened).toHaveLength(1);
    expect(opened[0]?.title).toContain(`event ${ended.divergence.seq}, ${ended.divergence.path}`);
    expect(opened[0]?.texts[0]).not.toBe(opened[0]?.texts[1]);
  });

  it('that is cancelled says that nothing was found out, and keeps no badge', async () => {
    const { check, last, kept, onTold } = await checksOf(copyRecordedRun('v5', root));
    onTold((told) => told.state === 'running' && check.cancel());
    await check.start('exact');
    expect(last()).toMatchObject({ verdict: 'none', words: 'The replay was cancelled: nothing was found out.' });
    expect(kept).toEqual([]);
  });

  it('that cannot run says why', async () => {
    const { check, last } = await checksOf('20260101-000000-000000');
    await check.start('exact');
    expect(last()).toMatchObject({ verdict: 'none', words: expect.stringMatching(/^The replay could not run: /) });
  });
});

describe('a verification from the timeline', () => {
  it('says that the record is sound and, as loudly, what was not checked', async () => {
    const { check, last, kept } = await checksOf(copyRecordedRun('v5', root));
    await check.start('verify');
    expect(last()).toMatchObject({ verdict: 'good', words: expect.stringMatching(/^The record is sound: 164 events/) });
    expect(last()).toMatchObject({ notChecked: expect.arrayContaining([expect.stringMatching(/signature/)]) });
    expect(kept).toMatchObject([{ kind: 'verify', ok: true }]);
  });

  it('names what is wrong with the place of each finding', async () => {
    const run = copyRecordedRun('v5', root);
    appendFileSync(path.join(root, 'runs', run, 'journal.jsonl'), 'not an event\n');
    const { check, last, kept } = await checksOf(run);
    await check.start('verify');
    expect(last()).toMatchObject({
      verdict: 'bad',
      words: expect.stringMatching(/^The record is NOT sound: \d+ finding/),
      findings: expect.arrayContaining([{ seq: 164, words: expect.stringMatching(/not an event/) }]),
    });
    expect(kept).toMatchObject([{ kind: 'verify', ok: false }]);
  });
});

describe('checks of one timeline', () => {
  it('end the one before when another begins, which then tells nothing any more', async () => {
    const { check, posted } = await checksOf(copyRecordedRun('v5', root));
    await Promise.all([check.start('exact'), check.start('verify')]);
    const second = posted.findIndex(({ mode }) => mode === 'verify');
    expect(posted.slice(second).every(({ mode }) => mode === 'verify')).toBe(true);
    expect(posted.filter(({ state }) => state === 'ended')).toHaveLength(1);
  });

  it('tell nothing when the timeline was closed', async () => {
    const { check, posted } = await checksOf(copyRecordedRun('v5', root));
    const started = check.start('exact');
    check.dispose();
    await started;
    expect(posted.filter(({ state }) => state === 'ended')).toEqual([]);
  });
});
