/**
 * From the servers that a run's toolsets name to the tools that are frozen with it. A server is started only when a
 * person has agreed to its exact command, and a tool is frozen only as a person has agreed to it.
 */
import { isSensitive } from '../../core/gatekeeper/gate';
import { redact } from '../../core/gatekeeper/redact';
import { OpenExecError } from '../../core/kernel/errors';
import { own } from '../../core/kernel/own';
import type { Result } from '../../core/kernel/result';
import { oneLine } from '../../core/kernel/text';
import type { DeclaredServer } from '../../core/mcp/config';
import { entriesAboutMcp, serversNamed } from '../../core/mcp/names';
import { agreedToStart, changesOf, type McpPins, pinKey, pinOf } from '../../core/mcp/pins';
import type { AskAboutMcp, McpVerdict } from '../../core/mcp/review';
import { toolOf } from '../../core/mcp/tool';
import { namesTool } from '../../core/policy/names';
import type { McpServer, McpTool, Snapshot } from '../../core/policy/schema';
import type { Environment } from '../system/environment';
import { sha256 } from '../system/sha256';
import { withFiles } from './commandFiles';
import { declaredServers } from './configFile';
import { connect, START_LIMIT_MS, type Trouble } from './connection';

/** What is used of one server at most. */
const TOOLS = 128;
const CHARACTERS = 256_000;

export type AgreedOptions = {
  /** The root of the workspace. */
  readonly root: string;
  /** The person's own list of servers; null where there is no such place. */
  readonly userFile: string | null;
  readonly pins: McpPins;
  readonly ask: AskAboutMcp;
  readonly environment: Environment;
  readonly version: string;
};

export type AgreedTools = Pick<Snapshot, 'mcp' | 'mcpServers'>;

/**
 * The tools that the entries of the run's toolsets stand for; nothing is read or started when they name no server. Throws
 * `config_invalid`, in a line: a server that is not declared, that cannot be used, or that nobody has agreed to.
 */
export async function agreedTools(tools: readonly string[], options: AgreedOptions): Promise<AgreedTools> {
  const entries = entriesAboutMcp(tools);
  if (entries.length === 0) return {};
  const declared = await declaredServers(options.root, options.userFile);
  const mcp: McpTool[] = [];
  const mcpServers: McpServer[] = [];
  for (const id of serversNamed(entries, [...declared.keys()])) {
    const server = declared.get(id);
    if (server === undefined) throw undeclared(id, options);
    const tools = await agreedToolsOf(server, entries, options);
    if (tools.length === 0) continue;
    mcp.push(...tools);
    const { origin, command, envAllow } = server;
    mcpServers.push({ id, origin, command: [...command], envAllow: [...envAllow] });
  }
  for (const entry of entries) refuseMissing(entry, mcp);
  return mcp.length === 0 ? {} : { mcp, mcpServers };
}

/** The tools of one server that the entries stand for, each agreed to; a person is asked about what is not. */
export async function agreedToolsOf(
  server: DeclaredServer,
  entries: readonly string[],
  options: AgreedOptions,
): Promise<McpTool[]> {
  const { root, pins, ask } = options;
  const key = pinKey(server, root);
  const pin = own(await pins.read(), key);
  refuseSecretsIn(server);
  const program = await withFiles(server, root);
  const known = agreedToStart(program, pin, sha256);
  if (!known) {
    const verdict = await ask({ kind: 'start', server: program, was: pin ?? null });
    if (verdict !== 'agreed') throw notAgreed(server, 'its command', pin !== undefined, verdict);
  }
  const { tools, leftOut } = await toolsOf(server, options);
  const needed = tools.filter(({ name }) => entries.some((entry) => namesTool(entry, name)));
  refuseTooMuch(server, needed);
  // What was agreed to about the tools of another command says nothing about those of this one.
  const changes = changesOf(needed, known ? pin : undefined);
  if (changes.length > 0) {
    const verdict = await ask({ kind: 'tools', server, changes, leftOut });
    const changed = changes.some(({ was }) => was !== null);
    const names = changes.map(({ now }) => now.tool).join(', ');
    if (verdict !== 'agreed') throw notAgreed(server, `how it describes ${names}`, changed, verdict);
  }
  if (!known || changes.length > 0) await pins.write(key, pinOf(program, needed, pin, sha256));
  return needed;
}

/** Starts the server, lists what it offers and that is wanted of it, and ends it. */
async function toolsOf(server: DeclaredServer, { root, userFile, environment, version }: AgreedOptions) {
  const place = { workspace: root, userFile, root, environment, version };
  const limit = { ms: START_LIMIT_MS, of: START_LIMIT_MS, signal: new AbortController().signal };
  const connection = used(server, await connect(server, place, limit));
  try {
    const listed = used(server, await connection.list(limit));
    const wanted = listed.filter(({ name }) => server.tools === null || server.tools.includes(name));
    const read = wanted.map((tool) => toolOf(server.id, tool, sha256));
    const tools = new Map(read.flatMap((tool) => (tool.ok ? [[tool.value.name, tool.value] as const] : [])));
    return { tools: [...tools.values()].sort(byName), leftOut: read.flatMap((tool) => (tool.ok ? [] : [tool.error])) };
  } finally {
    await connection.close();
  }
}

const byName = (a: McpTool, b: McpTool): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function used<T>({ id, source }: DeclaredServer, result: Result<T, Trouble>): T {
  if (result.ok) return result.value;
  throw new OpenExecError(
    'config_invalid',
    `The MCP server ${id} (${source}) cannot be used: ${result.error.message}.`,
  );
}

export function undeclared(id: string, { userFile }: Pick<AgreedOptions, 'userFile'>): OpenExecError {
  const where = userFile === null ? '.openexec/mcp.yaml' : `.openexec/mcp.yaml or ${userFile}`;
  const what = `The toolset of the run names tools of the MCP server ${oneLine(id, 80)}, which is not declared`;
  return new OpenExecError('config_invalid', `${what}. Declare it in ${where}.`);
}

function notAgreed({ id, source }: DeclaredServer, what: string, changed: boolean, verdict: McpVerdict): OpenExecError {
  const state = changed ? 'has changed since it was agreed to' : 'was never agreed to';
  const todo =
    verdict === 'nobody' ? 'Run "openexec mcp" at a terminal, and look at it' : 'It was not agreed to now, either';
  return new OpenExecError('config_invalid', `The MCP server ${id} (${source}): ${what} ${state}. ${todo}.`);
}

/** An entry that names one tool means just that tool; without it the run would miss what its toolset promises. */
function refuseMissing(entry: string, mcp: readonly McpTool[]): void {
  if (entry.endsWith('*') || mcp.some(({ name }) => name === entry)) return;
  const what = `The toolset of the run names ${oneLine(entry, 100)}, and its MCP server offers no such tool that can be used`;
  throw new OpenExecError('config_invalid', `${what}. Run "openexec mcp" to see what there is.`);
}

/** Each is frozen with the run and told to the model in every request. */
function refuseTooMuch({ id, source }: DeclaredServer, tools: readonly McpTool[]): void {
  const size = tools.reduce((sum, { description, inputSchema }) => sum + description.length + inputSchema.length, 0);
  if (tools.length <= TOOLS && size <= CHARACTERS) return;
  const most = `${TOOLS} tools and ${CHARACTERS} characters of their descriptions are the most that is used`;
  const what = `The MCP server ${id} (${source}) offers ${tools.length} tools with ${size} characters`;
  throw new OpenExecError('config_invalid', `${what}; ${most}. Name fewer under its "tools".`);
}

/** The command is frozen with the run, word for word, and a secret must never reach the disk. */
export function refuseSecretsIn({ id, source, command }: DeclaredServer): void {
  const { counts } = redact(command.join(' '));
  if (!isSensitive(counts)) return;
  const kinds = Object.keys(counts);
  const what = `The command of the MCP server ${id} (${source}) holds what looks like a secret (${kinds.join(', ')})`;
  throw new OpenExecError(
    'config_invalid',
    `${what}. Put it into an environment variable, and name that in env_allow.`,
  );
}
