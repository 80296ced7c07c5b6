/** Leaving files out of what is sent: all of them ticked, with the total of those that still are. */
import * as vscode from 'vscode';
import { type AskedFile, askedFiles, contextQuestionOf, remaining, sendLabel } from '../protocol/contextQuestion';
import { formatBytes } from '../protocol/format';
import type { PendingApproval } from './approvals';
import { exactLine, labelText } from './exactText';

type Row = vscode.QuickPickItem & { readonly file: AskedFile };

/** The paths that the person leaves out; undefined when they back out, or when the question cannot be read. */
export function chooseFiles({ detail }: PendingApproval): Promise<string[] | undefined> {
  const question = contextQuestionOf(detail);
  if (question === null) return Promise.resolve(undefined);
  const files = askedFiles(question);
  const pick = vscode.window.createQuickPick<Row>();
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.placeholder = 'Untick what is not to be sent; the run is not shown it later either. Enter sends the rest.';
  pick.items = files.map(rowOf);
  pick.selectedItems = pick.items;
  const leftOut = (): Set<string> => {
    const kept = new Set(pick.selectedItems.map(({ file }) => file.path));
    return new Set(files.map(({ path }) => path).filter((path) => !kept.has(path)));
  };
  const retitle = (): void => {
    const left = remaining(files, leftOut());
    const what = left.files === 0 ? 'Keep at least one file' : `${sendLabel(left.files)}, ${formatBytes(left.bytes)}`;
    pick.title = exactLine(`${what}, to ${question.destination}`);
  };
  retitle();
  return new Promise((resolve) => {
    pick.onDidChangeSelection(retitle);
    pick.onDidAccept(() => {
      if (pick.selectedItems.length === 0) return;
      resolve([...leftOut()]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const rowOf = (file: AskedFile): Row => ({
  label: labelText(file.path),
  description: `${file.lines} · ${formatBytes(file.bytes)}`,
  detail: labelText(file.why),
  file,
});
