/**
 * mcp: a tool of an MCP server, as it was frozen with the run. The server is asked anew what the tool is before each
 * call: one that describes it otherwise than a person has agreed to is not called.
 */
import { stripVTControlCharacters } from 'node:util';
import { holdsPlaceholder } from '../../core/gatekeeper/redact';
import { wellFormed } from '../../core/kernel/json';
import type { Result } from '../../core/kernel/result';
import { misfit } from '../../core/mcp/arguments';
import { mcpToolOf } from '../../core/mcp/definitions';
import { readAnswer } from '../../core/mcp/result';
import { toolOf } from '../../core/mcp/tool';
import type { McpTool } from '../../core/policy/schema';
import type { ToolInput } from '../../core/tools/contracts';
import type { Connection, Limit, Trouble } from '../mcp/connection';
import { BoundedOutput } from '../system/output';
import { sha256 } from '../system/sha256';
import { failure, type ToolAnswer, type ToolContext } from './context';

const CALL_LIMIT_MS = 2 * 60 * 1000;
const OUTPUT_LIMIT = 64 * 1024;
const NOT_CONFINED = { confinement: 'not confined' } as const;

export async function callMcp(context: ToolContext, { name, arguments: text }: ToolInput<'mcp'>): Promise<ToolAnswer> {
  const tool = mcpToolOf(context.snapshot, name);
  if (tool === undefined) return failure(`the run has no tool ${name}`);
  const input = readInput(text);
  if (input === null) return { outcome: 'invalid', output: `the arguments of ${name} are not a JSON object` };
  // Whether it writes is not known, and what was redacted must not overwrite the original.
  if (holdsPlaceholder(JSON.stringify(input))) {
    return { outcome: 'invalid', output: `the arguments of ${name} hold a redacted placeholder` };
  }
  const wrong = misfit(tool.inputSchema, input);
  if (wrong !== null) return { outcome: 'invalid', output: `the arguments of ${name} do not fit: ${wrong}` };
  const { limitMs, commandTimeoutMs, monotonic, signal } = context;
  const ms = Math.min(commandTimeoutMs ?? CALL_LIMIT_MS, limitMs ?? Number.POSITIVE_INFINITY);
  const until = monotonic() + ms;
  const left = (): Limit => ({ ms: Math.max(1, until - monotonic()), of: ms, signal });

  const connected = await context.mcp.connection(tool.server, left());
  if (!connected.ok) {
    const { error } = connected;
    return { ...troubled(context, tool, error), ...(error.kind === 'error' ? {} : NOT_CONFINED) };
  }
  const done = await call(connected.value, tool, input, left);
  if (done.ok) return { ...answered(context, done.value), ...NOT_CONFINED };
  // A server that hangs or was left in the middle of a call is not asked again; the next call starts a new one.
  if (done.error.kind !== 'error') await context.mcp.end(tool.server);
  return { ...troubled(context, tool, done.error), ...NOT_CONFINED };
}

/** Asks whether the tool is still the one that was agreed to, and only then calls it. */
async function call(
  connection: Connection,
  tool: McpTool,
  input: Record<string, unknown>,
  left: () => Limit,
): Promise<Result<unknown, Trouble>> {
  const listed = await connection.list(left());
  if (!listed.ok) return listed;
  const now = listed.value.filter(({ name }) => name === tool.tool);
  const [only, ...others] = now;
  const refused = (message: string) => ({ ok: false, error: { kind: 'error', message } }) as const;
  if (only === undefined || others.length > 0)
    return refused('it does not offer this tool any more; it was not called');
  const read = toolOf(tool.server, only, sha256);
  if (!read.ok || read.value.sha256 !== tool.sha256) {
    return refused('it describes this tool otherwise than was agreed to; it was not called');
  }
  return connection.call(tool.tool, input, left());
}

function readInput(text: string): Record<string, unknown> | null {
  try {
    const input: unknown = JSON.parse(text);
    return typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : null;
  } catch {
    return null;
  }
}

function troubled(context: ToolContext, { server, tool }: McpTool, { kind, message }: Trouble): ToolAnswer {
  const output = bounded(context, `the MCP server ${server} did not perform ${tool}: ${message}`);
  return { outcome: kind === 'ended' ? 'error' : kind, output };
}

function answered(context: ToolContext, raw: unknown): ToolAnswer {
  const answer = readAnswer(raw);
  if (answer === null) return failure('the MCP server answered with what is no answer');
  return { outcome: answer.failed ? 'error' : 'ok', output: bounded(context, answer.text) };
}

/** The same wherever the work tree lies, and never more than a model should get; what is cut is said. */
function bounded({ root }: ToolContext, text: string): string {
  const kept = new BoundedOutput(OUTPUT_LIMIT);
  const plain = stripVTControlCharacters(wellFormed(text)).replace(/\r\n?/g, '\n').replaceAll(root, '.');
  kept.add(Buffer.from(plain));
  return kept.text();
}
