/** The last question before a run: what it would be, and whether it may start so. */
import path from 'node:path';
import * as vscode from 'vscode';
import { projectFileText } from './projectFile';
import type { RunPreview } from './runs';
import { type SummaryRow, summaryRows } from './startSummary';

type Question = {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly memory: vscode.Memento;
  readonly preview: Promise<RunPreview>;
};
type Row = vscode.QuickPickItem & { readonly does: SummaryRow['kind'] };

/** Where it is remembered which commands a person has agreed to in a repository. */
const keyOf = ({ root }: RunPreview): string => `openexec.commands:${root}`;

/** The preview that the person agreed to; undefined when they backed out, also into the commands. Rejects as it does. */
export async function askStart({ memory, preview, ...question }: Question): Promise<RunPreview | 'back' | undefined> {
  const pick = Object.assign(vscode.window.createQuickPick<Row>(), question);
  pick.ignoreFocusOut = true;
  pick.busy = true;
  pick.placeholder = 'Preparing the run…';
  pick.buttons = [vscode.QuickInputButtons.Back];
  const answered = answerOf(pick);
  pick.show();
  try {
    const seen = await preview;
    const confirmed = memory.get(keyOf(seen)) === seen.commandsHash;
    pick.items = summaryRows(seen, confirmed).map(rowOf);
    pick.busy = false;
    pick.placeholder = confirmed
      ? 'Start the run?'
      : 'Runs may execute these commands, in a copy of the repository. Confirm them once.';
    const answer = await answered;
    if (answer === 'edit') await editCommands(seen);
    if (answer === 'start') {
      await memory.update(keyOf(seen), seen.commandsHash);
      return seen;
    }
    return answer === 'back' ? 'back' : undefined;
  } finally {
    pick.dispose();
  }
}

function answerOf(pick: vscode.QuickPick<Row>): Promise<SummaryRow['kind'] | undefined> {
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => {
      resolve('back');
      pick.hide();
    });
    pick.onDidAccept(() => {
      const does = pick.selectedItems[0]?.does;
      // What is only said is no choice: the question stays.
      if (does === undefined || does === 'said') return;
      resolve(does);
      pick.hide();
    });
    pick.onDidHide(() => resolve(undefined));
  });
}

function rowOf({ kind, ...texts }: SummaryRow): Row {
  const heading = kind === 'heading' ? { kind: vscode.QuickPickItemKind.Separator } : {};
  return { does: kind, ...texts, ...heading };
}

/** Opens the project's file; where there is none, one that holds what was found, and that is written when it is saved. */
async function editCommands({ root, commands }: RunPreview): Promise<void> {
  const file = vscode.Uri.file(path.join(root, '.openexec', 'project.yaml'));
  const there = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (there) {
    await vscode.window.showTextDocument(file);
    return;
  }
  const editor = await vscode.window.showTextDocument(file.with({ scheme: 'untitled' }));
  if (editor.document.getText() !== '') return;
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), projectFileText(commands)));
}
