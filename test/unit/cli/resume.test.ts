/** Runs that are taken up again, and nodes that are replayed, from the command line. */
import { describe, expect, it } from 'vitest';
import {
  blueprint,
  cli,
  defaultStore,
  expectRefusal,
  git,
  journalOf,
  jsonOf,
  only,
  onlyRunOf,
  SAMPLE_TASK,
  sampleFolder,
  startCli,
} from '../../support/cli';
import { makeGate } from '../../support/gate';

const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }) };
const AGREE = {
  '.openexec/blueprints/mine.yaml': blueprint('mine', { agree: only('request_approval') }),
};
const run = (folder: string, ...more: string[]): string[] => [
  'run',
  ...['--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json'],
  ...more,
];

describe.skipIf(process.platform === 'win32')('a run that was killed', () => {
  const killed = async () => {
    const gate = makeGate();
    const folder = sampleFolder({ ...MINE, ...gate.files });
    const { child, end } = startCli(run(folder));
    await gate.reached(end);
    child.kill('SIGKILL');
    await end;
    gate.open();
    // Marks the run as interrupted, and makes the index that the killed process did not come to write.
    await cli(['runs', '--workspace', folder]);
    return { folder, runId: onlyRunOf(defaultStore(folder)) };
  };

  it('is resumed only with a word about the command that was under way, and then ends and replays identically', async () => {
    const { folder, runId } = await killed();
    const asked = await cli(['resume', runId, '--workspace', folder]);
    expectRefusal(asked, 2, /not known whether this was done.*run_project_command.*--in-doubt repeat/);
    const interrupted = journalOf(defaultStore(folder));
    const resumed = await cli(['resume', runId, '--workspace', folder, '--in-doubt', 'repeat', '--json']);
    expect([resumed.code, jsonOf(resumed)]).toMatchObject([0, { runId, status: 'succeeded' }]);
    const events = journalOf(defaultStore(folder));
    expect(events.slice(0, interrupted.length)).toEqual(interrupted);
    expect(events[interrupted.length]).toMatchObject({
      type: 'run.resumed',
      data: { by: 'command line', inDoubt: { kind: 'call', id: 'test.1', decision: 'repeat' } },
    });
    const replayed = await cli(['replay', runId, '--workspace', folder, '--json']);
    expect(jsonOf(replayed)).toMatchObject({ identical: true, events: events.length });
    expect(jsonOf(await cli(['verify', runId, '--workspace', folder, '--json']))).toMatchObject({ ok: true });
  });

  it('goes on without the command when it is given up, and is not resumed a second time', async () => {
    const { folder, runId } = await killed();
    const resumed = await cli(['resume', runId, '--workspace', folder, '--in-doubt', 'fail', '--json']);
    expect(jsonOf(resumed)).toMatchObject({ runId, status: 'failed' });
    expect(resumed.code).toBe(1);
    const again = await cli(['resume', runId, '--workspace', folder, '--in-doubt', 'fail']);
    expectRefusal(again, 1, /cannot be resumed: only a run that is paused or interrupted/);
  });
});

describe('a run that is paused because nobody could be asked', () => {
  it('goes on at the same question', async () => {
    const folder = sampleFolder(AGREE);
    const paused = await cli(run(folder, '--approve', 'never'));
    expect([paused.code, jsonOf(paused).status]).toEqual([3, 'paused']);
    const { runId } = jsonOf<{ runId: string }>(paused);
    const still = await cli(['resume', runId, '--workspace', folder, '--approve', 'never', '--json']);
    expect([still.code, jsonOf(still).status]).toEqual([3, 'paused']);
    const resumed = await cli(['resume', runId, '--workspace', folder, '--approve', 'all', '--json']);
    expect([resumed.code, jsonOf(resumed).status]).toEqual([0, 'succeeded']);
    const asked = journalOf(defaultStore(folder)).filter(({ type }) => type === 'approval.requested');
    expect(asked).toHaveLength(1);
    expect(jsonOf(await cli(['replay', runId, '--workspace', folder, '--json']))).toMatchObject({ identical: true });
  });
});

describe('a store that came with the repository', () => {
  it('is neither resumed from nor opened, for what it agrees to is not what this person agreed to', async () => {
    const folder = sampleFolder(AGREE);
    const { runId } = jsonOf<{ runId: string }>(await cli(run(folder, '--approve', 'never')));
    git(folder, 'add', '--force', '.openexec/store/runs');
    const words = /^openexec: git tracks files of the store at .*name another store with --store/;
    const before = journalOf(defaultStore(folder));
    for (const verb of [['resume', runId, '--approve', 'all'], ['runs'], ['show', runId], ['replay', runId]]) {
      expectRefusal(await cli([...verb, '--workspace', folder]), 2, words);
    }
    expectRefusal(await cli(run(folder)), 2, words);
    expect(journalOf(defaultStore(folder))).toEqual(before);
    git(folder, 'rm', '--cached', '--quiet', '-r', '.openexec/store/runs');
    const resumed = await cli(['resume', runId, '--workspace', folder, '--approve', 'all', '--json']);
    expect([resumed.code, jsonOf(resumed).status]).toEqual([0, 'succeeded']);
  });
});

describe('a step replay', () => {
  it('compares one node, and says what is wrong with the flags', async () => {
    const folder = sampleFolder();
    const ran = await cli([
      ...['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', SAMPLE_TASK],
      ...['--approve', 'all', '--json'],
    ]);
    const { runId } = jsonOf<{ runId: string }>(ran);
    const step = (...more: string[]) => cli(['replay', runId, '--workspace', folder, ...more]);
    const events = journalOf(defaultStore(folder)).filter(({ node }) => node === 'implement').length;
    const whole = await step('--mode', 'step', '--node', 'implement', '--json');
    expect([whole.code, jsonOf(whole)]).toMatchObject([0, { identical: true, events, divergence: null }]);
    expectRefusal(await step('--mode', 'step'), 2, /--mode step needs --node/);
    expectRefusal(await step('--node', 'implement'), 2, /goes with --mode step/);
    expectRefusal(
      await step('--mode', 'step', '--node', 'nowhere'),
      2,
      /did not come to a node "nowhere"; .*implement/,
    );
  });
});
