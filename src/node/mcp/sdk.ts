/**
 * What is used of the MCP SDK. A bundle of its own, dist/mcp-sdk.js, which is loaded with the first connection: a window
 * or a command that has no MCP server does not even read it.
 */
export { Client } from '@modelcontextprotocol/sdk/client/index.js';
export { ReadBuffer } from '@modelcontextprotocol/sdk/shared/stdio.js';
export {
  CallToolResultSchema,
  ErrorCode,
  ListRootsRequestSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
