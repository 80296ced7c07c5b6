import path from 'node:path';
import * as vscode from 'vscode';
import type { Progress } from '../../core/ports/progress';
import { formatCount } from '../../protocol/format';
import { besideFolder } from '../besideFolder';
import { longWork } from '../longWork';
import { info } from '../messages';
import type { ExportedBundle, Runs } from '../runs';
import { BUNDLE_FILES, type Command, runIdOf } from './context';

const REVEAL = 'Reveal';
const COPY_HASH = 'Copy Hash';

/** "Export Evidence Bundle…": one self-contained file with everything that was recorded of a run. */
export const exportEvidence: Command = async ({ runs }, run) => {
  const runId = runIdOf(run);
  const target = await vscode.window.showSaveDialog({
    title: 'Export Evidence Bundle',
    saveLabel: 'Export',
    filters: BUNDLE_FILES,
    ...besideFolder(`openexec-${runId}.zip`),
  });
  if (target === undefined) return;
  const exported = await longWork('exporting the evidence', (progress) => exportTo(target, runId, runs, progress));
  if (exported === undefined) return;
  const { sha256, events, blobs, signedBy } = exported;
  const signed = signedBy === null ? 'NOT signed: there is no signing key.' : `Signed with the key ${signedBy}.`;
  const size = `${formatCount(events, 'event')}, ${formatCount(blobs, 'blob')}`;
  const text = `OpenExec: exported to ${path.basename(target.fsPath)}: ${size}. ${signed} SHA-256 ${sha256}`;
  // A window on another machine has no file manager that could show the file.
  const buttons = vscode.env.remoteName === undefined ? [REVEAL, COPY_HASH] : [COPY_HASH];
  const picked = await info(text, ...buttons);
  if (picked === REVEAL) await vscode.commands.executeCommand('revealFileInOS', target);
  if (picked === COPY_HASH) await vscode.env.clipboard.writeText(sha256);
};

/** A file that is there is replaced, for the dialog has asked; until its successor is whole, it stays. */
async function exportTo(target: vscode.Uri, runId: string, runs: Runs, progress: Progress): Promise<ExportedBundle> {
  const there = await vscode.workspace.fs.stat(target).then(
    () => true,
    () => false,
  );
  if (!there) return runs.exportBundle(runId, target.fsPath, progress);
  const next = target.with({ path: `${target.path}.${Date.now()}.new` });
  const exported = await runs.exportBundle(runId, next.fsPath, progress);
  await vscode.workspace.fs.rename(next, target, { overwrite: true });
  return exported;
}
