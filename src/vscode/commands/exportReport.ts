import path from 'node:path';
import * as vscode from 'vscode';
import { isEnded } from '../../core/events/summary';
import { besideFolder } from '../besideFolder';
import { longWork } from '../longWork';
import { info } from '../messages';
import type { ListedRun } from '../runs';
import type { Command } from './context';
import { pickRun } from './pickRun';

const OPEN = 'Open in Browser';

/** "Export Report…": the report of a run as one HTML file, for somebody who has no tools but a browser. */
export const exportReport: Command = async ({ runs }, run) => {
  const chosen = await pickRun(runs, run, 'Export Report', hasReport);
  if (chosen === undefined) return;
  const page = await longWork('writing the report', (progress) => runs.htmlReport(chosen, progress));
  if (page === undefined) return;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Report',
    saveLabel: 'Export',
    filters: { 'HTML page': ['html'] },
    ...besideFolder(`openexec-${chosen}.html`),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(page));
  // A browser here cannot read a file on another machine.
  const buttons = vscode.env.remoteName === undefined ? [OPEN] : [];
  const picked = await info(`OpenExec: exported the report to ${path.basename(target.fsPath)}.`, ...buttons);
  if (picked === OPEN) await vscode.env.openExternal(target);
};

const hasReport = ({ status }: ListedRun): boolean => isEnded(status) || status === 'paused';
