/**
 * The names by which models, toolsets and rules know the tools of MCP servers: `mcp__SERVER__TOOL`. The id of a server
 * holds no `__`, so that a name says one server and one tool.
 */
import { z } from 'zod';
import { namesTool } from '../policy/names';
import { MCP_PREFIX } from '../tools/contracts';

/** Providers refuse longer names of tools, and other characters. */
const NAME_LIMIT = 64;
const TOOL = /^[A-Za-z0-9_-]+$/;

export const serverIdSchema = z
  .string()
  .max(32)
  .regex(
    /^[a-z][a-z0-9-]*(?:_[a-z0-9-]+)*$/,
    'an id is lower-case letters, digits, - and single _, and begins with a letter',
  );

/** The name of a server's tool; null when no model could be offered it under that name. */
export function mcpName(server: string, tool: string): string | null {
  const name = `${MCP_PREFIX}${server}__${tool}`;
  return TOOL.test(tool) && name.length <= NAME_LIMIT ? name : null;
}

/** The entries of toolsets that are about MCP servers. */
export const entriesAboutMcp = (entries: readonly string[]): string[] =>
  entries.filter((entry) => entry.startsWith(MCP_PREFIX));

/** The servers that the entries of toolsets name, each once, by name; of `declared` where an entry names any server. */
export function serversNamed(entries: readonly string[], declared: readonly string[]): string[] {
  const found = new Set<string>();
  for (const entry of entriesAboutMcp(entries)) {
    const rest = entry.slice(MCP_PREFIX.length);
    const end = rest.indexOf('__');
    if (end >= 0) found.add(rest.slice(0, end));
    else for (const id of declared) if (namesTool(entry, `${MCP_PREFIX}${id}__`)) found.add(id);
  }
  return [...found].sort();
}
