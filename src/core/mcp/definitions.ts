/** The frozen tools of MCP servers, as a model is offered them. */
import { namesTool } from '../policy/names';
import type { McpTool, Snapshot, Toolset } from '../policy/schema';
import type { ToolDefinition } from '../ports/model';

/** The definitions of those that the toolset names, in the order of the snapshot. */
export function mcpDefinitions({ mcp = [] }: Pick<Snapshot, 'mcp'>, { tools }: Toolset): ToolDefinition[] {
  return mcp
    .filter(({ name }) => tools.some((entry) => namesTool(entry, name)))
    .map(({ name, description, inputSchema }) => ({ name, description, parameters: JSON.parse(inputSchema) }));
}

/** The frozen tool of that name; undefined when the run has none. */
export const mcpToolOf = ({ mcp = [] }: Snapshot, name: string): McpTool | undefined =>
  mcp.find((tool) => tool.name === name);
