import type { TaskFacts } from '../events/planParts';

/** Looks at the repository for what a task is about. Reads names and contents, changes nothing, sends nothing. */
export interface Surveyor {
  survey(task: string): Promise<TaskFacts>;
}
