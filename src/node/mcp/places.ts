/** Where what concerns MCP servers lies outside of any workspace. */
import path from 'node:path';

export type McpFiles = {
  /** The person's own list of servers; null where there is no such place. */
  readonly servers: string | null;
  /** What was agreed to; null where nothing can be kept, and so nothing be agreed to. */
  readonly pins: string | null;
};

/** Both beside the person's own policy file, which is null where there is no place for it. */
export function mcpFilesBeside(userPolicy: string | null): McpFiles {
  if (userPolicy === null) return { servers: null, pins: null };
  const folder = path.dirname(userPolicy);
  return { servers: path.join(folder, 'mcp.yaml'), pins: path.join(folder, 'mcp-pins.json') };
}
