/** `what-if`: the calls of recorded runs, decided again under another policy. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, jsonOf, temporaryFolder, writeIn } from '../../support/cli';
import { copyRecordedRun, recordedEvents } from '../../support/goldenStore';

type Answer = {
  readonly calls: number;
  readonly changed: readonly { seq: number; tool: string; was: string; now: string; rule: string }[];
  readonly wouldStopAt: number | null;
};

const VERSIONS = ['v1', 'v3', 'v5'];

async function ask(version: string, policy: string): Promise<Answer> {
  const root = temporaryFolder();
  const run = copyRecordedRun(version, root);
  const end = await cli(['what-if', run, '--policy', policy, '--store', root, '--json']);
  expect(end.code, end.stderr).toBe(0);
  return jsonOf<Answer>(end);
}

describe.each(VERSIONS)('a run of the record %s', (version) => {
  const decided = recordedEvents(version).filter(({ type }) => type === 'policy.decided');

  it('would have stopped at its first change under a policy that only reads', async () => {
    const { calls, changed, wouldStopAt } = await ask(version, 'read_only');
    expect(calls).toBe(decided.length);
    const denied = changed.filter(({ now }) => now === 'deny');
    expect(denied.length).toBeGreaterThan(0);
    expect(decided.map(({ seq }) => seq)).toEqual(expect.arrayContaining(changed.map(({ seq }) => seq)));
    for (const { was, now, rule } of changed) expect([was !== now, rule !== '']).toEqual([true, true]);
    expect(wouldStopAt).toBe(denied[0]?.seq);
  });
});

it('a policy that denies everything stops a run at its first call', async () => {
  const folder = temporaryFolder();
  writeIn(
    folder,
    'none.yaml',
    'version: 1\nid: none\ndescription: Reads nothing.\nrules:\n  - id: nothing\n    effect: deny\n    capabilities: [repo_read]\n    reason: nothing is read\n',
  );
  const { changed, wouldStopAt } = await ask('v5', path.join(folder, 'none.yaml'));
  expect(changed.some(({ rule }) => rule === 'nothing')).toBe(true);
  expect(wouldStopAt).not.toBeNull();
});

it('a policy or a run that is not there is wrong use', async () => {
  const root = temporaryFolder();
  const run = copyRecordedRun('v1', root);
  for (const args of [[run, '--policy', 'nothing-like-it'], ['no-such-run', '--policy', 'strict'], [run]]) {
    const end = await cli(['what-if', ...args, '--store', root, '--json']);
    expect([end.code, end.stdout]).toEqual([2, '']);
    expect(end.stderr).toMatch(/^openexec: .*(nothing-like-it|no-such-run|--policy)/m);
  }
});
