/**
 * What several runs, beside each other, are found to differ in: the shapes alone, for every side that shows them. Lists
 * "by run" are in the order in which the runs were named. What finds it is in core/compare.
 */
import { z } from 'zod';
import { count, money, nodeOutcome } from './parts';
import { runStatusSchema } from './summary';

/** How many runs can be compared. */
export const MIN_COMPARED = 2;
export const MAX_COMPARED = 6;

/** Where a run first goes another way than the first one. */
export const divergenceSchema = z.strictObject({
  /** Ids of the first run and of the other. */
  runs: z.tuple([z.string(), z.string()]),
  /** How many steps before it are the same in both. */
  equalSteps: count,
  /** The two events; null where a run has no further step. */
  seqs: z.tuple([count.nullable(), count.nullable()]),
  node: z.string().nullable(),
  tool: z.string().nullable(),
  path: z.string().nullable(),
  /** What differs, in a few words: `the policy’s decision`; `the next step` when the two did not do the same. */
  what: z.string(),
  /** Where and what, as a sentence. */
  text: z.string(),
});
export type Divergence = z.infer<typeof divergenceSchema>;

/** A run and its figures. */
export const runMetricsSchema = z.strictObject({
  run: z.string(),
  task: z.string(),
  blueprint: z.string(),
  /** `provider:name`. */
  model: z.string(),
  policy: z.string(),
  startedAt: z.string(),
  status: runStatusSchema,
  outcome: z.string().nullable(),
  /** Null as long as the run can still go on. */
  success: z.boolean().nullable(),
  events: count,
  /** Visits of nodes. */
  attempts: count,
  denials: count,
  /** Questions that a person was asked. */
  approvals: count,
  modelCalls: count,
  tokens: count,
  /** US dollars; null is "not known". */
  costUsd: money,
  /** From its start to its end, or to its last event, without the time in which it was paused. */
  ms: count,
  /** Against the first run; null for the first run itself, and where the two are the same. */
  firstDivergence: divergenceSchema.nullable(),
});
export type RunMetrics = z.infer<typeof runMetricsSchema>;

/** A node, by run; null where a run never came to it. */
export const comparedNodeSchema = z.strictObject({
  node: z.string(),
  runs: z.array(
    z
      .strictObject({
        visits: count,
        /** Of the last visit; null while it lasts. */
        outcome: nodeOutcome.nullable(),
        ms: count,
      })
      .nullable(),
  ),
});
export type ComparedNode = z.infer<typeof comparedNodeSchema>;

/** A call that was not decided alike, by run: what was decided of it, in order; nothing where a run never made it. */
export const comparedPolicySchema = z.strictObject({
  node: z.string().nullable(),
  tool: z.string(),
  /** Its first path, or its command line. */
  path: z.string().nullable(),
  runs: z.array(
    z.array(
      z.strictObject({
        /** The first such decision, and how many there are. */
        seq: count,
        times: count,
        decision: z.enum(['allow', 'ask', 'deny']),
        rule: z.string(),
      }),
    ),
  ),
});
export type ComparedPolicy = z.infer<typeof comparedPolicySchema>;

/** A file that is not the same at the end of all runs, by run. */
export const comparedFileSchema = z.strictObject({
  path: z.string(),
  runs: z.array(
    z.strictObject({
      /** Against the run's own beginning; unknown where it was not touched, and the runs began with other files. */
      state: z.enum(['created', 'changed', 'deleted', 'untouched', 'unknown']),
      /** Of its content; null where there is none, or where it is not known. */
      sha256: z.string().nullable(),
      /** True when the bytes lie in the store. */
      kept: z.boolean(),
    }),
  ),
});
export type ComparedFile = z.infer<typeof comparedFileSchema>;

export const comparisonSchema = z.strictObject({
  /** Of several, the one after the fewest equal steps; null when all runs are the same. */
  firstDivergence: divergenceSchema.nullable(),
  nodes: z.array(comparedNodeSchema),
  metrics: z.array(runMetricsSchema),
  files: z.array(comparedFileSchema),
  policy: z.array(comparedPolicySchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** What runs can begin with differently. */
export const BEGINNINGS = ['task', 'blueprint', 'policy', 'model', 'files', 'engine'] as const;
export type Beginning = (typeof BEGINNINGS)[number];
