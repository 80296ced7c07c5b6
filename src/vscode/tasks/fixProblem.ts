import * as vscode from 'vscode';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';
import { nearOf, onDisk, placeOf } from './place';
import { problemTask } from './taskText';

const problemSchema = z.strictObject({
  file: z.string(),
  /** Lines, counted from 0. */
  first: z.number().int().nonnegative(),
  last: z.number().int().nonnegative(),
  message: z.string(),
  source: z.string().optional(),
  code: z.string().optional(),
});
/** A problem that something found in a file. */
export type FoundProblem = z.infer<typeof problemSchema>;

/** So many lines are shown before a problem and after it, and at the most of itself. */
const AROUND = 3;
const MOST_LINES = 20;

/** "Fix with OpenExec": the task is the problem at the cursor, or the one that a quick fix names, with the lines about it. */
export const fixProblem: Command = async (context, given) => {
  const problem = problemSchema.safeParse(given).data ?? problemAtCursor();
  if (problem === undefined)
    throw new OpenExecError(
      'usage',
      vscode.l10n.t('There is no problem at the cursor. Go to one, as with F8, and try again.'),
    );
  const { message, source, code } = problem;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(problem.file));
  await onDisk(document);
  const last = Math.min(problem.last, problem.first + MOST_LINES);
  const first = Math.max(0, problem.first - AROUND);
  const end = Math.min(document.lineCount - 1, last + AROUND);
  const text = document.getText(new vscode.Range(first, 0, end, Number.MAX_SAFE_INTEGER));
  const at = placeOf(document.uri, problem.first, problem.last);
  const task = problemTask({ message, source, code }, at, { first: first + 1, text });
  await startGiven(context, { task, ...nearOf(document.uri) });
};

function problemAtCursor(): FoundProblem | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { uri } = editor.document;
  if (uri.scheme !== 'file') return undefined;
  const here = vscode.languages
    .getDiagnostics(uri)
    .filter(isForRuns)
    .find(
      ({ range }) => range.start.line <= editor.selection.active.line && editor.selection.active.line <= range.end.line,
    );
  return here === undefined ? undefined : foundProblem(uri, here);
}

/** What OpenExec itself marks in files is about its runs and its own files. */
export const isForRuns = ({ source }: vscode.Diagnostic): boolean => source === undefined || !/^openexec/i.test(source);

/** A diagnostic of a file. */
export function foundProblem(uri: vscode.Uri, { range, message, source, code }: vscode.Diagnostic): FoundProblem {
  const named = typeof code === 'object' ? code.value : code;
  return {
    ...{ file: uri.fsPath, first: range.start.line, last: range.end.line, message },
    ...(source === undefined || source === '' ? {} : { source }),
    ...(named === undefined || named === '' ? {} : { code: String(named) }),
  };
}
