/** Runs on the command line: how they end, with which exit code, and what becomes of their result. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../../.scripts/docs/documents';
import {
  blueprint,
  cli,
  defaultStore,
  git,
  journalOf,
  jsonOf,
  ONE_TEST_PASSES,
  only,
  project,
  sampleFolder,
  startCli,
  stateOf,
  temporaryFolder,
  writeIn,
} from '../../support/cli';
import { makeGate } from '../../support/gate';

type Printed = { status: string; outcome: string | null; runId: string; filesChanged: string[]; worktree?: string };

/** A blueprint of the workspace, by its id, and a command that it runs. */
const withBlueprint = (nodes: Readonly<Record<string, object>>, command = 'node tools/check.mjs') => ({
  '.openexec/blueprints/mine.yaml': blueprint('mine', nodes),
  '.openexec/project.yaml': project({ test: command, format: command }),
});
const run = (folder: string, ...more: string[]): string[] => [
  'run',
  ...['--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json'],
  ...more,
];
const TEST = { test: only('run_tests') };
const CHANGES =
  "import fs from 'node:fs';\nfs.appendFileSync('src/index.js', '// changed by the run\\n');\nfs.writeFileSync('src/new.js', 'new\\n');\n" +
  ONE_TEST_PASSES;

describe('how a run ends', () => {
  it('fails with exit code 1 when the recording does not know the task, and says what to do', async () => {
    const folder = sampleFolder();
    const args = ['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', 'Write a poem', '--json'];
    const end = await cli([...args, '--approve', 'all']);
    expect([end.code, jsonOf<Printed>(end).status]).toEqual([1, 'failed']);
    expect(DOCUMENTS.run.safeParse(jsonOf(end)).error?.issues ?? []).toEqual([]);
    expect(end.stderr).toMatch(/Model failed: The recording "Sample: .*" has no reply for this request/);
    expect(end.stderr).toMatch(/For anything else configure a model: set openexec\.model, or --model/);
  });

  it.each(['never', 'ask'])(
    'pauses with exit code 3 when nobody can approve (--approve %s, no terminal)',
    async (mode) => {
      const folder = sampleFolder(withBlueprint({ approve: only('request_approval') }));
      const end = await cli(run(folder, '--approve', mode));
      const { status, worktree } = jsonOf<Printed>(end);
      expect([end.code, status]).toEqual([3, 'paused']);
      expect(end.stderr).toMatch(/Run paused: an approval is needed and/);
      expect(worktree).toContain(defaultStore(folder));
      expect(journalOf(defaultStore(folder)).at(-1)?.type).toBe('run.paused');
    },
  );

  it('is stopped with exit code 4 by a policy file that denies the project command', async () => {
    const rules = [
      { id: 'read', effect: 'allow', capabilities: ['repo_read'], reason: 'Reading.' },
      { id: 'no-commands', effect: 'deny', capabilities: ['exec_project'], reason: 'Nothing is run here.' },
    ];
    const policy = JSON.stringify({ version: 1, id: 'mine', description: 'For a test.', rules });
    const folder = sampleFolder({ ...withBlueprint(TEST), 'tools/check.mjs': CHANGES });
    const here = temporaryFolder();
    writeIn(here, 'policy.yaml', policy);
    const end = await cli(run(folder, '--policy', './policy.yaml'), { cwd: here });
    expect([end.code, jsonOf<Printed>(end)]).toMatchObject([
      4,
      { status: 'stopped', outcome: 'policy', filesChanged: [] },
    ]);
    expect(end.stderr).toMatch(/Denied run_project_command test — no-commands/);
    expect(end.stderr).toMatch(/Run stopped: Denied by the policy rule no-commands: Nothing is run here\./);
  });

  it('is stopped with exit code 4 at a node that no rule of the policy allows', async () => {
    const rules = [{ id: 'read', effect: 'allow', capabilities: ['repo_read'], reason: 'Reading.' }];
    const policy = JSON.stringify({ version: 1, id: 'mine', description: 'For a test.', rules });
    const folder = sampleFolder({ ...withBlueprint({ commit: only('git_commit') }), 'policy.yaml': policy });
    const end = await cli(run(folder, '--policy', 'policy.yaml'));
    expect([end.code, jsonOf<Printed>(end).status]).toEqual([4, 'stopped']);
    expect(end.stderr).toMatch(/Denied git_commit .*— default-deny/);
    expect(git(folder, 'for-each-ref', 'refs/heads/openexec')).toBe('');
  });

  it('fails at the node, with the program named, when a command is not on PATH', async () => {
    const folder = sampleFolder(withBlueprint(TEST, 'no-such-program --all'));
    const end = await cli(run(folder));
    expect([end.code, jsonOf<Printed>(end).status]).toEqual([1, 'failed']);
    const finished = journalOf(defaultStore(folder)).find((event) => event.type === 'node.finished');
    expect(finished?.data).toMatchObject({ outcome: 'failure', reason: expect.stringMatching(/no-such-program/) });
    expect(end.stderr).toMatch(/Run failed: test: command not found: no-such-program; install it or put it on PATH/);
  });
});

describe('what a run would do', () => {
  it('is shown before its start: the worst case, the model, each command of the project and its source', async () => {
    const folder = sampleFolder({ ...withBlueprint(TEST), 'tools/check.mjs': ONE_TEST_PASSES });
    const end = await cli(run(folder));
    expect(jsonOf<Printed>(end).status).toBe('succeeded');
    const [shown = '', ran = ''] = end.stderr.split(/^(?=.*Run started)/m);
    expect(shown).toMatch(/^worst case: 0 model calls, 0 tokens, .*10 minutes\nmodel: recorded:/);
    expect(shown).toContain('\ntest: node tools/check.mjs (.openexec/project.yaml)\n');
    expect(ran).not.toBe('');
  });
});

describe('what becomes of the result', () => {
  const changing = () => sampleFolder({ ...withBlueprint(TEST), 'tools/check.mjs': CHANGES });

  it.each([
    ['none', false],
    ['worktree', true],
  ] as const)('with --apply %s the folder stays as it was', async (apply, kept) => {
    const folder = changing();
    const before = stateOf(folder);
    const end = await cli(run(folder, '--apply', apply));
    const printed = jsonOf<Printed>(end);
    expect([end.code, printed.filesChanged]).toEqual([0, ['src/index.js', 'src/new.js']]);
    expect(stateOf(folder)).toEqual(before);
    const worktree = path.join(defaultStore(folder), 'worktrees', printed.runId);
    expect([printed.worktree, fs.existsSync(worktree)]).toEqual(kept ? [worktree, true] : [undefined, false]);
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(kept ? 2 : 1);
  });

  it('with --apply workspace the files change, HEAD and the index do not, and the record says so', async () => {
    const folder = changing();
    const before = stateOf(folder);
    const end = await cli(run(folder, '--apply', 'workspace'));
    expect(end.code, end.stderr).toBe(0);
    const after = stateOf(folder);
    expect([after.head, after.index]).toEqual([before.head, before.index]);
    const { 'src/index.js': index, 'src/new.js': fresh, ...others } = after.files;
    const { 'src/index.js': old, ...same } = before.files;
    expect([index !== old, fresh === undefined, others]).toEqual([true, false, same]);
    expect(fs.readFileSync(path.join(folder, 'src/index.js'), 'utf8')).toMatch(/changed by the run\n$/);
    expect(journalOf(defaultStore(folder)).at(-1)).toMatchObject({
      type: 'result.finished',
      data: { action: 'apply', outcome: 'done', files: ['src/index.js', 'src/new.js'] },
    });
    const { runId } = jsonOf<Printed>(end);
    expect(jsonOf(await cli(['replay', runId, '--workspace', folder, '--json']))).toMatchObject({ identical: true });
  });

  it('is refused as a whole when the person edited the same lines while the run went on', async () => {
    const gate = makeGate(`fs.writeFileSync('src/index.js', 'the run\\n');\nfs.writeFileSync('src/new.js', 'new\\n');`);
    const folder = sampleFolder({ ...withBlueprint(TEST), ...gate.files });
    const { end } = startCli(run(folder, '--apply', 'workspace'));
    await gate.reached(end);
    fs.writeFileSync(path.join(folder, 'src/index.js'), 'the person\n');
    const before = stateOf(folder);
    gate.open();
    const refused = await end;
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /openexec: not applied: 1 file could not be brought together with your folder.*src\/index\.js/,
    );
    expect(stateOf(folder)).toEqual(before);
    expect(jsonOf<Printed>(refused).status).toBe('succeeded');
    expect(journalOf(defaultStore(folder)).at(-1)).toMatchObject({
      data: { action: 'apply', outcome: 'refused', files: [] },
    });
  });

  it('sees what is not committed, tracked or not, but does not count it as its own change', async () => {
    const check =
      "import fs from 'node:fs';\nconsole.log(fs.readFileSync('notes.txt', 'utf8'), fs.readFileSync('README.md', 'utf8'));\n" +
      ONE_TEST_PASSES;
    const folder = sampleFolder({
      ...withBlueprint({ test: { ...only('run_tests'), on_success: 'report' }, report: only('diff_report') }),
      'tools/check.mjs': check,
      'notes.txt': 'an untracked note',
      'README.md': 'a changed readme',
    });
    const end = await cli(run(folder));
    expect(jsonOf<Printed>(end)).toMatchObject({ status: 'succeeded', filesChanged: [] });
    const events = journalOf(defaultStore(folder));
    expect(events[0]?.data).toMatchObject({ workspace: { dirty: true } });
    const outputs = events.flatMap((event) => (event.type === 'tool.finished' ? [String(event.data.output)] : []));
    expect(outputs[0]).toMatch(/an untracked note a changed readme/);
    const diff = events.find((event) => event.type === 'artifact.created' && event.data.kind === 'diff');
    expect(JSON.stringify(diff)).not.toMatch(/notes\.txt|README/);
    expect(git(folder, 'status', '--porcelain')).not.toMatch(/store/);
  });

  it('works from a folder below the root, and keeps its store there, unseen by git', async () => {
    const folder = sampleFolder({ ...withBlueprint(TEST), 'tools/check.mjs': ONE_TEST_PASSES });
    const below = path.join(folder, 'src');
    const before = git(folder, 'status', '--porcelain');
    const end = await cli(run(below));
    expect(end.code, end.stderr).toBe(0);
    expect(journalOf(defaultStore(below)).at(-1)?.type).toBe('run.finished');
    expect(git(folder, 'status', '--porcelain')).toBe(before);
  });
});
