/** `compare`: recorded runs beside each other, also those of older engines. */
import { describe, expect, it } from 'vitest';
import { type Comparison, comparisonSchema } from '../../../src/core/events/comparison';
import { cli, expectRefusal, jsonOf, SAMPLE_TASK, sampleFolder, temporaryFolder } from '../../support/cli';
import { copyRecordedRun, rechain, recordedEvents, writeRun } from '../../support/goldenStore';

async function compare(root: string, runs: readonly string[]): Promise<Comparison> {
  const end = await cli(['compare', ...runs, '--store', root, '--json']);
  expect(end.code, end.stderr).toBe(0);
  return comparisonSchema.parse(jsonOf(end));
}

describe('compare', () => {
  it('says of the record of an old engine and of a newer one where they part ways', async () => {
    const root = temporaryFolder();
    const runs = ['v1', 'v5'].map((version) => copyRecordedRun(version, root));
    const { firstDivergence, metrics, nodes, policy, files } = await compare(root, runs);
    expect(firstDivergence).toMatchObject({ runs, equalSteps: 0, what: 'the plan of the gatekeeper' });
    expect(metrics.map(({ run, success }) => [run, success])).toEqual(runs.map((run) => [run, true]));
    expect(nodes.map(({ node }) => node)).toContain('implement');
    expect(policy.some(({ runs: [, second] }) => second?.some(({ decision }) => decision === 'deny'))).toBe(true);
    expect(files).toEqual([]);
  });

  it('finds two runs of the same recording the same', async () => {
    const folder = sampleFolder();
    const root = temporaryFolder();
    const args = ['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', SAMPLE_TASK, '--approve', 'all'];
    const runs: string[] = [];
    for (let at = 0; at < 2; at += 1) {
      const end = await cli([...args, '--store', root, '--json']);
      expect(end.code, end.stderr).toBe(0);
      runs.push(jsonOf<{ runId: string }>(end).runId);
    }
    const { firstDivergence, metrics } = await compare(root, runs);
    expect(firstDivergence?.text ?? null).toBeNull();
    expect(metrics[0]).toMatchObject({ success: true, denials: metrics[1]?.denials, tokens: metrics[1]?.tokens });
    const { stdout } = await cli(['compare', ...runs, '--store', root]);
    expect(stdout).toContain('The runs are the same, step by step.');
  });

  it('puts three runs into a matrix, each against the first', async () => {
    const root = temporaryFolder();
    const first = copyRecordedRun('v5', root);
    const events = recordedEvents('v5');
    writeRun(root, 'twin', rechain('twin', events));
    writeRun(root, 'short', rechain('short', events.slice(0, 60)));
    const found = await compare(root, [first, 'twin', 'short']);
    expect(found.metrics.map((run) => run.firstDivergence !== null)).toEqual([false, false, true]);
    expect(found.firstDivergence?.runs).toEqual([first, 'short']);
    for (const { runs } of found.nodes) expect(runs).toHaveLength(3);
    const { stdout } = await cli(['compare', first, 'twin', 'short', '--store', root]);
    expect(stdout).toContain('Run 2 against run 1: the same as the first run, step by step.');
    expect(stdout).toMatch(/Run 3 against run 1: After \d+ equal steps/);
  });

  it('takes two to six different runs that are there', async () => {
    const root = temporaryFolder();
    const run = copyRecordedRun('v1', root);
    const ask = (...runs: string[]) => cli(['compare', ...runs, '--store', root, '--json']);
    expectRefusal(await ask(run), 2, /2 to 6 .*the id of a run.* got 1/);
    expectRefusal(await ask(...'abcdefg'), 2, /got 7/);
    expectRefusal(await ask(run, run), 2, /named twice/);
    const gone = await ask(run, 'no-such-run');
    expect([gone.code, gone.stdout]).toEqual([2, '']);
    expect(gone.stderr).toMatch(/^openexec: .*no-such-run/m);
  });
});
