import * as vscode from 'vscode';
import { requireTrust } from '../folder';
import { askModal } from '../messages';
import type { InDoubt, Runs } from '../runs';
import { type Command, runIdOf } from './context';
import { follow } from './follow';

/** "Resume Run": takes up a run that paused or broke off; what is in doubt is asked about first. */
export const resumeRun: Command = async (context, run) => {
  const runId = runIdOf(run);
  requireTrust('resume');
  const inDoubt = await context.runs.inDoubt(runId);
  const decision = inDoubt === null ? null : await ask(inDoubt, await beganAt(context.runs, runId, inDoubt));
  if (decision === undefined) return;
  const resumed = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'OpenExec: resuming the run' },
    () => context.runs.resume(runId, decision, inDoubt?.id),
  );
  await vscode.commands.executeCommand('openexec.runs.focus');
  await context.panels.open(runId);
  void follow(resumed, context);
};

const AGAIN = 'Do It Again';
const FAILED = 'Treat as Failed';

/** Undefined when the person backs out. */
async function ask({ kind, title }: InDoubt, at: string | null): Promise<'repeat' | 'fail' | undefined> {
  const what = kind === 'call' ? 'This call' : 'This model request';
  const began = at === null ? '' : ` It began ${new Date(at).toLocaleString()}.`;
  const done = kind === 'call' ? 'may have been done in part' : 'may have been answered and paid for';
  const ways = `"${AGAIN}" repeats it. "${FAILED}" goes on as if it had failed.`;
  const detail = `${title}\n\n${what} was under way when the run stopped, and ${done}.${began}\n\n${ways}`;
  const picked = await askModal('How should the run go on?', detail, AGAIN, FAILED);
  if (picked === AGAIN) return 'repeat';
  return picked === FAILED ? 'fail' : undefined;
}

/** When what is in doubt was begun. */
async function beganAt(runs: Runs, runId: string, { kind, id }: InDoubt): Promise<string | null> {
  let at: string | null = null;
  for await (const event of runs.events(runId, 0)) {
    if (kind === 'call' && event.type === 'tool.requested' && event.data.call === id) at = event.at;
    if (kind === 'model' && event.type === 'model.requested') at = event.at;
  }
  return at;
}
