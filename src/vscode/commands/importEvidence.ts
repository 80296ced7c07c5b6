import * as vscode from 'vscode';
import { longWork } from '../longWork';
import { BUNDLE_FILES, type Command } from './context';
import { showReport } from './verifyRun';

/** "Import Evidence Bundle…": verifies a bundle first; the run of a sound one is listed, and can only be looked at. */
export const importEvidence: Command = async ({ runs, documents }) => {
  const picked = await vscode.window.showOpenDialog({
    title: 'Import Evidence Bundle',
    openLabel: 'Import',
    filters: BUNDLE_FILES,
  });
  const file = picked?.[0]?.fsPath;
  if (file === undefined) return;
  const imported = await longWork('importing the evidence', (progress) => runs.importBundle(file, progress));
  if (imported === undefined) return;
  const { runId, ok, report } = imported;
  const lead = ok ? `imported the run ${runId}: ` : 'nothing was imported: ';
  await showReport(report, { runId, task: '', at: new Date().toISOString(), lead }, { documents });
};
