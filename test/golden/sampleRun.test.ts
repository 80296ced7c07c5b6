/** The sample run, whole, through what ships: how it ends, what it prints, and every step against the kept text. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliEnd, cli, defaultStore, git, journalOf, jsonOf, SAMPLE_TASK, stateOf } from '../support/cli';
import { goldenText } from '../support/goldenText';
import { makeSampleWorkspace, removeSampleWorkspace } from '../support/sample-workspace.mjs';

const GOLDEN = path.join(import.meta.dirname, 'sample-run.txt');

describe('the sample run on the command line', () => {
  let folder: string;
  let before: ReturnType<typeof stateOf>;
  let end: CliEnd;

  beforeAll(async () => {
    folder = makeSampleWorkspace();
    before = stateOf(folder);
    const run = ['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', SAMPLE_TASK];
    end = await cli([...run, '--approve', 'all', '--json']);
    return () => removeSampleWorkspace(folder);
  });

  it('succeeds with exit code 0 and the members that the contract names, in one document', () => {
    expect(end.code, end.stderr).toBe(0);
    const printed = jsonOf(end);
    expect(Object.keys(printed)).toEqual([
      'runId',
      'status',
      'outcome',
      'blueprint',
      'policyHash',
      'head',
      'events',
      'tokens',
      'costUsd',
      'filesChanged',
      'worktree',
    ]);
    const events = journalOf(defaultStore(folder));
    expect(printed).toMatchObject({
      status: 'succeeded',
      outcome: 'done',
      blueprint: 'quick_fix',
      filesChanged: ['src/allocate.js'],
      costUsd: 0,
      events: events.length,
      head: events.at(-1)?.hash,
      runId: events[0]?.run,
    });
  });

  it('goes through the very steps of the kept text', () => {
    // Written anew, after a change that was meant, by test/support/makeGoldenRun.ts.
    expect(goldenText(journalOf(defaultStore(folder)))).toBe(fs.readFileSync(GOLDEN, 'utf8'));
  });

  it('shows the live timeline on standard error', () => {
    expect(end.stderr).toMatch(/Denied read_file config\/production\.env — secrets-never-read/);
    expect(end.stderr).toMatch(/Run succeeded/);
  });

  it('leaves HEAD, the index and every file of the person as they were, and nothing that git would show', () => {
    expect(stateOf(folder)).toEqual(before);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('commits the mended file on a branch of its own, and leaves it in the worktree that it names', () => {
    const branch = git(folder, 'for-each-ref', '--format=%(refname)', 'refs/heads/openexec');
    expect(branch).toMatch(/^refs\/heads\/openexec\/\S+$/);
    const mended = git(folder, 'show', `${branch}:src/allocate.js`);
    expect(mended).toMatch(/byRemainder/);
    const { worktree } = jsonOf<{ worktree: string }>(end);
    expect(fs.readFileSync(path.join(worktree, 'src/allocate.js'), 'utf8').trim()).toBe(mended);
  });

  it('is sound, is listed, and replays hash for hash', async () => {
    const { runId, head } = jsonOf<{ runId: string; head: string }>(end);
    const [verified, listed, replayed] = await Promise.all([
      cli(['verify', runId, '--workspace', folder, '--head', head, '--json']),
      cli(['runs', '--workspace', folder, '--json']),
      cli(['replay', runId, '--workspace', folder, '--json']),
    ]);
    expect(jsonOf(verified)).toMatchObject({
      ok: true,
      head,
      firstBad: null,
      notChecked: ['signatures come with an evidence bundle'],
    });
    expect(jsonOf(listed)).toMatchObject([{ runId, status: 'succeeded', head, task: SAMPLE_TASK }]);
    expect(jsonOf(replayed)).toMatchObject({ identical: true, head, recordedHead: head, divergence: null });
    expect([verified.code, listed.code, replayed.code]).toEqual([0, 0, 0]);
  });
});
