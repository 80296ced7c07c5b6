import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { info } from '../messages';
import type { ListedRun, Runs } from '../runs';
import { lookOf } from '../statusWords';
import { runIdOf } from './context';

/**
 * The run that a command was called on, else the one that a person chooses, of those that fit; undefined when there is none, or they
 * back out. `none` says why none is offered.
 */
export async function pickRun(
  runs: Runs,
  run: unknown,
  title: string,
  fits: (run: ListedRun) => boolean = () => true,
  none = 'no run has ended or is paused yet. Wait for it, or pause it.',
): Promise<string | undefined> {
  if (run !== undefined && run !== null) return runIdOf(run);
  const all = await runs.list();
  if (all.length === 0) {
    void info('OpenExec: there is no run yet. "OpenExec: Start Blueprint Run" makes one.');
    return undefined;
  }
  const offered = all.filter(fits);
  if (offered.length === 0) {
    void info(`OpenExec: ${none}`);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(offered.map(runItem), {
    title,
    placeHolder: 'Which run?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.runId;
}

/** A run in a list of runs. */
export function runItem({ runId, task, status, model, blueprint, startedAt }: ListedRun) {
  const detail = `${lookOf(status).word} · ${blueprint} · ${model} · ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return { label: labelText(task), description: runId, detail: labelText(detail), runId };
}
