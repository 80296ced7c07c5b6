/** The last question before a run: what it would be, what of that is changed, and whether it may start so. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { PlanChanges } from '../core/events/planParts';
import { BY } from './approvals';
import { changePlan } from './changePlan';
import { type Changed, changedPlan } from './planRows';
import { projectFileText } from './projectFile';
import type { Requested } from './requestRows';
import type { RunPreview, Seen } from './runs';
import { summaryRows } from './startSummary';
import type { SummaryRow } from './summaryRow';

/** A run as it would be, and what is asked for. */
export type Prepared = { readonly seen: RunPreview; readonly requested: Requested };

type Question = {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly memory: vscode.Memento;
  readonly prepared: Promise<Prepared>;
  /** What the person has changed of the plan before they came back to this question. */
  readonly changed?: Changed;
};
type Row = vscode.QuickPickItem & { readonly does: SummaryRow['kind'] };

/** Where it is remembered which commands a person has agreed to in a repository. */
const keyOf = ({ root }: RunPreview): string => `openexec.commands:${root}`;

/** What the person agreed to: what they saw, and the plan with their changes. */
export type Agreed = Seen & { readonly changes: PlanChanges };

/** The start, or the part of the request that the person wants to change first. */
export type StartAnswer =
  | { readonly kind: 'start'; readonly agreed: Agreed }
  | { readonly kind: 'task' | 'blueprint' | 'model' | 'policy'; readonly changed: Changed };

/** Undefined when the person backed out, also into the commands. Rejects as `prepared` does. */
export async function askStart({ memory, prepared, ...question }: Question): Promise<StartAnswer | undefined> {
  let changed: Changed = question.changed ?? {};
  let at: Answer | undefined;
  for (;;) {
    const asked = await askOnce({ memory, prepared, ...question }, changed, at);
    // Who goes before there is a page is not kept waiting for it.
    if (asked.seen === null) return asked.answer === 'task' ? { kind: 'task', changed } : undefined;
    const { seen, answer } = asked;
    at = answer;
    switch (answer) {
      case undefined:
        return undefined;
      case 'task':
      case 'blueprint':
      case 'model':
      case 'policy':
        return { kind: answer, changed };
      case 'edit':
        await editCommands(seen);
        return undefined;
      case 'start': {
        await memory.update(keyOf(seen), seen.commandsHash);
        const { commandsHash, shownHash } = seen;
        const agreed = changedPlan(seen, changed);
        return { kind: 'start', agreed: { commandsHash, shownHash, changes: { by: BY, ...changed, agreed } } };
      }
      default:
        changed = await changePlan(answer, seen, changed);
    }
  }
}

type Answer = Exclude<SummaryRow['kind'], 'heading' | 'said'>;

type Asked = { readonly seen: RunPreview | null; readonly answer: Answer | undefined };

/** `at` is the row that was answered before: a second Enter is then no start. */
async function askOnce(
  { memory, prepared, title, step, totalSteps }: Question,
  changed: Changed,
  at: Answer | undefined,
): Promise<Asked> {
  const pick = Object.assign(vscode.window.createQuickPick<Row>(), { title, step, totalSteps });
  pick.ignoreFocusOut = true;
  pick.busy = true;
  pick.placeholder = vscode.l10n.t('Preparing the run…');
  pick.buttons = [vscode.QuickInputButtons.Back];
  const answered = answerOf(pick);
  pick.show();
  try {
    const first = await Promise.race([prepared, answered.then((answer) => ({ seen: null, answer }))]);
    if (first.seen === null) {
      prepared.catch(() => undefined);
      return first;
    }
    const { seen, requested } = first;
    const confirmed = memory.get(keyOf(seen)) === seen.commandsHash;
    pick.items = summaryRows({ seen, requested, confirmed, changed }).map(rowOf);
    const before = pick.items.filter(({ does }) => does === at);
    if (before.length > 0) pick.activeItems = before;
    pick.busy = false;
    pick.placeholder = confirmed
      ? vscode.l10n.t('Start the run under this plan?')
      : vscode.l10n.t('Runs may execute these commands, in a copy of the repository. Confirm them once.');
    return { seen, answer: await answered };
  } finally {
    pick.dispose();
  }
}

function answerOf(pick: vscode.QuickPick<Row>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => {
      resolve('task');
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
