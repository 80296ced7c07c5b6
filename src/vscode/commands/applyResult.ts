import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { offerAfterApply } from '../results/afterApply';
import { pathsOf, type ResultChange, resultChanges } from '../results/changes';
import { hasResult, type ListedRun } from '../runs';
import { type Command, runIdOf } from './context';
import { later } from './later';
import { pickRun } from './pickRun';

/** Brings a run's result into the folder: all of it, or nothing. */
export const applyResult: Command = async (context, run) => {
  const runId = runIdOf(run);
  later(context, offerAfterApply(context, runId, await context.runs.settle(runId, { action: 'apply' })));
};

type Row = vscode.QuickPickItem & { readonly paths: readonly string[] };

/**
 * "Apply Files…": brings those files of a run's result into the folder that are left ticked; all are at first, but for
 * `without`, paths that could not be brought together.
 */
export const applyFiles: Command = async (context, run, without) => {
  const { runs } = context;
  const none = vscode.l10n.t('no run has a result that can be applied.');
  const runId = await pickRun(runs, run, vscode.l10n.t('Apply Files'), isOffered, none);
  if (runId === undefined) return;
  const left = new Set(Array.isArray(without) ? without : []);
  const rows = resultChanges(await runs.summary(runId)).map((change) => rowOf(change, left));
  const picked = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Apply Files'),
    placeHolder: vscode.l10n.t('Tick the files to be brought into your folder.'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (picked === undefined || picked.length === 0) return;
  const only = picked.length < rows.length ? { only: picked.flatMap(({ paths }) => paths) } : {};
  later(context, offerAfterApply(context, runId, await runs.settle(runId, { action: 'apply', ...only })));
};

const isOffered = (run: ListedRun): boolean => !run.readOnly && hasResult(run);

function rowOf(change: ResultChange, left: ReadonlySet<unknown>): Row {
  const paths = pathsOf(change);
  const from = change.from === null ? '' : ` ${vscode.l10n.t('from {0}', labelText(change.from))}`;
  return {
    label: labelText(change.path),
    description: `${words()[change.kind]}${from}`,
    picked: !paths.some((path) => left.has(path)),
    paths,
  };
}

const words = (): Record<ResultChange['kind'], string> => ({
  added: vscode.l10n.t('added'),
  deleted: vscode.l10n.t('deleted'),
  changed: vscode.l10n.t('changed'),
  renamed: vscode.l10n.t('renamed'),
});
