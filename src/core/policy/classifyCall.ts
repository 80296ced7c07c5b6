/** Which capability a call needs. A command line that is exactly a declared project command is one; any other is not. */
import type { AnyToolInput } from '../tools/contracts';
import { TOOLS } from '../tools/contracts';
import type { Capability, ProjectCommands } from './schema';

export function capabilityOf(call: AnyToolInput, commands: ProjectCommands): Capability {
  if (call.tool !== 'run_command') return TOOLS[call.tool].capability;
  const declared = Object.values(commands).some((command) => command?.argv.join(' ') === call.input.command.trim());
  return declared ? 'exec_project' : 'exec_other';
}
