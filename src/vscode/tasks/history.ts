/**
 * The last tasks of this workspace, newest first. What the gatekeeper would take out of a task, such as a password, is never
 * kept: a task that holds such a thing is not remembered.
 */
import type * as vscode from 'vscode';
import { z } from 'zod';
import { redact } from '../../core/gatekeeper/redact';

const KEY = 'openexec.tasks';
const MOST = 20;
/** Longer ones are texts to work on rather than tasks to be given again. */
const LONGEST = 20_000;

const kept = z.array(z.string().min(1));

/** What is remembered. */
export const tasksOf = (memory: vscode.Memento): string[] => kept.safeParse(memory.get(KEY)).data ?? [];

/** The tasks with one more in front; one that was there before moves up. */
export function withTask(tasks: readonly string[], task: string): string[] {
  const isPlain = task.length <= LONGEST && Object.keys(redact(task).counts).length === 0;
  if (task.trim() === '' || !isPlain) return [...tasks];
  return [task, ...tasks.filter((one) => one !== task)].slice(0, MOST);
}

/** Remembers a task. */
export const keepTask = async (memory: vscode.Memento, task: string): Promise<void> =>
  memory.update(KEY, withTask(tasksOf(memory), task));

/** Forgets a task. */
export const forgetTask = async (memory: vscode.Memento, task: string): Promise<void> =>
  memory.update(
    KEY,
    tasksOf(memory).filter((one) => one !== task),
  );
