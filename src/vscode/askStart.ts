/** The last question before a run: what it would be, and whether it may start so. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { PlanChanges } from '../core/events/planParts';
import { BY } from './approvals';
import { changePlan } from './changePlan';
import { type Changed, changedPlan } from './planRows';
import { projectFileText } from './projectFile';
import type { RunPreview } from './runs';
import { summaryRows } from './startSummary';
import type { SummaryRow } from './summaryRow';

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

/** What the person agreed to: the commands by their hash, and the plan with their changes. */
export type Agreed = { readonly commandsHash: string; readonly changes: PlanChanges };

/** Undefined when the person backed out, also into the commands. Rejects as the preview does. */
export async function askStart({ memory, preview, ...question }: Question): Promise<Agreed | 'back' | undefined> {
  let changed: Changed = {};
  for (;;) {
    const { seen, answer } = await askOnce({ memory, preview, ...question }, changed);
    switch (answer) {
      case undefined:
      case 'back':
        return answer;
      case 'edit':
        await editCommands(seen);
        return undefined;
      case 'start': {
        await memory.update(keyOf(seen), seen.commandsHash);
        const agreed = changedPlan(seen, changed);
        return { commandsHash: seen.commandsHash, changes: { by: BY, ...changed, agreed } };
      }
      default:
        changed = await changePlan(answer, seen, changed);
    }
  }
}

type Answer = Exclude<SummaryRow['kind'], 'heading' | 'said'>;

async function askOnce(
  { memory, preview, ...question }: Question,
  changed: Changed,
): Promise<{ seen: RunPreview; answer: Answer | undefined }> {
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
    pick.items = summaryRows(seen, confirmed, changed).map(rowOf);
    pick.busy = false;
    pick.placeholder = confirmed
      ? 'Start the run under this plan?'
      : 'Runs may execute these commands, in a copy of the repository. Confirm them once.';
    return { seen, answer: await answered };
  } finally {
    pick.dispose();
  }
}

function answerOf(pick: vscode.QuickPick<Row>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => {
      resolve('back');
      pick.hide();
    });
    pick.onDidAccept(() => {
      const does = pick.selectedItems[0]?.does;
      // What is only said is no choice: the question stays.
      if (does === undefined || does === 'said' || does === 'heading') return;
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
