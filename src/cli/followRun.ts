/** A run on the command line, from its start or from where it is taken up again, to its end and its result. */
import path from 'node:path';
import { isHalted, type RunSummary } from '../core/events/summary';
import { messageOf } from '../core/kernel/errors';
import type { RunHandle } from '../node/runs/driveRun';
import type { Runtime } from '../node/runs/runtime';
import { rootOf, settleResult } from '../node/runs/settleResult';
import { worktreeFolder } from '../node/runs/startRun';
import { openRepository } from '../node/workspace/repository';
import { removeWorktree } from '../node/workspace/worktree';
import { EXIT, exitCodeOfRun } from './exit';
import { choice, type Flags } from './flags';
import { APPLY } from './grammar';
import { print } from './output';
import { progressWriter } from './progress';
import { visible } from './visible';

export type Apply = (typeof APPLY)[number];

/** What is to become of the result, by the flag `--apply`. */
export const applyOf = (flags: Flags): Apply => choice(flags, 'apply', APPLY, 'worktree');

/** Writes a line to standard error for every event that a reader of a terminal needs. */
export function showProgress({ store }: Runtime): void {
  const lineOf = progressWriter();
  store.onDidAppend((event) => {
    const line = lineOf(event);
    if (line !== null) process.stderr.write(`${visible(line)}\n`);
  });
}

/** Waits for the end of a run, which Ctrl-C cancels, settles its result and prints it. Answers the exit code. */
export async function followRun(flags: Flags, runtime: Runtime, handle: RunHandle, apply: Apply): Promise<number> {
  const interrupt = (): void => handle.cancel('the terminal (Ctrl-C)');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const failure = await handle.done.then(
    () => null,
    (error: unknown) => error,
  );
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  if (failure !== null) {
    const { status } = await runtime.store.summary(handle.runId).catch(() => ({ status: 'running' }));
    // Not even its end could be recorded, so there is no result to speak of.
    if (status === 'running' || status === 'waiting') throw failure;
    process.stderr.write(`openexec: ${visible(messageOf(failure))}\n`);
  }
  return settle(flags, runtime, handle.runId, apply);
}

async function settle(flags: Flags, runtime: Runtime, runId: string, apply: Apply): Promise<number> {
  const summary = await runtime.store.summary(runId);
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
  // A run that is paused or broke off goes on in its copy when it is resumed.
  if (apply !== 'worktree' && !isHalted(summary.status) && !refused) {
    await removeWorktree(await openRepository(await rootOf(runtime.store, runId), runtime.git), worktree);
  }
  const last = await runtime.store.summary(runId);
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

function forPeople(summary: RunSummary, worktree: string, apply: Apply): string {
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
