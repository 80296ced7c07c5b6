/** What each verb prints with `--json`, strictly: what a verb prints beyond it is found by the test of the command line. */
import { z } from 'zod';
import type { VerbPath } from '../../src/cli/grammar';
import { whatIfSchema } from '../../src/core/compare/whatIf';
import { comparisonSchema } from '../../src/core/events/comparison';
import { bound, count } from '../../src/core/events/parts';
import { plan } from '../../src/core/events/planParts';
import { eventSchema } from '../../src/core/events/schema';
import { runSummarySchema } from '../../src/core/events/summary';
import { sha256Schema } from '../../src/core/kernel/hash';

const listed = runSummarySchema.pick({
  ...{ runId: true, status: true, task: true, blueprint: true, model: true },
  ...{ startedAt: true, endedAt: true, events: true, head: true },
});
const ended = runSummarySchema
  .pick({
    ...{ runId: true, status: true, outcome: true, blueprint: true, policyHash: true },
    ...{ head: true, events: true, tokens: true, costUsd: true, filesChanged: true },
  })
  .extend({ worktree: z.string().optional() });
const problems = z.array(
  z.strictObject({ line: count, column: count, severity: z.enum(['error', 'warning']), message: z.string() }),
);
const verdict = z.strictObject({
  ok: z.boolean(),
  events: count,
  blobs: count,
  head: z.string(),
  firstBad: z.strictObject({ seq: count, problem: z.string() }).nullable(),
  findings: z.array(z.strictObject({ seq: count, kind: z.string(), expected: z.string(), found: z.string() })),
  notChecked: z.array(z.string()),
});
const signedBy = z.string().nullable();
const divergence = z.strictObject({ seq: count, path: z.string(), recorded: z.unknown(), replayed: z.unknown() });
const redacted = z.strictObject({
  text: z.string(),
  findings: z.array(z.strictObject({ kind: z.string(), start: count, end: count })),
});
const server = z.strictObject({
  id: z.string(),
  origin: z.enum(['user', 'workspace']),
  source: z.string(),
  command: z.array(z.string()),
  tools: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  problem: z.string().nullable(),
});

/** By the verb. Of `verify`, the last two members are there for a file only. */
export const DOCUMENTS: Readonly<Record<VerbPath, z.ZodType>> = {
  run: ended,
  runs: z.array(listed),
  show: z.array(eventSchema),
  verify: verdict.extend({ runId: z.string().optional(), signedBy: signedBy.optional() }),
  replay: z.strictObject({
    identical: z.boolean(),
    events: count,
    head: z.string(),
    recordedHead: z.string(),
    divergence: divergence.nullable(),
    recordedBy: z.string().optional(),
  }),
  resume: ended,
  'what-if': whatIfSchema,
  compare: comparisonSchema,
  export: z.strictObject({ file: z.string(), sha256: sha256Schema, events: count, blobs: count, signedBy }),
  import: z.strictObject({ runId: z.string(), events: count, ok: z.boolean(), signedBy, report: verdict }),
  trace: z.strictObject({ traceId: z.string(), spans: count, endpoint: z.string(), content: z.boolean() }),
  'blueprint check': z.strictObject({ ok: z.boolean(), problems, bound: bound.optional() }),
  plan: plan
    .pick({
      ...{ mode: true, intent: true, surface: true, toolset: true, zones: true, excluded: true },
      ...{ sensitivity: true, risk: true, route: true, confidence: true, reasons: true },
    })
    .extend({ model: z.strictObject({ id: z.string(), sha256: sha256Schema.nullable() }), ms: z.number() }),
  'policy check': z.strictObject({
    decision: z.enum(['allow', 'ask', 'deny']),
    rule: z.string(),
    reason: z.string(),
    capability: z.string(),
    snapshot: z.string(),
  }),
  'policy lint': z.strictObject({ ok: z.boolean(), problems }),
  mcp: z.array(server),
  redact: redacted,
  doctor: z.strictObject({
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  }),
  completion: z.strictObject({ shell: z.enum(['bash', 'zsh', 'fish']), script: z.string() }),
};
