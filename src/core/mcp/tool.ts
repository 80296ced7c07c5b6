/** From what a server says of a tool to a tool that can be agreed to: bounded, hashed, and never with half a truth. */
import { isSensitive } from '../gatekeeper/gate';
import { redact } from '../gatekeeper/redact';
import type { Sha256 } from '../kernel/hash';
import { canonicalize, wellFormed } from '../kernel/json';
import { err, ok, type Result } from '../kernel/result';
import { oneLine } from '../kernel/text';
import type { McpTool } from '../policy/schema';
import { mcpName } from './names';

/** A tool as a server lists it. */
export type ListedTool = { readonly name: string; readonly description: string; readonly inputSchema: unknown };

const DESCRIPTION_LIMIT = 8000;
const SCHEMA_LIMIT = 64_000;
const DEPTH_LIMIT = 32;
/** What makes whoever evaluates a schema wait, fetch, or look elsewhere; no tool needs them. */
const REFUSED = new Set(['$async', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor']);
/** How JSON.stringify writes half of a surrogate pair; never what was a backslash in the text. */
const HALF_A_PAIR = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** The tool, or in a line why it is left out. */
export function toolOf(server: string, listed: ListedTool, hash: Sha256): Result<McpTool, string> {
  const { name: tool, description, inputSchema } = listed;
  const refused = (why: string) => err(`${oneLine(tool, 80)}: ${why}`);
  const name = mcpName(server, tool);
  if (name === null) return refused('its name is too long, or holds more than letters, digits, _ and -');
  if (description.length > DESCRIPTION_LIMIT) {
    return refused(`its description is longer than ${DESCRIPTION_LIMIT} characters`);
  }
  if (deeperThan(inputSchema, DEPTH_LIMIT)) return refused('its input schema is nested too deep');
  const key = refusedKey(inputSchema);
  if (key !== null) return refused(`its input schema holds ${key}, which is not taken`);
  const raw = JSON.stringify(inputSchema);
  if (raw.length > SCHEMA_LIMIT) return refused(`its input schema is longer than ${SCHEMA_LIMIT} characters`);
  if (wellFormed(description) !== description || HALF_A_PAIR.test(raw)) {
    return refused('its description is not well-formed text');
  }
  const schema = canonicalize(inputSchema);
  if (isSensitive(redact(`${description}\n${schema}`).counts)) {
    return refused('its description holds what looks like a secret');
  }
  const sha256 = hash(canonicalize({ name: tool, description, inputSchema }));
  return ok({ name, server, tool, description, inputSchema: schema, sha256 });
}

/** The first member that is refused, at any depth; of references, those that lead out of the schema. */
function refusedKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    if (REFUSED.has(key)) return key;
    if (key === '$ref' && typeof member === 'string' && !member.startsWith('#')) return 'a $ref to elsewhere';
    const inner = refusedKey(member);
    if (inner !== null) return inner;
  }
  return null;
}

function deeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => deeperThan(member, depth - 1));
}
