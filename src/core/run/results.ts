/**
 * The typed result of an agent node. The model's word never ends such a node: what it delivered is checked here, by its
 * form alone, and is delivered or is not. Pure.
 */
import { z } from 'zod';
import { resultName } from '../blueprint/artifacts';
import type { AgentNode, AgentResult } from '../blueprint/schema';
import { textOf } from '../events/payload';
import type { DataOf } from '../events/schema';
import { type Gate, plainGate } from '../gatekeeper/gate';
import { assertNever } from '../kernel/assertNever';
import { oneLine } from '../kernel/text';
import type { Toolset } from '../policy/schema';
import { isToolName, TOOLS } from '../tools/contracts';
import { isForAgents } from '../tools/generations';
import type { ActiveRun, AgentState } from './state';

/** What becomes of a reply that ends an agent's work. */
export type Delivery =
  /** The node need not deliver anything. */
  | { readonly kind: 'none' }
  /** Not delivered, in words for the model. */
  | { readonly kind: 'missing'; readonly what: string }
  /** The work tree was changed: the runtime itself reports how, against this tree. */
  | { readonly kind: 'changed'; readonly since: string; readonly name: string }
  | {
      readonly kind: 'artifact';
      readonly data: DataOf<'artifact.created'>;
      readonly outcome: 'success' | 'failure';
      readonly reason: string;
    };

/** The id of the call under which a visit's result is recorded. */
export const resultCall = ({ id, attempt }: { readonly id: string; readonly attempt: number }): string =>
  `${id}.${attempt}.result`;

/** True when a model that has these tools can change files, by the prompt of its run. */
export const canWrite = ({ tools }: Toolset, prompt: number): boolean =>
  tools.some((tool) => isToolName(tool) && isForAgents(tool, prompt) && TOOLS[tool].capability === 'repo_write');

/** What the agent has delivered with its last reply. */
export function deliveryOf(run: ActiveRun, node: AgentNode, agent: AgentState, toolset: Toolset): Delivery {
  const { visit } = run;
  const name = visit && resultName(visit.id, node);
  if (!visit || !name || node.result === undefined) return { kind: 'none' };
  const text = lastReply(agent);
  const call = resultCall(visit);
  if (node.result.type === 'patch' && canWrite(toolset, run.origin.flags.prompt)) {
    if (run.tree !== null && visit.tree !== null && run.tree !== visit.tree)
      return { kind: 'changed', since: visit.tree, name };
    return { kind: 'missing', what: 'no file of the repository was changed in this step; make the change' };
  }
  const found = contentOf(node.result, text, plainGate(run.origin.flags.engine));
  if (!found.ok) return { kind: 'missing', what: found.what };
  const { kind, media, content, summary } = found;
  const rejected = found.rejected === null ? null : `rejected: ${found.rejected}`;
  return {
    kind: 'artifact',
    data: { call, name, kind, media, content, summary },
    outcome: rejected === null ? 'success' : 'failure',
    reason: rejected ?? `the result was checked: ${summary}`,
  };
}

function lastReply({ sent }: AgentState): string {
  const last = sent.at(-1);
  return last?.role === 'assistant' ? textOf(last.content) : '';
}

type Content =
  | { readonly ok: false; readonly what: string }
  | {
      readonly ok: true;
      readonly kind: 'patch' | 'report' | 'verdict';
      readonly media: string;
      readonly content: string;
      readonly summary: string;
      readonly rejected: string | null;
    };

function contentOf(result: AgentResult, text: string, gate: Gate): Content {
  switch (result.type) {
    case 'patch':
      return patchIn(text);
    case 'report':
      return reportIn(text, result.min_characters);
    case 'verdict':
      return verdictIn(text, result, gate);
    default:
      return assertNever(result);
  }
}

function reportIn(text: string, atLeast: number): Content {
  const content = text.trim();
  if (content.length < atLeast) {
    const what = `the report has to have at least ${atLeast} characters, and the last reply had ${content.length}`;
    return { ok: false, what };
  }
  const summary = `a report of ${content.length} characters`;
  return { ok: true, kind: 'report', media: 'text/markdown', content, summary, rejected: null };
}

const HUNK = /^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m;

/** The last block of a text that is fenced as one of these languages; each line is looked at once. */
function fenced(text: string, languages: readonly string[]): string | null {
  let last: string | null = null;
  let open: { readonly fence: string; readonly wanted: boolean; readonly lines: string[] } | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (open !== null && line.trimEnd() === open.fence) {
      if (open.wanted) last = open.lines.map((inner) => `${inner}\n`).join('');
      open = null;
    } else if (open !== null) {
      if (open.wanted) open.lines.push(line);
    } else {
      const [, fence, language = ''] = /^(`{3,})(\w*)/.exec(line) ?? [];
      if (fence !== undefined) open = { fence, wanted: languages.includes(language.toLowerCase()), lines: [] };
    }
  }
  return last;
}

function patchIn(text: string): Content {
  const block = fenced(text, ['diff', 'patch']);
  const plain = /^(diff --git |--- )/.test(text.trimStart()) ? text.trimStart() : null;
  const patch = (block ?? plain)?.replaceAll('\r\n', '\n').replace(/\n*$/, '\n') ?? '';
  if (!/^(diff --git |--- )/m.test(patch) || !(HUNK.test(patch) || /^(rename|deleted|new file)/m.test(patch))) {
    return {
      ok: false,
      what: 'the last reply holds no unified diff; give the change as one block fenced with ```diff',
    };
  }
  const files = new Set(patch.match(/^\+\+\+ .*$/gm) ?? []).size;
  const summary = `a diff of ${files === 1 ? '1 file' : `${files} files`}`;
  return { ok: true, kind: 'patch', media: 'text/x-diff', content: patch, summary, rejected: null };
}

function verdictIn(text: string, result: Extract<AgentResult, { type: 'verdict' }>, gate: Gate): Content {
  const schema = verdictSchema(result);
  const json = parsed(text.trim()) ?? parsed(fenced(text, ['json']) ?? '');
  if (json === null) return { ok: false, what: 'the last reply is not one JSON object; reply with nothing else' };
  const checked = schema.safeParse(json.value);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'the object'}: ${message}`);
    const what = gate.recordable(`the JSON object of the last reply does not fit: ${problems.join('; ')}`);
    return { ok: false, what: oneLine(what) };
  }
  const { verdict, reasons, ...fields } = recordableMembers(checked.data, gate);
  const first = oneLine(reasons[0] ?? 'no reason was given', 300);
  return {
    ok: true,
    kind: 'verdict',
    media: 'application/json',
    content: JSON.stringify({ ...fields, verdict, reasons }, null, 1),
    summary: `${verdict}: ${first}`,
    rejected: verdict === 'reject' ? first : null,
  };
}

/** In JSON text a secret and half of a surrogate pair can be written with escapes: only what was read out shows them. */
function recordableMembers<T extends object>(members: T, gate: Gate): T {
  const clear = (value: unknown): unknown => {
    if (typeof value === 'string') return gate.recordable(value);
    return Array.isArray(value) ? value.map(clear) : value;
  };
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, clear(value)])) as T;
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

const FIELDS = { text: z.string(), number: z.number(), boolean: z.boolean(), list: z.array(z.string()) } as const;

function verdictSchema({ fields = {} }: Extract<AgentResult, { type: 'verdict' }>) {
  const own = Object.entries(fields).map(([name, field]): [string, z.ZodType] => [
    name,
    typeof field === 'string' ? FIELDS[field] : z.enum(field.one_of),
  ]);
  return z.strictObject({
    ...Object.fromEntries(own),
    verdict: z.enum(['approve', 'reject']),
    reasons: z.array(z.string()),
  });
}
