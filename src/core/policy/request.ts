/**
 * What a call asks of the policy: the one way from a call and the facts about it to what is decided. The engine, `policy
 * check` and the explanation of a recorded call all go through here.
 */
import { analyseCommand } from '../commands/analyse';
import type { ToolFacts } from '../events/parts';
import { type AnyToolInput, TOOLS } from '../tools/contracts';
import { capabilityOf } from './classifyCall';
import { capabilityOfCall, type PolicyRequest } from './evaluate';
import type { ProjectCommands } from './schema';

/** The first engine that looks into command lines. */
const ANALYSES_COMMANDS = 3;

/**
 * The request of a call whose input was parsed, as the engine of that version makes it; the present one when none is
 * named. Pure; never throws.
 */
export function requestOf(
  call: AnyToolInput,
  facts: ToolFacts,
  commands: ProjectCommands,
  engine: number = ANALYSES_COMMANDS,
): PolicyRequest {
  if (engine < ANALYSES_COMMANDS) {
    return { tool: call.tool, capability: capabilityOf(call, commands), paths: facts.paths };
  }
  const request = presentRequest(call, facts, commands);
  return { ...request, capability: capabilityOfCall(request) };
}

function presentRequest(call: AnyToolInput, facts: ToolFacts, commands: ProjectCommands): PolicyRequest {
  const base = { tool: call.tool, paths: facts.paths };
  switch (call.tool) {
    case 'run_command': {
      const command = analyseCommand(call.input.command, commands);
      const capability = command.kind === 'plain' ? command.capability : 'exec_other';
      return { ...base, capability, command, ...(facts.program === undefined ? {} : { program: facts.program }) };
    }
    case 'run_project_command': {
      const argv = commands[call.input.name]?.argv;
      const command = { kind: 'plain', capability: 'exec_project', operands: [], why: '' } as const;
      return { ...base, capability: 'exec_project', ...(argv === undefined ? {} : { command: { ...command, argv } }) };
    }
    case 'fetch_url':
      return { ...base, capability: 'network', url: call.input.url };
    case 'mcp':
      return { ...base, tool: call.input.name, capability: TOOLS.mcp.capability };
    default:
      return { ...base, capability: TOOLS[call.tool].capability };
  }
}
