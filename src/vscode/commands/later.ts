import { showProblem } from '../problems';
import type { CommandContext } from './context';

/** Lets a command end while its notification still waits for a person; what goes wrong then is shown as if it had not ended. */
export function later({ log }: Pick<CommandContext, 'log'>, shown: Promise<void>): void {
  shown.catch((error: unknown) => void showProblem(error, log));
}
