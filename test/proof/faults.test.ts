/**
 * What goes wrong around a run: a full disk, a folder that may not be written any more, a clock that goes back. It is said
 * in one line, nothing that was acknowledged is lost, no file is corrupt, and the run goes on once the cause is gone.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/schema';
import { OpenExecError } from '../../src/core/kernel/errors';
import type { Clock } from '../../src/core/ports/clock';
import { type Model, NOTHING_KNOWN } from '../../src/core/ports/model';
import { runSession } from '../../src/core/run/session';
import { recoverRuns } from '../../src/node/runs/recoverRuns';
import { replayRun } from '../../src/node/runs/replayRun';
import { inDoubtOf, resumeRun } from '../../src/node/runs/resumeRun';
import type { Runtime } from '../../src/node/runs/runtime';
import { startRun } from '../../src/node/runs/startRun';
import { type JournalFile, type OpenJournalFile, openOnDisk } from '../../src/node/store/journalFile';
import { blueprint, ONE_TEST_PASSES, project, sampleFolder } from '../support/cli';
import { only, reply } from '../support/engine';
import { collect } from '../support/eventChain';
import { bytesOf, wholeEvents } from '../support/killedRun';
import { memoryBlobs } from '../support/memoryBlobs';
import { memoryEventLog } from '../support/memoryEventLog';
import { replay } from '../support/replay';
import { testPorts, testRequest, testRuntime } from '../support/runtime';
import { type StoreBench, storeBench } from '../support/storeWorker';
import { SHORT } from '../support/stories';
import { beginning, type Story, worldOf } from '../support/world';

const FOLDER = {
  '.openexec/blueprints/mine.yaml': blueprint('mine', {
    work: { type: 'agent', goal: 'Do it', max_turns: 3, on_success: 'test', on_failure: 'fail' },
    test: { type: 'deterministic', action: 'run_tests', on_success: 'report', on_failure: 'fail' },
    report: { type: 'deterministic', action: 'diff_report', on_success: 'done', on_failure: 'fail' },
  }),
  '.openexec/project.yaml': project({ test: 'node tools/check.mjs' }),
  'tools/check.mjs': `process.stdout.write('line\\n'.repeat(4000));${ONE_TEST_PASSES}`,
};

/** Writes a file, then is content; its answer depends on nothing but what it is asked. */
const MODEL: Model = {
  id: { provider: 'scripted', name: 'steady', destination: 'this machine (scripted)', local: true },
  facts: NOTHING_KNOWN,
  invoke: async ({ messages }) =>
    messages.some(({ role }) => role === 'tool')
      ? reply('Done.')
      : reply('', ['write_file', { path: 'src/new.js', content: 'new\n' }]),
};
const PORTS = testPorts({ chooseModel: async () => MODEL });

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const errno = (code: string): Error => Object.assign(new Error(`${code}: something of the system`), { code });

/** The journals' file system, which refuses from the n-th write on; half of that write still gets through. */
function failing(fault: { code: string; at: number; call: 'write' | 'datasync'; cutting: boolean }): OpenJournalFile {
  let writes = 0;
  return async (file, mode): Promise<JournalFile> => {
    const real = await openOnDisk(file, mode);
    let broken = false;
    return {
      ...real,
      write: async (bytes, at) => {
        writes += 1;
        if (fault.call === 'write' && writes >= fault.at) {
          if (broken) throw errno(fault.code);
          broken = true;
          return real.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), at);
        }
        return real.write(bytes, at);
      },
      datasync: async () => {
        if (fault.call === 'datasync' && writes >= fault.at) throw errno(fault.code);
        await real.datasync();
      },
      truncate: async (length) => {
        if (!fault.cutting) throw errno(fault.code);
        await real.truncate(length);
      },
    };
  };
}

/** One line for a person: what, where, why, what to do. */
function expectOneLine(error: unknown, code: string): void {
  expect(error).toBeInstanceOf(OpenExecError);
  const { message } = error as OpenExecError;
  expect(error).toMatchObject({ code: 'disk_failure' });
  expect(message).toMatch(new RegExp(`^[^\\n]+ could not be written to [^\\n]+: [^\\n]+ \\(${code}\\)$`));
}

/** Starts a run that must fail; answers its root, its id, what was acknowledged, and what it failed with. */
async function brokenRun(openJournalFile: OpenJournalFile | null, meddle: (root: string, event: RunEvent) => void) {
  const folder = sampleFolder(FOLDER);
  const root = bench.root();
  const runtime = await testRuntime(bench, root, openJournalFile === null ? {} : { openJournalFile });
  const acknowledged: RunEvent[] = [];
  runtime.store.onDidAppend((event) => {
    acknowledged.push(event);
    meddle(root, event);
  });
  const handle = await startRun(testRequest(folder), runtime, PORTS);
  const error: unknown = await handle.done.then(
    () => null,
    (reason: unknown) => reason,
  );
  await bench.closeAll();
  return { root, runId: handle.runId, acknowledged, error };
}

/** Expects that nothing acknowledged is lost, and that the run can be taken up on a sound disk and comes to its end. */
async function expectGoesOn({ root, runId, acknowledged }: Awaited<ReturnType<typeof brokenRun>>): Promise<void> {
  const stored = wholeEvents(root, runId);
  expect(stored.slice(0, acknowledged.length).map(({ hash }) => hash)).toEqual(acknowledged.map(({ hash }) => hash));
  const runtime: Runtime = await testRuntime(bench, root);
  const { store } = runtime;
  await recoverRuns(runtime);
  expect((await store.summary(runId)).status).toBe('interrupted');
  const decision = (await inDoubtOf(store, runId)) === null ? null : 'repeat';
  await (await resumeRun({ runId, by: 'a person', decision }, runtime, PORTS)).done;
  const events = await collect(store.read(runId));
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { status: 'succeeded' } });
  const heads = [{ hash: events.at(-1)?.hash ?? '', events: events.length, from: 'the test' }];
  expect(await store.verify(runId, { heads })).toMatchObject({ sound: true, findings: [] });
  expect(await replayRun(store, runId)).toMatchObject({ identical: true, divergence: null });
  expect(bytesOf(root, runId).at(-1)).toBe(10);
}

describe('a run under which the disk gives way', () => {
  const never = (): void => undefined;

  it.each([
    ['is full at its second event', { code: 'ENOSPC', at: 2, call: 'write', cutting: true }],
    ['is full in the middle of it', { code: 'ENOSPC', at: 11, call: 'write', cutting: true }],
    ['is full, and what was half written cannot be cut off', { code: 'ENOSPC', at: 14, call: 'write', cutting: false }],
    ['does not flush any more', { code: 'EIO', at: 8, call: 'datasync', cutting: false }],
    ['may not be written any more', { code: 'EACCES', at: 16, call: 'write', cutting: false }],
    ['has become read-only', { code: 'EROFS', at: 6, call: 'write', cutting: false }],
  ] as const)('stops with one line and goes on later: the disk %s', { timeout: 60_000 }, async (_what, fault) => {
    const broken = await brokenRun(failing(fault), never);
    expectOneLine(broken.error, fault.code);
    expect(broken.acknowledged.length).toBeLessThan(30);
    await expectGoesOn(broken);
  });

  it('says so in its record when only blobs cannot be stored, and goes on once they can', {
    timeout: 60_000,
  }, async () => {
    const blocked = (root: string): string => path.join(root, 'blobs');
    const broken = await brokenRun(null, (root, { type }) => {
      // A file where the folder belongs: nothing can be stored below it, whoever one is.
      if (type !== 'plan.accepted') return;
      fs.renameSync(blocked(root), `${blocked(root)}.aside`);
      fs.writeFileSync(blocked(root), '');
    });
    expect(broken.error).toMatchObject({ code: 'disk_failure', message: expect.stringMatching(/^[^\n]+$/) });
    const last = wholeEvents(broken.root, broken.runId).at(-1);
    expect(last).toMatchObject({ type: 'run.interrupted', data: { reason: (broken.error as Error).message } });
    fs.rmSync(blocked(broken.root));
    fs.renameSync(`${blocked(broken.root)}.aside`, blocked(broken.root));
    await expectGoesOn(broken);
  });

  it.each(['EROFS', 'EACCES', 'ENOSPC'])('is not begun where the journal cannot be made: %s', async (code) => {
    const folder = sampleFolder(FOLDER);
    const root = bench.root();
    let refuse = true;
    const openJournalFile: OpenJournalFile = (file, mode) =>
      refuse ? Promise.reject(errno(code)) : openOnDisk(file, mode);
    const runtime = await testRuntime(bench, root, { openJournalFile });
    const error: unknown = await startRun(testRequest(folder), runtime, PORTS).catch((reason: unknown) => reason);
    expectOneLine(error, code);
    expect(await runtime.store.summaries()).toEqual([]);
    expect(await runtime.store.unfinished()).toEqual([]);
    refuse = false;
    const handle = await startRun(testRequest(folder), runtime, PORTS);
    await handle.done;
    expect((await runtime.store.summary(handle.runId)).status).toBe('succeeded');
  });

  it.skipIf(process.getuid?.() === 0)('is not begun in a folder that is read-only, and says which', async () => {
    const folder = sampleFolder(FOLDER);
    const root = bench.root();
    const runtime = await testRuntime(bench, root);
    fs.chmodSync(path.join(root, 'runs'), 0o500);
    const error: unknown = await startRun(testRequest(folder), runtime, PORTS).catch((reason: unknown) => reason);
    fs.chmodSync(path.join(root, 'runs'), 0o700);
    expectOneLine(error, 'EACCES');
  });
});

/** A clock that shows these times, milliseconds from a day on, one after the other and then the last of them. */
function clockOf(times: readonly number[]): Clock {
  let at = 0;
  return {
    now: () => {
      const time = times[Math.min(at, times.length - 1)] ?? 0;
      at += 1;
      return new Date(Date.UTC(2026, 5, 1) + time).toISOString();
    },
    wait: async () => undefined,
  };
}

async function played(story: Story, clock?: Clock): Promise<RunEvent[]> {
  const log = memoryEventLog('run-1');
  const ports = worldOf(story).ports(log, memoryBlobs(), clock === undefined ? {} : { clock });
  await runSession('run-1', beginning(story), ports, new AbortController().signal);
  return log.events;
}

describe('a run whose clock', () => {
  const HOUR = 3_600_000;
  const steps = Array.from({ length: 400 }, (_, i) => i);

  it.each([
    ['goes back all the time', steps.map((i) => -i * 1000)],
    [
      'jumps back a year again and again, also while a person is asked',
      steps.map((i) => (i % 3 === 1 ? -8760 * HOUR : i)),
    ],
    ['stands still', [0]],
    ['jumps to and fro by an hour, as when the zone was wrong', steps.map((i) => (i % 2) * HOUR)],
  ])('%s comes to its end and replays', async (_what, times) => {
    const events = await played(SHORT, clockOf(times));
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(await replay({ stored: events, inline: events })).toMatchObject({ identical: true, divergence: null });
  });

  it('jumps ahead by a day ends within its time, says why, and replays', async () => {
    const events = await played(SHORT, clockOf(steps.map((i) => (i < 12 ? i : 24 * HOUR + i))));
    const [node] = only(events, 'node.finished');
    expect(node?.data).toMatchObject({ outcome: 'exhausted', reason: expect.stringMatching(/longer than 15 minutes/) });
    expect(await replay({ stored: events, inline: events })).toMatchObject({ identical: true, divergence: null });
  });
});

describe('a run that is told something very long in one line', () => {
  const LONG = 'z'.repeat(20_000);
  const fails: Story = {
    ...SHORT,
    results: [{ outcome: 'error', exitCode: 0, output: LONG, changes: false }],
  };

  it('goes on when a call of the blueprint fails with it', async () => {
    const events = await played(fails);
    expect(events.at(-1)?.type).toBe('run.finished');
  });

  it('goes on when a person gives it as a reason', async () => {
    const log = memoryEventLog('run-1');
    const ports = {
      ...worldOf(SHORT).ports(log, memoryBlobs()),
      approver: { ask: async () => ({ kind: 'resolved', verdict: 'rejected', by: 'test', reason: LONG }) as const },
    };
    await runSession('run-1', beginning(SHORT), ports, new AbortController().signal);
    expect(log.events.at(-1)?.type).toMatch(/^run\.(finished|paused)$/);
  });
});
