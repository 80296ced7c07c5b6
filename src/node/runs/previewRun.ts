/** What a run would be, before it is one: its worst case, its limits, its model, and the commands that it would execute. */
import type { Bound, RunOrigin } from '../../core/events/parts';
import { PROJECT_COMMANDS } from '../../core/policy/schema';
import { lineOf } from '../workspace/commandLine';
import type { RunPorts } from './driveRun';
import { prepareRun, type RunRequest } from './prepareRun';
import type { Runtime } from './runtime';
import { hashOfCommands } from './seenCommands';

export type RunPreview = {
  /** The repository's root. */
  readonly root: string;
  readonly model: RunOrigin['model'];
  readonly bound: Bound;
  readonly budget: RunOrigin['budget'];
  /** The project's own commands: the name, the line, and where it was found. */
  readonly commands: readonly { readonly name: string; readonly line: string; readonly source: string }[];
  /** Changes with any of the commands. */
  readonly commandsHash: string;
};

/** Prepares a run as its start does, and throws what its start would; nothing is started or recorded. */
export async function previewRun(
  request: RunRequest,
  runtime: Runtime,
  ports: Pick<RunPorts, 'classifier' | 'chooseModel'>,
): Promise<RunPreview> {
  const { repository, frozen, first } = await prepareRun(request, runtime, ports);
  const { model, bound, budget } = first.data;
  const commands = PROJECT_COMMANDS.flatMap((name) => {
    const command = frozen.commands[name];
    return command === undefined ? [] : [{ name, line: lineOf(command.argv), source: command.source }];
  });
  return { root: repository.root, model, bound, budget, commands, commandsHash: hashOfCommands(frozen.commands) };
}
