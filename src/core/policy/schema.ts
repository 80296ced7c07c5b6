/**
 * Policies, toolsets and project commands as data, and the snapshot that freezes them for a run.
 */
import { z } from 'zod';
import { problemOfGlob } from './globShape';

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
  'ask_person',
] as const;
export const capability = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof capability>;

const id = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'an id is lower-case letters, digits, - and _');

/** A glob that matches what it says, and soon: one that matches nothing would make a `deny` over it deny nothing. */
const glob = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    const message = problemOfGlob(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const EFFECTS = ['allow', 'ask', 'deny'] as const;
export type RuleEffect = (typeof EFFECTS)[number];

/** A call, and what the rule is meant to say about it; checked whenever the policy is loaded. */
export const exampleSchema = z.strictObject({
  tool: z.string().min(1).describe('The tool that is called.'),
  input: z.record(z.string(), z.unknown()).describe("The tool's own input."),
  matches: z.boolean().default(true).describe('False for a call that the rule must not match.'),
});
export type RuleExample = z.infer<typeof exampleSchema>;

export const ruleSchema = z.strictObject({
  id: id.describe('Names the rule in every decision; its own in the file.'),
  effect: z.enum(EFFECTS).describe('Deny beats ask, ask beats allow.'),
  capabilities: z.array(capability).min(1).describe('What a call must need for the rule to match it; any of these.'),
  /** Path globs; the rule matches when any target of the call matches. Left out: any target, or none. */
  paths: z.array(glob).min(1).optional().describe('Path globs; without any, every path, and calls without a path.'),
  tools: z.array(z.string().min(1)).min(1).optional().describe('Names of tools; one may end with *.'),
  commands: z
    .array(z.string().min(1).max(500))
    .min(1)
    .optional()
    .describe('First words of command lines, as `git push`; the program is compared by its name on PATH.'),
  hosts: z
    .array(z.string().min(1).max(253))
    .min(1)
    .optional()
    .describe('Host names, as `docs.python.org`; `*.example.org` means every host below it.'),
  /** Why, in words for the person (and the model) that is refused. */
  reason: z.string().min(1).describe('Why, for the person and the model that are refused.'),
  examples: z.array(exampleSchema).optional().describe('Calls that the rule must match, or must not.'),
});
export type Rule = z.infer<typeof ruleSchema>;

export const policySchema = z.strictObject({
  version: z.literal(1).describe('1: the version of this form.'),
  id: id.describe('Names the policy in every decision.'),
  description: z.string().describe('What it is for, in a sentence.'),
  /** Only in files: resolved when the policy is loaded, so that a snapshot never holds it. */
  extends: id.optional().describe('A shipped policy whose rules come with those of this file.'),
  rules: z.array(ruleSchema).describe('In any order: of all rules that match a call, the strictest decides.'),
});
export type Policy = z.infer<typeof policySchema>;

/** From the strictest hand to the nearest: a layer can only tighten what those before it leave open. */
export const LAYERS = ['managed', 'user', 'workspace'] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * A policy beside the one that was chosen for a run. A `complete` one grants: what it does not allow is denied. Any other
 * only tightens, and its `allow` rules say nothing.
 */
export const layeredPolicySchema = z.strictObject({
  layer: z.enum(LAYERS),
  /** Where it was read, for people. */
  source: z.string(),
  complete: z.boolean(),
  policy: policySchema,
});
export type LayeredPolicy = z.infer<typeof layeredPolicySchema>;

export const toolsetSchema = z.strictObject({
  version: z.literal(1).describe('1: the version of this form.'),
  id: id.describe('Names the toolset in blueprints; as the file is called.'),
  description: z.string().describe('What it is for, in a sentence.'),
  tools: z.array(z.string().min(1)).min(1).describe('Names of tools; `mcp__SERVER__*` means all of an MCP server.'),
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

/** A tool of an MCP server as a person has agreed to it. */
export const mcpToolSchema = z.strictObject({
  /** `mcp__SERVER__TOOL`: the name by which models, toolsets and rules know it. */
  name: z.string().min(1).max(200),
  server: z.string().min(1),
  tool: z.string().min(1),
  description: z.string(),
  /** JSON schema of the input, as JSON text. */
  inputSchema: z.string(),
  /** SHA-256 over the canonical JSON of name, description and input schema. */
  sha256: z.string(),
});
export type McpTool = z.infer<typeof mcpToolSchema>;

/** An MCP server whose tools the run may call, as it was agreed to: a run that is resumed starts this very command. */
export const mcpServerSchema = z.strictObject({
  id: z.string().min(1),
  /** Whose file declared it; see core/mcp/pins.ts. */
  origin: z.enum(['user', 'workspace']),
  command: z.array(z.string()).min(1),
  /** Names of environment variables that it gets beyond the few that every program gets. */
  envAllow: z.array(z.string()),
});
export type McpServer = z.infer<typeof mcpServerSchema>;

/** Everything a run's decisions depend on. Its canonical JSON is hashed at the start and named by every decision. */
export const snapshotSchema = z.strictObject({
  /** The policy that was chosen for the run; it is complete. */
  policy: policySchema,
  /** Where it was read; left out before engine 3. */
  source: z.string().optional(),
  /** The other layers, from managed to workspace; left out when there are none. */
  layers: z.array(layeredPolicySchema).min(1).optional(),
  /** The tools of MCP servers that the run may call; left out when there are none. */
  mcp: z.array(mcpToolSchema).min(1).optional(),
  /** Their servers; there exactly when `mcp` is. */
  mcpServers: z.array(mcpServerSchema).min(1).optional(),
  toolset: toolsetSchema,
  /** The toolset that changes nothing, to which the gatekeeper's plan may narrow the run; left out before engine 4. */
  narrower: toolsetSchema.optional(),
  /** The narrower toolsets of single nodes, by id. */
  toolsets: z.record(z.string(), toolsetSchema).optional(),
  commands: projectCommandsSchema,
  blueprint: z.string(),
  model: z.string(),
  gatekeeper: z.string(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
