/** The question which blueprint a run goes by; the gatekeeper's suggestion comes first, and the file of each is one button away. */
import * as vscode from 'vscode';
import { formatCount } from '../protocol/format';
import type { Suggestion } from './blueprintSuggestion';
import { labelText } from './exactText';
import type { BlueprintChoice } from './runs';

type Question = {
  readonly title: string;
  /** The one that the run would go by: its id or its file. */
  readonly now: string | undefined;
  readonly suggestion: Suggestion | null;
  /** Why another one has to be chosen, in a line; null when nothing stands against it. */
  readonly problem: string | null;
  readonly of: readonly BlueprintChoice[];
};
type Item = vscode.QuickPickItem & { readonly choice: BlueprintChoice | null };

/** `left` when the person went to the file of a blueprint, `back` when they put the question away. */
export function askBlueprint({ title, now, ...question }: Question): Promise<{ id: string } | 'back' | 'left'> {
  const pick = Object.assign(vscode.window.createQuickPick<Item>(), { title });
  pick.ignoreFocusOut = true;
  pick.placeholder = vscode.l10n.t('Which blueprint?');
  pick.matchOnDetail = true;
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.items = itemsOf(question);
  const active = pick.items.find(({ choice }) => choice !== null && (choice.id === now || choice.file === now));
  if (active) pick.activeItems = [active];
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => pick.hide());
    pick.onDidTriggerItemButton(({ item }) => {
      if (item.choice === null) return;
      resolve('left');
      pick.hide();
      void openBlueprint(item.choice);
    });
    pick.onDidAccept(() => {
      const choice = pick.selectedItems[0]?.choice;
      if (!choice) return;
      resolve({ id: choice.id });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve('back');
      pick.dispose();
    });
    pick.show();
  });
}

function itemsOf({ of, suggestion, problem }: Omit<Question, 'title' | 'now'>): Item[] {
  const first = of.find(({ id }) => id === suggestion?.id);
  const others = of.filter((choice) => choice !== first).map((choice) => itemOf(choice));
  const said: Item[] =
    problem === null
      ? []
      : [{ choice: null, label: `$(warning) ${vscode.l10n.t('Choose Another One')}`, detail: labelText(problem) }];
  if (first === undefined || suggestion === null) return [...said, ...others];
  return [
    ...said,
    heading(vscode.l10n.t("the gatekeeper's suggestion")),
    itemOf(first, suggestion.why),
    heading(vscode.l10n.t('others')),
    ...others,
  ];
}

const heading = (label: string): Item => ({ choice: null, label, kind: vscode.QuickPickItemKind.Separator });

function itemOf(choice: BlueprintChoice, why?: string): Item {
  const { id, problems, warnings } = choice;
  const [title, description] = [labelText(choice.title), labelText(choice.description)];
  const [problem] = problems;
  const tooltip = vscode.l10n.t('Open the file of this blueprint');
  const buttons = [{ iconPath: new vscode.ThemeIcon('go-to-file'), tooltip }];
  if (problem === undefined) {
    const warned = warnings.length === 0 ? id : `${id} · ${formatCount(warnings.length, 'warning')}`;
    const because = why === undefined ? warned : `${warned} · ${labelText(why)}`;
    return { choice, label: title, description: because, detail: description, buttons };
  }
  return {
    choice,
    label: `$(error) ${title}`,
    description: id,
    detail: vscode.l10n.t('Cannot be started: {0}', labelText(problem)),
    buttons,
  };
}

/** What ships with the extension is shown, never changed. */
async function openBlueprint({ file, origin }: BlueprintChoice): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(file));
  if (origin === 'shipped') {
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  }
}
