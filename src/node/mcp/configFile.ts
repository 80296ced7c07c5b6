/** Reads the declared MCP servers out of the person's file and the workspace's. */
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { parseYaml, problemLine } from '../../core/kernel/yaml';
import { type DeclaredServer, mcpFileSchema } from '../../core/mcp/config';
import { readYamlFile } from '../runs/yamlFile';

const WORKSPACE_FILE = '.openexec/mcp.yaml';

/**
 * The declared servers by id; one of the person's own comes before one of the workspace of the same id. Throws
 * `config_invalid` with file, line and column when a file is there and broken.
 */
export async function declaredServers(
  root: string,
  userFile: string | null,
): Promise<ReadonlyMap<string, DeclaredServer>> {
  const own = path.join(root, ...WORKSPACE_FILE.split('/'));
  const found = await serversIn(own, WORKSPACE_FILE, 'workspace');
  const users = userFile === null ? [] : await serversIn(userFile, userFile, 'user');
  return new Map([...found, ...users].map((server) => [server.id, server]));
}

async function serversIn(file: string, shown: string, origin: DeclaredServer['origin']): Promise<DeclaredServer[]> {
  const text = await readYamlFile(file);
  if (text === null) return [];
  const parsed = text.ok ? parseYaml(text.value, mcpFileSchema) : text;
  if (!parsed.ok) {
    const [first] = parsed.error;
    const more = parsed.error.length > 1 ? ` (and ${parsed.error.length - 1} more problems)` : '';
    const what = first === undefined ? `${shown}: it cannot be read` : problemLine(shown, first);
    throw new OpenExecError('config_invalid', `${what}${more}`);
  }
  return Object.entries(parsed.value.value.servers).map(([id, { command, env_allow, tools }]) => ({
    id,
    origin,
    source: shown,
    command,
    envAllow: env_allow ?? [],
    tools: tools ?? null,
  }));
}
