/** The definitions of the tools that a model is offered. What they say comes from the contracts of the tools, and from nowhere else. */
import { mcpDefinitions } from '../mcp/definitions';
import type { Snapshot, Toolset } from '../policy/schema';
import type { ToolDefinition } from '../ports/model';
import { inputJsonSchema, isToolName } from '../tools/contracts';
import { descriptionOf, isForAgents } from '../tools/generations';

/** What a run offers its models depends on what it froze, and on the prompt that it was begun with. */
type Offering = { readonly snapshot: Pick<Snapshot, 'mcp' | 'toolset'>; readonly prompt: number };

/** The tools of a toolset that a model may call, in the toolset's order; those of MCP servers come last. */
export function toolDefinitions(toolset: Toolset, { snapshot, prompt }: Offering): ToolDefinition[] {
  const own = toolset.tools.flatMap((name) => {
    if (!isToolName(name) || !isForAgents(name, prompt)) return [];
    return [{ name, description: descriptionOf(name, prompt), parameters: inputJsonSchema(name) }];
  });
  if (prompt < 3) return own;
  const ofRun = mcpDefinitions(snapshot, snapshot.toolset);
  const ofStep = new Set(mcpDefinitions(snapshot, toolset).map(({ name }) => name));
  return [...own, ...ofRun.filter(({ name }) => ofStep.has(name))];
}
