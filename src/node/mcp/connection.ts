/**
 * A connection to one running MCP server, over the SDK's client. Whatever the server does is a value here; the SDK is
 * loaded with the first connection, and never by a session that has none.
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';
import { oneLine } from '../../core/kernel/text';
import type { Program } from '../../core/mcp/pins';
import type { ListedTool } from '../../core/mcp/tool';
import type { McpServer } from '../../core/policy/schema';
import { type Environment, minimalEnvironment, variable } from '../system/environment';
import { findProgram } from '../system/programs';
import { ownFolder, pathOutside, truePlaces } from './serverFolder';
import { MESSAGE_LIMIT, StdioTransport } from './stdioTransport';

/** Milliseconds for starting a server; a package runner may have to fetch it first. */
export const START_LIMIT_MS = 60_000;
const PAGES = 20;
const TOOLS = 256;

export type ServerPlace = {
  /** The person's own folder, which no run changes: where a server that it declares is started. */
  readonly workspace: string;
  /** The person's own list of servers: beside it, in an empty folder, those of the list are started. */
  readonly userFile: string | null;
  /** The folder that it is told to work in. */
  readonly root: string;
  readonly environment: Environment;
  /** Of OpenExec, for the server to know. */
  readonly version: string;
};

export type Limit = {
  /** Milliseconds that are left. */
  readonly ms: number;
  /** Milliseconds that there were in all; what people are told. */
  readonly of: number;
  readonly signal: AbortSignal;
};

/**
 * Why there is no answer: `ended` means that the server was running and cannot be used any more, `error` that it was not
 * started, or is none the worse for it.
 */
export type Trouble = { readonly kind: 'timeout' | 'cancelled' | 'ended' | 'error'; readonly message: string };

export interface Connection {
  readonly open: boolean;
  /** All tools of the server as it describes them now. */
  list(limit: Limit): Promise<Result<ListedTool[], Trouble>>;
  /** The raw answer to one call. */
  call(tool: string, input: Record<string, unknown>, limit: Limit): Promise<Result<unknown, Trouble>>;
  /** Resolves when nothing of the server is left. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts a server and greets it. A server that does not answer in time is ended before this resolves. One of the person's
 * own is not started in the workspace: `python -m` and `npx` would take the code of whatever was cloned there for its own.
 */
export async function connect(
  { origin, command, envAllow }: Program & Pick<McpServer, 'origin'>,
  { workspace, userFile, root, environment, version }: ServerPlace,
  limit: Limit,
): Promise<Result<Connection, Trouble>> {
  const [name = '', ...args] = command;
  const outside = await truePlaces([workspace, root]);
  const env = await environmentOf(environment, envAllow, outside);
  const folder = origin === 'workspace' ? { cwd: workspace, remove: async () => undefined } : await ownFolder(userFile);
  const program = await findProgram(name, env, folder.cwd, { outside });
  if (program === null) {
    await folder.remove();
    return err({ kind: 'error', message: `there is no program ${oneLine(name, 200)}` });
  }
  const { Client, ReadBuffer, ErrorCode, ListRootsRequestSchema, ListToolsResultSchema, CallToolResultSchema } =
    await import('./sdk');
  const reader = new ReadBuffer({ maxBufferSize: MESSAGE_LIMIT });
  const transport = new StdioTransport({ program, args, cwd: folder.cwd, env }, reader);
  const close = async () => {
    await transport.close();
    await folder.remove();
  };
  const client = new Client({ name: 'openexec', version }, { capabilities: { roots: {} } });
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: pathToFileURL(root).href }] }));

  const attempt = async <T>(limit: Limit, work: (options: { timeout: number; signal: AbortSignal }) => Promise<T>) => {
    try {
      return ok(await work({ timeout: Math.max(1, Math.ceil(limit.ms)), signal: limit.signal }));
    } catch (error) {
      return err(troubleOf(error, transport, limit, ErrorCode));
    }
  };

  const greeted = await attempt(limit, (options) => client.connect(transport, options));
  if (!greeted.ok) {
    await close();
    return greeted;
  }
  return ok({
    get open() {
      return transport.open;
    },
    list: (limit) =>
      attempt(limit, async (options) => {
        const tools: ListedTool[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < PAGES && tools.length <= TOOLS; page++) {
          const params = cursor === undefined ? {} : { cursor };
          const listed = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
          for (const tool of listed.tools) {
            tools.push({ name: tool.name, description: tool.description ?? '', inputSchema: tool.inputSchema });
          }
          cursor = listed.nextCursor;
          if (cursor === undefined) return tools.slice(0, TOOLS);
        }
        return tools.slice(0, TOOLS);
      }),
    call: (tool, input, limit) =>
      attempt(limit, (options) => {
        const params = { name: tool, arguments: input };
        return client.request({ method: 'tools/call', params }, CallToolResultSchema, options);
      }),
    close,
  });
}

/** Its PATH leads into no repository, either: a server looks up further programs (npx: node) by itself. */
async function environmentOf(
  environment: Environment,
  envAllow: readonly string[],
  outside: readonly string[],
): Promise<Record<string, string>> {
  const env = minimalEnvironment(environment);
  for (const name of envAllow) {
    const value = variable(environment, name);
    if (value !== undefined) env[name] = value;
  }
  for (const name of Object.keys(env).filter((key) => key.toUpperCase() === 'PATH')) {
    env[name] = await pathOutside(env[name] ?? '', outside);
  }
  return env;
}

const coded = z.looseObject({ code: z.number() });

function troubleOf(
  error: unknown,
  transport: StdioTransport,
  { of, signal }: Limit,
  codes: { readonly RequestTimeout: number },
): Trouble {
  if (signal.aborted) return { kind: 'cancelled', message: 'it was ended because the run was cancelled' };
  const { trouble, open } = transport;
  const because = trouble === '' ? '' : ` (${trouble})`;
  const timedOut = coded.safeParse(error).data?.code === codes.RequestTimeout;
  if (timedOut) return { kind: 'timeout', message: `it did not answer within ${of / 1000} s${because}` };
  if (!open) return { kind: 'ended', message: trouble === '' ? 'it is not running' : trouble };
  return { kind: 'error', message: oneLine(messageOf(error)) };
}
