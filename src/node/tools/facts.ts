/**
 * What a call would touch, looked at on the disk and not changed: the facts that the policy decides on. Runs and `policy
 * check` look through this one function.
 */
import type { PathFact, ToolFacts } from '../../core/events/parts';
import { type AnyToolInput, pathsOf } from '../../core/tools/contracts';
import { type CommandLook, commandFacts } from './commandFacts';
import { readPatch, targetsOfPatch } from './patch';
import { pathFact } from './paths';

/** The facts about a call on the files under `root` (absolute, itself without links). Never throws for any input. */
export async function factsOf(call: AnyToolInput, root: string, options: CommandLook): Promise<ToolFacts> {
  if (call.tool === 'run_command') return commandFacts(call.input.command, root, options);
  if (call.tool === 'apply_patch') return { paths: await lookAtPatch(root, call.input.patch) };
  return { paths: await Promise.all(pathsOf(call).map((asked) => pathFact(root, asked))) };
}

/** Everything that a patch touches; one that cannot be read has no path that could be allowed. */
function lookAtPatch(root: string, text: string): Promise<PathFact[]> {
  const patch = readPatch(text);
  if (!patch.ok) return Promise.resolve([{ asked: 'the patch', inside: null, problem: patch.error }]);
  return Promise.all(
    targetsOfPatch(patch.value).map(async ({ path, ...needs }) => ({ ...(await pathFact(root, path)), ...needs })),
  );
}
