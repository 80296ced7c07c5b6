import path from 'node:path';
import type { RunSummary } from '../../core/events/summary';
import { RULES_ALONE } from '../../core/gatekeeper/rulesAlone';
import { messageOf } from '../../core/kernel/errors';
import { modelChooser } from '../../node/runs/chooseModel';
import type { Runtime } from '../../node/runs/runtime';
import { settleResult, summaryOf } from '../../node/runs/settleResult';
import { startRun, worktreeFolder } from '../../node/runs/startRun';
import { openRepository } from '../../node/workspace/repository';
import { removeWorktree } from '../../node/workspace/worktree';
import { cliApprover } from '../approver';
import { idOrFile, markInterrupted, openRuntime, workspaceOf } from '../compose';
import { EXIT, exitCodeOfRun } from '../exit';
import { choice, type Flags, parseFlags, required, text } from '../flags';
import { print } from '../output';
import { progressWriter } from '../progress';
import { visible } from '../visible';

const FLAGS = ['blueprint', 'task', 'policy', 'model', 'base-url', 'approve', 'apply'];

/** `run`: one blueprint run, to its end. */
export async function run(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, FLAGS, 0);
  const approvals = choice(flags, 'approve', ['never', 'ask', 'all'], 'ask');
  const apply = choice(flags, 'apply', ['none', 'worktree', 'workspace'], 'worktree');
  const request = {
    folder: workspaceOf(flags),
    task: required(flags, 'task'),
    blueprint: idOrFile(required(flags, 'blueprint')),
    policy: idOrFile(text(flags, 'policy') ?? 'standard'),
    approvals,
  };
  const runtime = await openRuntime(flags, 'create');
  const chooseModel = modelChooser({
    model: text(flags, 'model'),
    baseUrl: text(flags, 'base-url'),
    key: process.env.OPENAI_API_KEY,
    allowFiles: true,
    monotonic: runtime.monotonic,
  });
  try {
    await markInterrupted(runtime);
    const lineOf = progressWriter();
    runtime.store.onDidAppend((event) => {
      const line = lineOf(event);
      if (line !== null) process.stderr.write(`${visible(line)}\n`);
    });
    const approver = cliApprover(approvals);
    const handle = await startRun(request, runtime, {
      classifier: RULES_ALONE,
      chooseModel,
      approver: () => approver,
      onDelta: () => undefined,
    });
    const interrupt = (): void => handle.cancel('the terminal (Ctrl-C)');
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const failure = await handle.done.then(
      () => null,
      (error: unknown) => error,
    );
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    if (failure !== null) {
      const { status } = await summaryOf(runtime.store, handle.runId).catch(() => ({ status: 'running' }));
      // Not even its end could be recorded, so there is no result to speak of.
      if (status === 'running' || status === 'waiting') throw failure;
      process.stderr.write(`openexec: ${visible(messageOf(failure))}\n`);
    }
    return await settle(flags, runtime, handle.runId, apply);
  } finally {
    await runtime.store.close();
  }
}

async function settle(
  flags: Flags,
  runtime: Runtime,
  runId: string,
  apply: 'none' | 'worktree' | 'workspace',
): Promise<number> {
  const folder = workspaceOf(flags);
  const summary = await summaryOf(runtime.store, runId);
  let code = exitCodeOfRun(summary.status);
  let refused = false;
  if (apply === 'workspace' && summary.status === 'succeeded') {
    const applied = await settleResult({ runId, action: 'apply', by: 'command line' }, runtime);
    if (applied.outcome === 'refused') {
      refused = true;
      process.stderr.write(`openexec: not applied: ${visible(`${applied.reason} ${applied.conflicts.join('; ')}`)}\n`);
      code = EXIT.failed;
    }
  }
  const worktree = worktreeFolder(runtime.store.root, runId);
  if (apply !== 'worktree' && summary.status !== 'paused' && !refused) {
    await removeWorktree(await openRepository(folder, runtime.git), worktree);
  }
  const last = await summaryOf(runtime.store, runId);
  if (code !== EXIT.ok && flags.values.json)
    process.stderr.write(`openexec: the run ${last.status}: ${visible(last.reason)}\n`);
  print(flags, { ...resultOf(last), ...(apply === 'worktree' ? { worktree } : {}) }, () =>
    forPeople(last, worktree, apply),
  );
  return code;
}

function resultOf(summary: RunSummary) {
  const { runId, status, outcome, blueprint, policyHash, head, events, tokens, costUsd, filesChanged } = summary;
  return { runId, status, outcome, blueprint, policyHash, head, events, tokens, costUsd, filesChanged };
}

function forPeople(summary: RunSummary, worktree: string, apply: string): string {
  const files = summary.filesChanged.map((file) => `    ${file}`);
  return [
    `Run ${summary.runId}: ${summary.status}. ${summary.reason}`,
    `  changed: ${files.length === 0 ? 'nothing' : `${files.length} file(s)`}`,
    ...files,
    ...(summary.branch ? [`  branch: ${summary.branch}`] : []),
    `  head: ${summary.events} events, ${summary.head}`,
    ...(apply === 'worktree' ? [`  worktree: ${path.relative(process.cwd(), worktree) || '.'}`] : []),
  ].join('\n');
}
