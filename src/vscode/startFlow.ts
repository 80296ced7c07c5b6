/** The two questions before a run: what is to be done, and by which blueprint; with a way back. */
import * as vscode from 'vscode';
import type { BlueprintChoice, StartDefaults } from './runs';

export type Choice = { readonly task: string; readonly blueprint: string };

const TITLE = 'Start Blueprint Run';
const LAST_BLUEPRINT = 'openexec.lastBlueprint';
const LAST_TASK = 'openexec.lastTask';

/** Asks; undefined when the person backs out of the first question. The last answers are the defaults of the next. */
export async function askForRun(defaults: StartDefaults, memory: vscode.Memento): Promise<Choice | undefined> {
  let task = memory.get<string>(LAST_TASK) ?? defaults.recordedTask ?? '';
  for (;;) {
    const answer = await askTask(task, defaults);
    if (answer === undefined) return undefined;
    task = answer;
    const blueprint = await askBlueprint(defaults, memory.get<string>(LAST_BLUEPRINT));
    if (blueprint === 'back') continue;
    if (blueprint === undefined) return undefined;
    await memory.update(LAST_TASK, task);
    await memory.update(LAST_BLUEPRINT, blueprint);
    return { task, blueprint };
  }
}

function askTask(value: string, { model, recordedTask }: StartDefaults): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.title = TITLE;
  input.step = 1;
  input.totalSteps = 2;
  input.ignoreFocusOut = true;
  input.value = value;
  input.placeholder = 'What is to be done? One or two sentences.';
  input.prompt = modelLine(model, recordedTask);
  return new Promise((resolve) => {
    input.onDidAccept(() => {
      const task = input.value.trim();
      if (task === '') {
        input.validationMessage = 'Say in a sentence what is to be done.';
        return;
      }
      resolve(task);
      input.hide();
    });
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

function modelLine(model: string | null, recordedTask: string | null): string {
  if (model === null) return 'No model is configured yet; you will be told how to set one.';
  if (recordedTask === null) return `Model: ${model}`;
  return `Model: ${model}, a recording without live calls. It answers the task that is filled in, and no other.`;
}

type BlueprintItem = vscode.QuickPickItem & { readonly id: string };

function askBlueprint(defaults: StartDefaults, last: string | undefined): Promise<string | 'back' | undefined> {
  const pick = vscode.window.createQuickPick<BlueprintItem>();
  pick.title = TITLE;
  pick.step = 2;
  pick.totalSteps = 2;
  pick.ignoreFocusOut = true;
  pick.placeholder = 'Which blueprint?';
  pick.matchOnDetail = true;
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.items = defaults.blueprints.map(itemOf);
  const active = pick.items.find(({ id }) => id === last);
  if (active) pick.activeItems = [active];
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => {
      resolve('back');
      pick.hide();
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (!chosen) return;
      resolve(chosen.id);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf({ id, title, description, problems }: BlueprintChoice): BlueprintItem {
  const [problem] = problems;
  if (problem !== undefined)
    return { id, label: `$(error) ${title}`, description: id, detail: `Cannot be started: ${problem}` };
  return { id, label: title, description: id, detail: description };
}
