/** What a person is told after an apply, and what they can do next. */
import * as vscode from 'vscode';
import { formatCount } from '../../protocol/format';
import { info, warn } from '../messages';
import type { Runs, Settled } from '../runs';
import { openMergeEditors } from './mergeEditors';
import type { ResultTexts } from './texts';

type Desk = { readonly runs: Runs; readonly resultTexts: ResultTexts };

/** Resolves once the person has answered or the notification is gone. */
export async function offerAfterApply(desk: Desk, runId: string, settled: Settled): Promise<void> {
  if (settled.outcome === 'refused') return offerMerge(desk, runId, settled);
  const undo = vscode.l10n.t('Undo Apply');
  const { files } = settled;
  const text = `OpenExec: applied ${formatCount(files.length, 'file')} to your folder. HEAD and index are as they were.`;
  const picked = await info(text, ...(files.length > 0 ? [undo] : []));
  if (picked === undo) await vscode.commands.executeCommand('openexec.undoApply', runId);
}

async function offerMerge(desk: Desk, runId: string, { conflicts, reason, mergeable = [] }: Settled): Promise<void> {
  const merge = vscode.l10n.t('Resolve in Merge Editor');
  const others = vscode.l10n.t('Apply Other Files…');
  const detail = conflicts.slice(0, 5).join('; ');
  const ways = mergeable.length === 0 ? [] : [merge];
  const { filesChanged } = await desk.runs.summary(runId);
  if (conflicts.length > 0 && filesChanged.length > conflicts.length) ways.push(others);
  const picked = await warn(`OpenExec: not applied: ${reason}${detail ? ` (${detail})` : ''}`, ...ways);
  if (picked === merge) await openMergeEditors(desk, runId, mergeable);
  if (picked === others) {
    const paths = filesChanged.filter((path) => conflicts.some((conflict) => conflict.startsWith(`${path}: `)));
    await vscode.commands.executeCommand('openexec.applyFiles', runId, paths);
  }
}
