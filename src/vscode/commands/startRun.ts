import path from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { pickFolder } from '../folder';
import { askForRun } from '../startFlow';
import { begin } from './begin';
import type { Command } from './context';

/** A task that is handed over, and nothing else: menus hand over what is selected, such as a run, which has a task too. */
const givenSchema = z.strictObject({ task: z.string().trim().min(1) });

/**
 * "Start Blueprint Run": a few questions, then a run with progress that can be cancelled. `given` is a blueprint's file, or an
 * object with the `task`.
 */
export const startRun: Command = async (context, given) => {
  const { runs, memory } = context;
  const file = given instanceof vscode.Uri ? await savedFile(given) : undefined;
  const folder = await pickFolder(file);
  if (folder === undefined) return;
  const choice = await askForRun({
    defaults: await runs.defaults(folder),
    memory,
    blueprint: file,
    task: givenSchema.safeParse(given).data?.task,
    preview: (chosen) => runs.preview({ folder, ...chosen }),
  });
  if (choice) await begin(context, { folder, ...choice });
};

/** A run goes by what is on the disk, and the person means what they see. */
async function savedFile(uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  return path.normalize(uri.fsPath);
}
