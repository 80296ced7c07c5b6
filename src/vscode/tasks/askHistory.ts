/** The last tasks of this workspace as a list, out of which each can be removed. */
import * as vscode from 'vscode';
import { formatCount, oneLine } from '../../protocol/format';
import { labelText } from '../exactText';
import { linesOf } from './box';
import { forgetTask, tasksOf } from './history';

type Item = vscode.QuickPickItem & { readonly task: string | null };

const SHOWN = 160;

/** The task that the person chose; undefined when they back out. */
export function askHistory(title: string, memory: vscode.Memento): Promise<string | undefined> {
  const pick = Object.assign(vscode.window.createQuickPick<Item>(), { title });
  pick.ignoreFocusOut = true;
  pick.placeholder = vscode.l10n.t('Which task?');
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.items = itemsOf(memory);
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => pick.hide());
    pick.onDidTriggerItemButton(async ({ item }) => {
      if (item.task === null) return;
      await forgetTask(memory, item.task);
      pick.items = itemsOf(memory);
    });
    pick.onDidAccept(() => {
      const task = pick.selectedItems[0]?.task;
      if (task === undefined || task === null) return;
      resolve(task);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemsOf(memory: vscode.Memento): Item[] {
  const tasks = tasksOf(memory);
  if (tasks.length === 0) return [{ task: null, label: vscode.l10n.t('No task is remembered in this workspace yet') }];
  const remove = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Remove from History') };
  return tasks.map((task) => ({
    ...{ task, label: labelText(oneLine(task, SHOWN)), buttons: [remove] },
    ...(linesOf(task) === 1 ? {} : { description: formatCount(linesOf(task), 'line') }),
  }));
}
