/**
 * What is frozen with a run is kept word for word, and part of it is told to the model: nothing of it may be a secret. The gate
 * of the run knows the values of the workspace's environment files; other secrets show by their form.
 */
import { type Gate, isSensitive } from '../../core/gatekeeper/gate';
import { redact } from '../../core/gatekeeper/redact';
import { OpenExecError } from '../../core/kernel/errors';
import type { Snapshot } from '../../core/policy/schema';

/** Throws `config_invalid` when a command of the project holds a secret. */
export function refuseSecretCommands(commands: Snapshot['commands'], gate: Gate): void {
  for (const [name, command] of Object.entries(commands)) {
    const written = command?.argv.join(' ') ?? '';
    const kinds = new Set([...Object.keys(redact(written).counts), ...secretsIn(written, gate)]);
    if (kinds.size === 0) continue;
    const what = `The project's ${name} command (${command?.source}) holds what looks like a secret (${[...kinds].join(', ')})`;
    throw new OpenExecError('config_invalid', `${what}. Have the command read it from a file that git ignores.`);
  }
}

/** Throws `config_invalid` when the command of an MCP server, or what it says of its tools, holds a secret. */
export function refuseSecretTools(
  { mcp = [], mcpServers = [] }: Pick<Snapshot, 'mcp' | 'mcpServers'>,
  gate: Gate,
): void {
  for (const { id, command } of mcpServers) {
    const kinds = secretsIn(command.join(' '), gate);
    if (kinds.length === 0) continue;
    const what = `The command of the MCP server ${id} holds a secret of this workspace (${kinds.join(', ')})`;
    throw new OpenExecError(
      'config_invalid',
      `${what}. Put it into an environment variable, and name that in env_allow.`,
    );
  }
  for (const { server, tool, description, inputSchema } of mcp) {
    const kinds = secretsIn(`${description}\n${inputSchema}`, gate);
    if (kinds.length === 0) continue;
    const what = `The MCP server ${server} describes its tool ${tool} with a secret of this workspace (${kinds.join(', ')})`;
    throw new OpenExecError('config_invalid', `${what}. Do not use this server before you know how it came by that.`);
  }
}

/** The kinds of secrets in a text; an address or a name alone is none. */
function secretsIn(text: string, gate: Gate): string[] {
  const { counts } = gate.redact(text);
  return isSensitive(counts) ? Object.keys(counts) : [];
}
