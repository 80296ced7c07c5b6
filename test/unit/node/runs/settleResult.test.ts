import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_KNOWN } from '../../../../src/core/ports/model';
import { createOpenAiModel } from '../../../../src/node/models/openai/model';
import { parseBaseUrl } from '../../../../src/node/models/shared/server';
import { createTransport } from '../../../../src/node/models/shared/transport';
import { recoverRuns } from '../../../../src/node/runs/recoverRuns';
import { replayRun } from '../../../../src/node/runs/replayRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { type SettleAction, settleResult } from '../../../../src/node/runs/settleResult';
import { startRun, worktreeFolder } from '../../../../src/node/runs/startRun';
import { monotonic } from '../../../../src/node/system/time';
import { blueprint, git, ONE_TEST_PASSES, only, project, sampleFolder, stateOf } from '../../../support/cli';
import { collect } from '../../../support/eventChain';
import { makeGate } from '../../../support/gate';
import { type Answer, chunk, hang, stallAfter, startOpenAiServer } from '../../../support/openaiServer';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const MINE = {
  '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }),
  '.openexec/project.yaml': project({ test: 'node tools/check.mjs' }),
  'tools/check.mjs': `import fs from 'node:fs';\nfs.writeFileSync('src/new.js', 'new\\n');${ONE_TEST_PASSES}`,
};

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

const eventsOf = (runtime: Runtime, run: string) => collect(runtime.store.read(run));

describe('the result of a run', () => {
  const finishedRun = async () => {
    const folder = sampleFolder(MINE);
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await handle.done;
    const settle = (action: 'apply' | 'discard') =>
      settleResult({ runId: handle.runId, action, by: 'a person' }, runtime);
    return { folder, runtime, runId: handle.runId, settle };
  };

  it('is applied to the folder, and both the wish and what came of it are recorded', async () => {
    const { folder, runtime, runId, settle } = await finishedRun();
    const before = stateOf(folder);
    expect(await settle('apply')).toMatchObject({ outcome: 'done', files: ['src/new.js'] });
    const { head, index, files } = stateOf(folder);
    expect({ head, index }).toEqual({ head: before.head, index: before.index });
    expect(Object.keys(files).filter((name) => !(name in before.files))).toEqual(['src/new.js']);
    const types = (await eventsOf(runtime, runId)).map((event) => event.type);
    expect(types.slice(-3)).toEqual(['run.finished', 'result.requested', 'result.finished']);
    expect(await runtime.store.summary(runId)).toMatchObject({ status: 'succeeded', result: 'applied' });
    expect(await settle('apply')).toMatchObject({ outcome: 'done', files: [], reason: 'nothing was left to apply' });
  });

  it('is discarded once: worktree and refs go, the record stays, and a second time is refused', async () => {
    const { folder, runtime, runId, settle } = await finishedRun();
    const worktree = worktreeFolder(runtime.store.root, runId);
    expect(fs.existsSync(path.join(worktree, 'src/new.js'))).toBe(true);
    expect(git(folder, 'for-each-ref', 'refs/openexec')).not.toBe('');
    expect(await settle('discard')).toMatchObject({ outcome: 'done' });
    expect(fs.existsSync(worktree)).toBe(false);
    expect(git(folder, 'for-each-ref', 'refs/openexec')).toBe('');
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1);
    const events = (await eventsOf(runtime, runId)).length;
    for (const action of ['discard', 'apply'] as const) {
      await expect(settle(action)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(/has been discarded/),
      });
    }
    expect(await eventsOf(runtime, runId)).toHaveLength(events);
    expect(await runtime.store.verify(runId)).toMatchObject({ sound: true });
  });

  it('is not to be had while the run goes on, and not of a run that is not there', async () => {
    const gate = makeGate();
    const folder = sampleFolder({ ...MINE, ...gate.files });
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await gate.reached();
    for (const action of ['apply', 'discard'] as const) {
      const settled = settleResult({ runId: handle.runId, action, by: 'a person' }, runtime);
      await expect(settled).rejects.toMatchObject({ code: 'run_active' });
    }
    handle.cancel('a person');
    await handle.done;
    expect((await eventsOf(runtime, handle.runId)).at(-1)).toMatchObject({
      type: 'run.cancelled',
      data: { by: 'a person' },
    });
    const unknown = settleResult({ runId: 'nope', action: 'apply', by: 'a person' }, runtime);
    await expect(unknown).rejects.toMatchObject({ code: 'run_unknown' });
  });
});

describe('more that can be made of a result', () => {
  const TWO = {
    ...MINE,
    'tools/check.mjs': `import fs from 'node:fs';\nfs.writeFileSync('src/new.js', 'new\\n');\nfs.writeFileSync('src/more.js', 'more\\n');${ONE_TEST_PASSES}`,
  };
  const finishedRun = async () => {
    const folder = sampleFolder(TWO);
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await handle.done;
    const { runId } = handle;
    const settle = (wanted: SettleAction) => settleResult({ runId, by: 'a person', ...wanted }, runtime);
    const summary = () => runtime.store.summary(runId);
    return { folder, runtime, runId, settle, summary };
  };

  it('is applied by file, and undone apply by apply, each wish with its files in the record', async () => {
    const { folder, runtime, runId, settle, summary } = await finishedRun();
    const before = stateOf(folder);
    const there = () => ['src/new.js', 'src/more.js'].filter((name) => fs.existsSync(path.join(folder, name)));
    expect(await settle({ action: 'apply', only: ['src/new.js'] })).toMatchObject({ files: ['src/new.js'] });
    expect(there()).toEqual(['src/new.js']);
    const events = await eventsOf(runtime, runId);
    expect(events.at(-2)).toMatchObject({ type: 'result.requested', data: { action: 'apply', only: ['src/new.js'] } });
    expect(await settle({ action: 'apply' })).toMatchObject({ files: ['src/more.js'] });
    expect(await settle({ action: 'undo' })).toMatchObject({ outcome: 'done', files: ['src/more.js'], left: 1 });
    expect(await summary()).toMatchObject({ result: 'applied' });
    expect(there()).toEqual(['src/new.js']);
    expect(await settle({ action: 'undo' })).toMatchObject({ outcome: 'done', files: ['src/new.js'], left: 0 });
    expect(await summary()).toMatchObject({ result: 'none' });
    expect(stateOf(folder)).toEqual(before);
    expect(await settle({ action: 'undo' })).toMatchObject({
      outcome: 'refused',
      reason: 'there is no apply to be undone',
    });
    expect(await runtime.store.verify(runId)).toMatchObject({ sound: true });
    expect(await replayRun(runtime.store, runId)).toMatchObject({ identical: true });
  });

  it('can be undone after git has cleaned up, since a ref keeps what it needs until the result is discarded', async () => {
    const { folder, settle } = await finishedRun();
    const before = stateOf(folder);
    await settle({ action: 'apply' });
    git(folder, 'gc', '--prune=now', '--quiet');
    expect(await settle({ action: 'undo' })).toMatchObject({ outcome: 'done' });
    expect(stateOf(folder).files).toEqual(before.files);
    await settle({ action: 'discard' });
    expect(git(folder, 'for-each-ref', 'refs/openexec')).toBe('');
  });

  it('is committed on a branch with trailers that name run and head, and nothing of the person is touched', async () => {
    const { folder, runtime, runId, settle, summary } = await finishedRun();
    const before = stateOf(folder);
    const { head, baseCommit } = await summary();
    const commit = { branch: 'openexec/try', message: 'Add two files\n\nAs asked for.' };
    const done = await settle({ action: 'commit', commit });
    expect(done).toMatchObject({ outcome: 'done', branch: 'openexec/try', files: ['src/more.js', 'src/new.js'] });
    const { head: headNow, index, files } = stateOf(folder);
    expect({ head: headNow, index, files }).toEqual({ head: before.head, index: before.index, files: before.files });
    expect(git(folder, 'rev-parse', 'openexec/try^').trim()).toBe(baseCommit);
    expect(git(folder, 'show', 'openexec/try:src/new.js')).toBe('new');
    const message = git(folder, 'log', '-1', '--format=%B', 'openexec/try');
    expect(message).toMatch(/^Add two files\n\nAs asked for\.\n\n/);
    const trailers = git(folder, 'log', '-1', '--format=%(trailers:only,unfold)', 'openexec/try').trim().split('\n');
    expect(trailers).toEqual([`OpenExec-Run: ${runId}`, `OpenExec-Head: ${head}`]);
    const asked = (await eventsOf(runtime, runId)).at(-2);
    expect(asked).toMatchObject({ type: 'result.requested', prev: head });
    expect(await summary()).toMatchObject({ branch: 'openexec/try', commit: done.commit, result: 'none' });
    expect(await replayRun(runtime.store, runId)).toMatchObject({ identical: true });
  });

  it('is not committed on a branch that is there, or has no name for one, and each refusal is recorded', async () => {
    const { folder, runtime, runId, settle } = await finishedRun();
    git(folder, 'branch', 'taken');
    const before = git(folder, 'for-each-ref', 'refs/heads');
    for (const [branch, reason] of [
      ['taken', /there is a branch taken already/],
      ['no such..name', /is no name for a branch/],
      ['taken/below', /taken/],
    ] as const) {
      const outcome = await settle({ action: 'commit', commit: { branch, message: 'x' } });
      expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
      const [last] = (await eventsOf(runtime, runId)).slice(-1);
      expect(last).toMatchObject({ type: 'result.finished', data: { action: 'commit', outcome: 'refused' } });
    }
    expect(git(folder, 'for-each-ref', 'refs/heads')).toBe(before);
  });
});

describe('a run whose window closes', () => {
  it('ends without a word, and opens as interrupted with the call that is in doubt', async () => {
    const gate = makeGate();
    const folder = sampleFolder({ ...MINE, ...gate.files });
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await gate.reached();
    handle.abandon();
    await handle.done;
    const left = await eventsOf(runtime, handle.runId);
    expect(left.at(-1)).toMatchObject({ type: 'policy.decided' });
    expect(await recoverRuns(runtime)).toEqual([handle.runId]);
    const after = await eventsOf(runtime, handle.runId);
    expect(after.slice(0, -1)).toEqual(left);
    expect(after.at(-1)).toMatchObject({ type: 'run.interrupted', data: { inDoubt: 'test.1' } });
  });
});

describe('a run on a server that is too slow', () => {
  const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 2, on_success: 'done', on_failure: 'fail' };

  it.each<[string, Answer, RegExp]>([
    ['says nothing', hang, /sent no token within 0\.05 s/],
    ['stops in the middle', stallAfter(chunk({ content: 'I ' })), /went silent for 0\.05 s in the middle of a reply/],
  ])('ends at the limit, after the retries, when it %s', async (_what, answer, words) => {
    const server = await startOpenAiServer(answer, answer, answer);
    try {
      const address = parseBaseUrl(server.baseUrl);
      if (!address.ok) throw new Error(address.error);
      const limits = { firstTokenMs: 50, stallMs: 50 };
      const transport = createTransport({ proxy: { kind: 'none' }, connectMs: 5000 });
      const at = { server: address.value, key: undefined, setKey: 'somewhere', transport, facts: NOTHING_KNOWN };
      const options = { provider: 'openai', name: 'slow', ...at, monotonic, limits };
      const folder = sampleFolder({ '.openexec/blueprints/mine.yaml': blueprint('mine', { work: AGENT }) });
      const runtime = await testRuntime(bench);
      const ports = testPorts({ chooseModel: async () => createOpenAiModel(options) });
      const handle = await startRun(testRequest(folder), runtime, ports);
      await handle.done;
      const events = await eventsOf(runtime, handle.runId);
      const codes = events.flatMap((event) => (event.type === 'model.failed' ? [event.data.code] : []));
      expect(codes).toEqual(['stalled', 'stalled', 'stalled']);
      expect(await runtime.store.summary(handle.runId)).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(words),
      });
    } finally {
      await server.close();
    }
  });
});
