import { pickFolder } from '../folder';
import { serversText } from '../mcpReview';
import type { Command } from './context';

/** "Review MCP Servers…": asks about every declared server that is new or has changed, then says what may be used. */
export const reviewMcpServers: Command = async ({ runs, documents }) => {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const servers = await runs.reviewMcpServers(folder);
  await documents.show('mcp', 'MCP servers.md', serversText(servers));
};
