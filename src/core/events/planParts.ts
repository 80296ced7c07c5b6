/**
 * What a plan is made of and how it was come by: the facts of the workspace, what the local model said, and what the
 * person changed. All of it is recorded, so that a replay makes the same plan again.
 */
import { z } from 'zod';

export const plan = z.strictObject({
  mode: z.enum(['chat', 'task', 'run']),
  intent: z.enum(['question', 'feature', 'bugfix', 'refactor', 'tests', 'docs', 'build', 'operate']),
  surface: z.enum(['frontend', 'backend', 'none']),
  toolset: z.string(),
  blueprint: z.string(),
  zones: z.array(z.string()),
  excluded: z.array(z.string()),
  sensitivity: z.enum(['low', 'medium', 'high']),
  risk: z.array(z.enum(['destructive', 'exfiltration', 'override'])),
  route: z.enum(['cloud', 'local', 'refuse']),
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()),
  /** True when the local model was not sure enough: the plan is the stricter one, and a person is asked. */
  unsure: z.boolean().optional(),
});
export type Plan = z.infer<typeof plan>;

/** What a local model thinks of a task. */
export const classification = z.strictObject({
  intent: plan.shape.intent,
  surface: plan.shape.surface,
  sensitivity: plan.shape.sensitivity,
  risk: plan.shape.risk,
  /** The calibrated probability of the intent. */
  confidence: plan.shape.confidence,
  /** The axes on which it is not sure enough to be followed. */
  unsure: z.array(z.enum(['intent', 'surface', 'sensitivity', 'risk'])),
});
export type Classification = z.infer<typeof classification>;

const glob = z.string().min(1).max(1000);

/** What is found in the repository about a task, before any model sees it. Paths have `/` and begin at the root. */
export const taskFacts = z.strictObject({
  /** Files that git knows or would add. */
  files: z.number().int().nonnegative(),
  /** The packages of a monorepo that the task is about, each with the packages of the repository that it builds on. */
  packages: z.array(z.strictObject({ root: z.string(), name: z.string(), uses: z.array(z.string()) })),
  /** How many packages there are; 0 or 1 is no monorepo. */
  packageCount: z.number().int().nonnegative(),
  /** What the task names and where that is. */
  named: z.array(
    z.strictObject({ what: z.enum(['path', 'symbol', 'word']), text: z.string(), paths: z.array(z.string()) }),
  ),
  /** Globs of what never enters a prompt, with where each comes from: an ignore file, a data dump, generated code. */
  ignored: z.array(z.strictObject({ glob, from: z.string() })),
});
export type TaskFacts = z.infer<typeof taskFacts>;

/** What a person changed of a plan before the start. */
export const planChanges = z.strictObject({
  by: z.string().min(1),
  /** In place of the plan's zones; may be wider. */
  zones: z.array(glob).min(1).optional(),
  /** More that never enters a prompt. */
  excluded: z.array(glob).min(1).optional(),
  /** At least this sensitive. */
  sensitivity: plan.shape.sensitivity.optional(),
  /** True to look at what will be sent before the first model call. */
  showContext: z.boolean().optional(),
  /** The plan, with these changes, as the person was shown it and agreed to it, whatever it advises against. */
  agreed: plan.optional(),
});
export type PlanChanges = z.infer<typeof planChanges>;

/** What binds the calls of a run: paths outside of the zones, and those excluded, are refused. */
export type PathBounds = { readonly zones: readonly string[]; readonly excluded: readonly string[] };
