/** The question which blueprint a run goes by; the file of each is one button away. */
import * as vscode from 'vscode';
import { formatCount } from '../protocol/format';
import { labelText } from './exactText';
import type { BlueprintChoice } from './runs';

type Question = {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  /** The id of the last one. */
  readonly last: string | undefined;
  readonly of: readonly BlueprintChoice[];
};
type Item = vscode.QuickPickItem & { readonly choice: BlueprintChoice };

/** Undefined when the person backs out, also into the file of a blueprint. */
export function askBlueprint({ last, of, ...question }: Question): Promise<{ id: string } | 'back' | undefined> {
  const pick = Object.assign(vscode.window.createQuickPick<Item>(), question);
  pick.ignoreFocusOut = true;
  pick.placeholder = 'Which blueprint?';
  pick.matchOnDetail = true;
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.items = of.map(itemOf);
  const active = pick.items.find(({ choice }) => choice.id === last);
  if (active) pick.activeItems = [active];
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => {
      resolve('back');
      pick.hide();
    });
    pick.onDidTriggerItemButton(({ item }) => {
      pick.hide();
      void openBlueprint(item.choice);
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (!chosen) return;
      resolve({ id: chosen.choice.id });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf(choice: BlueprintChoice): Item {
  const { id, problems, warnings } = choice;
  const [title, description] = [labelText(choice.title), labelText(choice.description)];
  const [problem] = problems;
  const buttons = [{ iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: 'Open the file of this blueprint' }];
  if (problem === undefined) {
    const warned = warnings.length === 0 ? id : `${id} · ${formatCount(warnings.length, 'warning')}`;
    return { choice, label: title, description: warned, detail: description, buttons };
  }
  return {
    choice,
    label: `$(error) ${title}`,
    description: id,
    detail: `Cannot be started: ${labelText(problem)}`,
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
