import path from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { pickFolder } from '../folder';
import { askForRun } from '../startFlow';
import { begin } from './begin';
import type { Command, CommandContext } from './context';

const text = z.string().trim().min(1);
/** A file or folder near which the run is to work, where several folders are open. */
const near = z.string().optional();

/** What is handed over, and nothing else: menus hand over what is selected, such as a run, which has a task too. */
const givenSchema = z.union([
  z.strictObject({ task: text, near }),
  z.strictObject({ about: z.strictObject({ name: text, text }), near }),
]);

/** A task that was written elsewhere; or what a task is about, which is then asked for. */
export type GivenTask = z.infer<typeof givenSchema>;

/**
 * "Start Blueprint Run": a few questions, then a run with progress that can be cancelled. `given` is a blueprint's file, or what
 * is known of the task.
 */
export const startRun: Command = async (context, given) => {
  if (given instanceof vscode.Uri) return start(context, {}, await savedFile(given));
  await start(context, givenSchema.safeParse(given).data ?? {});
};

/** The same with a task out of the editor: nothing starts before the person agrees to the plan. */
export const startGiven = (context: CommandContext, given: GivenTask): Promise<void> => start(context, given);

async function start(context: CommandContext, given: GivenTask | { readonly near?: undefined }, blueprint?: string) {
  const { runs, memory, models, taskDocuments } = context;
  const folder = await pickFolder(blueprint ?? given.near);
  if (folder === undefined) return;
  const choice = await askForRun({
    defaults: await runs.defaults(folder),
    ...{ folder, memory, documents: taskDocuments, blueprint },
    task: 'task' in given ? given.task : undefined,
    about: 'about' in given ? given.about : undefined,
    others: { models, policies: () => runs.policies() },
    preview: (wanted) => runs.preview({ folder, ...wanted }),
  });
  if (choice) await begin(context, { folder, ...choice });
}

/** A run goes by what is on the disk, and the person means what they see. */
async function savedFile(uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  return path.normalize(uri.fsPath);
}
