/** Writes a picture of a timeline to a file that the person names. */
import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import { besideFolder } from '../besideFolder';
import { info } from '../messages';

/** With what every PNG begins. */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `png` is base64; rejects with `usage` when it is no PNG: what a webview sends is not written to a disk unseen. */
export async function saveImage(runId: string, png: string): Promise<void> {
  const bytes = Buffer.from(png, 'base64');
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    throw new OpenExecError('usage', 'The picture of the timeline is not a PNG. Reload the window and try again.');
  }
  const target = await vscode.window.showSaveDialog({
    title: 'Save Timeline as PNG',
    saveLabel: 'Save',
    filters: { PNG: ['png'] },
    ...besideFolder(`openexec-${runId}.png`),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, bytes);
  void info(`OpenExec: saved the picture of the timeline to ${target.fsPath}.`);
}
