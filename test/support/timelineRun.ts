/**
 * A made-up run of about eighty events in the shape of a real one: context, an agent that is denied a file and breaks a test,
 * lint, failing tests, a fix, passing tests, a diff, an approval, a commit. For tests and pictures of the timeline.
 */
import type { DataOf } from '../../src/core/events/schema';
import type { PendingApproval } from '../../src/protocol/approval';
import type { RunView } from '../../src/protocol/messages';
import { MODEL, RUN, RunWriter, SNAPSHOT, START, sha } from './runWriter';

const TASK =
  'Invoices with a discount are sometimes a cent off: a discount of 10.00 over three equal lines takes off only 9.99. Find the cause and fix it.';
const DIFF = `diff --git a/src/discount.js b/src/discount.js
index 8a1c2d3..9f3e1aa 100644
--- a/src/discount.js
+++ b/src/discount.js
@@ -12,7 +12,8 @@ export function spread(total, lines) {
   const weights = lines.map((line) => line.net);
-  const shares = weights.map((weight) => Math.floor((total * weight) / sum(weights)));
-  return shares;
+  // What rounding leaves over goes to the first lines, so that the shares add up to the total.
+  return allocate(total, weights);
 }
 
 export function sum(values) {
`;

const plan: DataOf<'plan.proposed'>['plan'] = {
  mode: 'run',
  intent: 'bugfix',
  surface: 'backend',
  toolset: 'code_edit',
  blueprint: 'quick_fix',
  zones: ['src', 'test'],
  excluded: ['config/production.env'],
  sensitivity: 'low',
  risk: [],
  route: 'cloud',
  confidence: 0.86,
  reasons: ['"a cent off … fix it" reads as a bug in existing code', 'no secret and no personal data in the task'],
};

/** As in a journal: members sorted, so that the order of the nodes is in their routes alone. */
const definition = JSON.stringify({
  description: 'Finds and mends one fault.',
  id: 'quick_fix',
  nodes: {
    commit: { action: 'git_commit', on_success: 'done', title: 'Commit on a branch', type: 'deterministic' },
    context: { action: 'build_context', on_success: 'implement', title: 'Build context', type: 'deterministic' },
    fix: { goal: 'Mend what the tests found.', max_turns: 8, on_success: 'lint', title: 'Fix', type: 'agent' },
    implement: { goal: 'Make the change.', max_turns: 12, on_success: 'lint', title: 'Implement', type: 'agent' },
    lint: { action: 'run_lint', on_failure: { max: 2, to: 'fix' }, on_success: 'test', type: 'deterministic' },
    report: { action: 'diff_report', on_success: 'commit', type: 'deterministic' },
    test: {
      action: 'run_tests',
      on_failure: { max: 3, to: 'fix' },
      on_success: 'report',
      retry: 1,
      type: 'deterministic',
    },
  },
  start: 'context',
  title: 'Quick fix',
  toolset: 'coding',
  version: 1,
});

export const origin: DataOf<'run.started'> = {
  task: TASK,
  blueprint: { id: 'quick_fix', hash: sha(definition), definition },
  policy: { id: 'default', snapshot: SNAPSHOT, content: '{"rules":[{"id":"secrets-never-read","effect":"deny"}]}' },
  toolset: 'code_edit',
  model: MODEL,
  gatekeeper: { id: 'rules', sha256: null },
  workspace: {
    root: '/home/ada/tallybook',
    head: 'main',
    baseCommit: sha('c').slice(0, 40),
    baseTree: sha('t').slice(0, 40),
    dirty: true,
    dependencies: [],
    notCovered: [],
  },
  versions: { openexec: '0.1.0', node: '20.19.0', platform: 'linux-x64', git: '2.47.1' },
  flags: { engine: 1, prompt: 1 },
  bound: { nodeExecutions: 14, modelCalls: 48, tokens: 960_000, minutes: 30 },
  budget: { modelCalls: 48, tokens: 500_000, minutes: 20 },
  approvals: 'ask',
  seed: '42',
  parent: null,
};

const TESTS_FAIL = `ok 1 - formats amounts
not ok 7 - a discount of 10.00 over three equal lines takes off 10.00
  expected: 1000
  actual: 999
tests 24, passed 23, failed 1
`;

/** The run up to where the commit waits for an approval. */
export function pendingRun(): RunWriter {
  const run = new RunWriter();
  run.add('run.started', origin);
  run.add('plan.proposed', { plan, classifier: 'rules', ms: 3 });
  run.add('plan.accepted', { plan, changes: [], by: 'user' }, 4_000);
  run.node('context', 1, 'deterministic', 'build context', () => contextOf(run), ['success', 'implement']);
  run.node('implement', 1, 'agent', 'make the change', () => implement(run), ['success', 'lint']);
  run.node('lint', 1, 'deterministic', 'run the linter', () => command(run, 'lint', 0, 'no problems in 14 files\n'), [
    'success',
    'test',
  ]);
  run.node('test', 1, 'deterministic', 'run the tests', () => command(run, 'test', 1, TESTS_FAIL), ['failure', 'fix']);
  run.node('fix', 1, 'agent', 'repair what the tests found', () => fix(run), ['success', 'lint']);
  run.node('lint', 2, 'deterministic', 'run the linter', () => command(run, 'lint', 0, 'no problems in 14 files\n'), [
    'success',
    'test',
  ]);
  run.node(
    'test',
    2,
    'deterministic',
    'run the tests',
    () => command(run, 'test', 0, 'tests 24, passed 24, failed 0\n'),
    ['success', 'report'],
  );
  run.node('report', 1, 'deterministic', 'report the changes', () => report(run), ['success', 'commit']);
  return run;
}

/** The whole run, approved and committed. */
export function finishedRun(): RunWriter {
  const run = pendingRun();
  run.node(
    'commit',
    1,
    'deterministic',
    'commit on a branch',
    () => {
      const call = askCommit(run);
      run.add(
        'approval.resolved',
        { approval: 'approval-1', verdict: 'approved', by: 'user', reason: 'looks right' },
        21_000,
      );
      run.finish(call, 'git_commit', { output: 'committed 4f2a9c1 on openexec/quick-fix', ms: 60 });
      const commit = {
        call,
        name: 'commit',
        kind: 'commit',
        media: 'text/plain',
        content: '4f2a9c1',
        summary: 'on openexec/quick-fix',
      } as const;
      run.add('artifact.created', commit);
    },
    ['success', 'done'],
  );
  const [tree, commit] = [sha('tree').slice(0, 40), sha('commit').slice(0, 40)];
  run.add('run.finished', {
    status: 'succeeded',
    outcome: 'committed',
    reason: 'committed on openexec/quick-fix',
    tree,
    branch: 'openexec/quick-fix',
    commit,
  });
  return run;
}

/** The run while the commit waits. */
export function waitingRun(): RunWriter {
  const run = pendingRun();
  run.node('commit', 1, 'deterministic', 'commit on a branch', () => askCommit(run), ['success', 'done']);
  run.events.pop();
  return run;
}

/** A run whose window closed during a command. */
export function interruptedRun(): RunWriter {
  const run = new RunWriter();
  run.add('run.started', origin);
  run.add('plan.proposed', { plan, classifier: 'rules', ms: 3 });
  run.add('plan.accepted', { plan, changes: [], by: 'user' }, 4_000);
  run.node('context', 1, 'deterministic', 'build context', () => contextOf(run), ['success', 'implement']);
  run.node('implement', 1, 'agent', 'make the change', () => implement(run), ['success', 'lint']);
  let call = '';
  const lint = (): void => {
    call = run.ask('run_project_command', { name: 'lint' }, 'allow', 'project-commands', 'declared by the project');
  };
  run.node('lint', 1, 'deterministic', 'run the linter', lint, ['success', 'test']);
  run.events.pop();
  run.add('run.interrupted', { reason: 'the window closed', inDoubt: call }, 3_600_000);
  return run;
}

/** The same, taken up again. */
export function resumedRun(): RunWriter {
  const run = interruptedRun();
  const halt = run.events.at(-1);
  const id = (halt?.type === 'run.interrupted' && halt.data.inDoubt) || '';
  run.add(
    'run.resumed',
    { by: 'user', inDoubt: { kind: 'call', id, decision: 'repeat' }, tree: sha('t').slice(0, 40), openexec: '0.2.0' },
    60_000,
  );
  return run;
}

function contextOf(run: RunWriter): void {
  const file = (path: string, bytes: number, why: string) => ({
    path,
    lines: [1, 60] as [number, number],
    bytes,
    sha256: sha(path),
    why,
  });
  const files = [
    file('src/discount.js', 1_834, 'named by the task: discount'),
    file('src/allocate.js', 1_212, 'imported by src/invoice.js'),
    file('src/invoice.js', 2_640, 'calls src/discount.js'),
    file('test/discount.test.js', 3_105, 'tests src/discount.js'),
  ];
  run.tool('build_context', {}, { output: '4 files, 8.8 KB' }, (call) => {
    run.add('context.built', {
      call,
      files,
      withheld: [{ path: 'config/production.env', rule: 'secrets-never-read' }],
      bytes: 8_791,
    });
  });
}

function implement(run: RunWriter): void {
  const system = { role: 'system', content: 'You change code inside fixed bounds. Use the tools.' } as const;
  run.turn(
    1,
    'I look at the discount code first.',
    [{ name: 'read_file', input: { path: 'src/discount.js' } }],
    [system, { role: 'user', content: TASK }],
  );
  run.tool('read_file', { path: 'src/discount.js' }, { output: 'export function spread(total, lines) {\n  …\n}\n' });
  run.turn(
    2,
    'The currency may be configured.',
    [{ name: 'read_file', input: { path: 'config/production.env' } }],
    [{ role: 'tool', call: 'call-2', content: 'export function spread(total, lines) {\n  …\n}\n' }],
  );
  const denied = run.ask(
    'read_file',
    { path: 'config/production.env' },
    'deny',
    'secrets-never-read',
    'files that hold secrets are never read',
  );
  run.finish(denied, 'read_file', {
    outcome: 'denied',
    output: 'denied by secrets-never-read: files that hold secrets are never read',
    ms: 0,
  });
  run.turn(
    3,
    '',
    [{ name: 'replace_in_file', input: { path: 'src/discount.js' } }],
    [{ role: 'tool', call: denied, content: 'denied by secrets-never-read' }],
  );
  edit(run, 'Math.floor', 'Math.round');
  run.turn(
    4,
    'I rounded the shares instead of cutting them. Done.',
    [],
    [{ role: 'tool', call: 'call-4', content: 'replaced 1 passage' }],
  );
}

function fix(run: RunWriter): void {
  run.turn(
    5,
    'Rounding alone does not make the shares add up; `allocate` does.',
    [{ name: 'replace_in_file', input: { path: 'src/discount.js' } }],
    [{ role: 'user', content: `The tests failed:\n${TESTS_FAIL}` }],
  );
  edit(run, 'weights.map(…)', 'allocate(total, weights)');
  run.turn(
    6,
    'The shares now add up to the discount.',
    [],
    [{ role: 'tool', call: 'call-8', content: 'replaced 1 passage' }],
  );
}

function edit(run: RunWriter, old: string, replacement: string): void {
  const path = 'src/discount.js';
  run.tool(
    'replace_in_file',
    { path, old, new: replacement },
    { output: 'replaced 1 passage', tree: sha(replacement).slice(0, 40) },
    (call) => {
      const [before, after] = [
        { sha256: sha(old), bytes: 1_834, kept: true },
        { sha256: sha(replacement), bytes: 1_902, kept: true },
      ];
      run.add('file.changed', { call, path, before, after, how: 'replace_in_file' });
    },
  );
}

function command(run: RunWriter, name: string, exitCode: number, output: string): void {
  const result = {
    outcome: exitCode === 0 ? 'ok' : 'error',
    exitCode,
    output,
    ms: 840,
    confinement: 'not confined',
  } as const;
  const call = run.tool('run_project_command', { name }, result);
  const summary = output.trim().split('\n').at(-1) ?? '';
  run.add('artifact.created', { call, name, kind: 'report', media: 'text/plain', content: output, summary });
}

function report(run: RunWriter): void {
  run.tool('diff_report', {}, { output: '1 file changed, 2 insertions, 2 deletions' }, (call) => {
    run.add('artifact.created', {
      call,
      name: 'changes',
      kind: 'diff',
      media: 'text/x-diff',
      content: DIFF,
      summary: '1 file, +2 −2',
    });
  });
}

function askCommit(run: RunWriter): string {
  const call = run.ask(
    'git_commit',
    { message: 'Make discounts add up to the cent' },
    'ask',
    'commit-asks',
    'a commit needs a person',
  );
  run.add('approval.requested', {
    approval: 'approval-1',
    call,
    title: 'commit 1 file on openexec/quick-fix',
    detail: DIFF,
    snapshot: SNAPSHOT,
  });
  return call;
}

/** What the waiting run asks. */
export const COMMIT: PendingApproval = {
  approval: 'approval-1',
  title: 'commit 1 file on openexec/quick-fix',
  detail: DIFF,
  editable: false,
  repeatable: false,
  context: null,
  question: false,
  tool: 'git_commit',
  asks: {
    seq: 87,
    rule: 'commit-asks',
    layer: 'chosen policy standard (shipped)',
    reason: 'a commit needs a person',
  },
  snapshot: SNAPSHOT,
  change: null,
};

/** The head of the timeline for a run of this kind. */
export function viewOf(run: RunWriter, change: Partial<RunView> = {}): RunView {
  return {
    runId: RUN,
    task: TASK,
    blueprint: 'quick_fix',
    model: 'recorded:sample',
    recorded: true,
    status: 'succeeded',
    reason: 'committed on openexec/quick-fix',
    currentNode: null,
    attempt: null,
    events: run.events.length,
    startedAt: new Date(START).toISOString(),
    endedAt: run.events.at(-1)?.at ?? null,
    tokens: 24_000,
    costUsd: null,
    denials: 1,
    filesChanged: ['src/discount.js'],
    branch: 'openexec/quick-fix',
    result: 'ready',
    canDiscard: true,
    canResume: false,
    canPause: false,
    readOnly: false,
    imported: false,
    outsideToolset: 0,
    requests: 0,
    bytesSent: 0,
    redactions: 0,
    approvals: [],
    elsewhere: [],
    ...change,
  };
}

/** The head of the timeline while the commit waits for an approval. */
export const waitingView = (run: RunWriter): RunView =>
  viewOf(run, {
    status: 'running',
    reason: '',
    currentNode: 'commit',
    attempt: 1,
    endedAt: null,
    branch: null,
    result: 'none',
    canDiscard: false,
    approvals: [COMMIT],
  });

/** The head of the timeline of a run that broke off. */
export const interruptedView = (run: RunWriter): RunView =>
  viewOf(run, {
    status: 'interrupted',
    reason: 'the window closed',
    branch: null,
    result: 'none',
    canResume: true,
  });
