/** A task of several lines in the input box of VS Code, which has one line. Pure. */

/** The task as the box shows it: its lines one after the other. */
export const inBox = (task: string): string => task.trim().replace(/\s*\n\s*/g, ' ');

/** The task that the box stands for: every line of the one that was shown, unless the person has changed it. */
export const outOfBox = (shown: string, task: string): string =>
  shown.trim() === inBox(task) ? task.trim() : shown.trim();

/** How many lines a task has. */
export const linesOf = (task: string): number => task.trim().split('\n').length;
