/** The questions before a run: what is to be done, by which blueprint, and whether to start it so; with a way back. */
import * as vscode from 'vscode';
import { askBlueprint } from './askBlueprint';
import { type Agreed, askStart } from './askStart';
import { notificationText } from './messages';
import type { RunPreview, StartDefaults } from './runs';

export type Choice = Agreed & { readonly task: string; readonly blueprint: string };

/** What the questions need besides the answers. */
export type Asking = {
  readonly defaults: StartDefaults;
  readonly memory: vscode.Memento;
  /** The blueprint that was chosen beforehand, which is then not asked about. */
  readonly blueprint: string | undefined;
  /** A task that was written elsewhere: it is filled in, and asked about only when one goes back to it. */
  readonly task?: string | undefined;
  readonly preview: (choice: { task: string; blueprint: string }) => Promise<RunPreview>;
  /** A run that is to be done again: its answers are filled in, and only the last question is asked unless one goes back. */
  readonly again?: { readonly title: string; readonly task: string; readonly blueprint: string };
};

const TITLE = 'Start Blueprint Run';
const LAST_BLUEPRINT = 'openexec.lastBlueprint';
/** What is offered to somebody who has not chosen yet: the shortest way from a task to a change. */
const FIRST_BLUEPRINT = 'quick_fix';
const LAST_TASK = 'openexec.lastTask';

/**
 * Asks; undefined when the person backs out of the first question or of the last. The last answers are the defaults of
 * the next time, those of a run that is done again apart. Rejects as the preview does.
 */
export async function askForRun(asking: Asking): Promise<Choice | undefined> {
  const { defaults, memory, blueprint, preview, again } = asking;
  const totalSteps = blueprint === undefined ? 3 : 2;
  const title = again?.title ?? TITLE;
  let task = again?.task ?? asking.task ?? memory.get<string>(LAST_TASK) ?? defaults.recordedTask ?? '';
  let step: 'task' | 'blueprint' | 'start' = firstStep(asking);
  let chosen = again?.blueprint ?? blueprint ?? memory.get<string>(LAST_BLUEPRINT) ?? FIRST_BLUEPRINT;
  for (;;) {
    if (step === 'task') {
      const answer = await askTask(task, { title, totalSteps, defaults });
      if (answer === undefined) return undefined;
      task = answer;
      step = blueprint === undefined ? 'blueprint' : 'start';
    } else if (step === 'blueprint') {
      const answer = await askBlueprint({ title, step: 2, totalSteps, last: chosen, of: defaults.blueprints });
      if (answer === undefined) return undefined;
      if (answer === 'back') step = 'task';
      else {
        chosen = answer.id;
        if (again === undefined) await memory.update(LAST_BLUEPRINT, chosen);
        step = 'start';
      }
    } else {
      if (again === undefined) await memory.update(LAST_TASK, task);
      const choice = { task, blueprint: chosen };
      const answer = await askStart({ title, step: totalSteps, totalSteps, memory, preview: preview(choice) });
      if (answer === undefined) return undefined;
      if (answer !== 'back') return { ...choice, ...answer };
      step = blueprint === undefined ? 'blueprint' : 'task';
    }
  }
}

function firstStep({ again, task, blueprint, defaults }: Asking): 'task' | 'blueprint' | 'start' {
  // A blueprint that is there no more, or not to be named by its id, has to be chosen anew.
  if (again !== undefined) return defaults.blueprints.some(({ id }) => id === again.blueprint) ? 'start' : 'blueprint';
  if (task === undefined) return 'task';
  return blueprint === undefined ? 'blueprint' : 'start';
}

type TaskQuestion = { readonly title: string; readonly totalSteps: number; readonly defaults: StartDefaults };

function askTask(value: string, { title, totalSteps, defaults }: TaskQuestion): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.title = title;
  input.step = 1;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.value = value;
  input.placeholder = 'What is to be done? One or two sentences.';
  input.prompt = notificationText(modelLine(defaults));
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

function modelLine({ model, recordedTask }: StartDefaults): string {
  if (model === null) return 'No model is configured yet; you will be told how to set one.';
  if (recordedTask === null) return `Model: ${model}`;
  return `Model: ${model}, a recording without live calls. It answers the task that is filled in, and no other.`;
}
