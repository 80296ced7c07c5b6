/**
 * Policies, toolsets and project commands as data, and the snapshot that freezes them for a run.
 */
import picomatch from 'picomatch';
import { z } from 'zod';

export const CAPABILITIES = [
  'repo_read',
  'repo_write',
  'repo_delete',
  'exec_project',
  'exec_inspect',
  'exec_other',
  'git_commit',
  'network',
  'context_egress',
] as const;
export const capability = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof capability>;

const id = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'an id is lower-case letters, digits, - and _');

/** A glob that compiles: one that does not would match nothing, and a `deny` over it would deny nothing. */
const glob = z.string().min(1).max(1000).refine(compiles, 'not a path glob');

function compiles(text: string): boolean {
  try {
    picomatch.makeRe(text, { dot: true, debug: true });
    return true;
  } catch {
    return false;
  }
}

export const ruleSchema = z.strictObject({
  id,
  effect: z.enum(['allow', 'ask', 'deny']),
  capabilities: z.array(capability).min(1),
  /** Path globs; the rule matches when any target of the call matches. Left out: any target, or none. */
  paths: z.array(glob).min(1).optional(),
  tools: z.array(z.string().min(1)).min(1).optional(),
  /** Why, in words for the person (and the model) that is refused. */
  reason: z.string().min(1),
});
export type Rule = z.infer<typeof ruleSchema>;

export const policySchema = z.strictObject({
  version: z.literal(1),
  id,
  description: z.string(),
  rules: z.array(ruleSchema),
});
export type Policy = z.infer<typeof policySchema>;

export const toolsetSchema = z.strictObject({
  version: z.literal(1),
  id,
  description: z.string(),
  tools: z.array(z.string().min(1)).min(1),
});
export type Toolset = z.infer<typeof toolsetSchema>;

export const PROJECT_COMMANDS = ['lint', 'test', 'build', 'format'] as const;
export type ProjectCommandName = (typeof PROJECT_COMMANDS)[number];

export const projectCommandSchema = z.strictObject({
  /** The command as an argument vector; it never passes a shell of ours. */
  argv: z.array(z.string().min(1)).min(1),
  /** Where it was found, for people: `.openexec/project.yaml`, `package.json script "test"` … */
  source: z.string(),
});
export const projectCommandsSchema = z.strictObject({
  lint: projectCommandSchema.optional(),
  test: projectCommandSchema.optional(),
  build: projectCommandSchema.optional(),
  format: projectCommandSchema.optional(),
});
export type ProjectCommands = z.infer<typeof projectCommandsSchema>;

/** Everything a run's decisions depend on. Its canonical JSON is hashed at the start and named by every decision. */
export const snapshotSchema = z.strictObject({
  policy: policySchema,
  toolset: toolsetSchema,
  /** The narrower toolsets of single nodes, by id. */
  toolsets: z.record(z.string(), toolsetSchema).optional(),
  commands: projectCommandsSchema,
  blueprint: z.string(),
  model: z.string(),
  gatekeeper: z.string(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
