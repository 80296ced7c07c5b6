/** The project's commands as a person has seen them before a run: what they did not see is not run. */
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import type { ProjectCommands } from '../../core/policy/schema';
import { sha256 } from '../system/sha256';

/** Changes with any of the commands, and with where one was found. */
export const hashOfCommands = (commands: ProjectCommands): string => sha256(canonicalize(commands));

/** Throws `config_invalid` when the commands are not those that were seen; `seen` is left out where nobody was asked. */
export function refuseUnseen(commands: ProjectCommands, seen: string | undefined): void {
  if (seen === undefined || seen === hashOfCommands(commands)) return;
  const what = "The project's commands have changed since they were shown";
  throw new OpenExecError('config_invalid', `${what}. Start the run again and look at them.`);
}
