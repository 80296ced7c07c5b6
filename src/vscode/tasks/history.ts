/**
 * The last tasks of this workspace, newest first. A task in which the gatekeeper finds something to take out, such as a password or
 * a value of an environment file, is not remembered; this window alone holds the last one until another is asked for.
 */
import type * as vscode from 'vscode';
import { z } from 'zod';
import type { RunPreview } from '../runs';

const KEY = 'openexec.tasks';
const MOST = 20;
/** Longer ones are texts to work on rather than tasks to be given again. */
const LONGEST = 25_000;
/** Before the history there was one task, of which nobody knows what is in it. */
const KEY_BEFORE = 'openexec.lastTask';

const kept = z.array(z.string().min(1));

/** What is remembered. */
export const tasksOf = (memory: vscode.Memento): string[] => kept.safeParse(memory.get(KEY)).data ?? [];

/** The tasks with one more in front; one that was there before moves up. */
export function withTask(tasks: readonly string[], task: string): string[] {
  if (task.trim() === '' || task.length > LONGEST) return [...tasks];
  return [task, ...tasks.filter((one) => one !== task)].slice(0, MOST);
}

const held = new WeakMap<vscode.Memento, string>();

/** Holds a task in this window alone, so that it is there again after something stood against its run. */
export const holdTask = (memory: vscode.Memento, task: string): void => void held.set(memory, task);

/** The task that was asked for last. */
export const lastTask = (memory: vscode.Memento): string | undefined => held.get(memory) ?? tasksOf(memory)[0];

/** Remembers the task of a run that was prepared, if the record will hold it as it is. */
export async function keepTask(
  memory: vscode.Memento,
  task: string,
  { plainTask }: Pick<RunPreview, 'plainTask'>,
): Promise<void> {
  if (memory.get(KEY_BEFORE) !== undefined) await memory.update(KEY_BEFORE, undefined);
  if (plainTask) await memory.update(KEY, withTask(tasksOf(memory), task));
}

/** Forgets a task. */
export async function forgetTask(memory: vscode.Memento, task: string): Promise<void> {
  if (held.get(memory) === task) held.delete(memory);
  await memory.update(
    KEY,
    tasksOf(memory).filter((one) => one !== task),
  );
}
