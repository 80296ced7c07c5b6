/**
 * The artifacts that nodes make and read: what each action makes, and of which type. An agent node makes the one that
 * its result is kept as.
 */
import type { Action, AgentNode, BlueprintNode } from './schema';

export type ArtifactType =
  | 'context'
  | 'findings'
  | 'tests'
  | 'output'
  | 'diff'
  | 'commit'
  | 'report'
  | 'bundle'
  | 'patch'
  | 'verdict';

const OUTPUTS = {
  build_context: { context: 'context' },
  run_lint: { lint_report: 'findings', lint_output: 'output' },
  run_tests: { test_report: 'tests', test_output: 'output' },
  run_build: { build_report: 'findings', build_output: 'output' },
  run_format: { format_report: 'findings', format_output: 'output' },
  apply_patch: {},
  diff_report: { diff: 'diff' },
  request_approval: {},
  git_commit: { commit: 'commit' },
  summarize: { summary: 'report' },
  evidence_bundle: { evidence: 'bundle' },
} as const satisfies Record<Action, Readonly<Record<string, ArtifactType>>>;

/** The artifacts of an action, by name. */
export const outputsOf = (action: Action): Readonly<Record<string, ArtifactType>> => OUTPUTS[action];

const OF_ACTIONS: ReadonlySet<string> = new Set(Object.values(OUTPUTS).flatMap((outputs) => Object.keys(outputs)));

/** True for a name that means what the runtime itself has made: nothing that an agent writes may bear it. */
export const isMadeByActions = (name: string): boolean => OF_ACTIONS.has(name);

/** The name under which an agent's result is kept; null for a node that need not deliver one. */
export function resultName(id: string, node: AgentNode): string | null {
  if (node.result === undefined) return null;
  return node.outputs?.[0] ?? `${id}_${node.result.type}`;
}

/** What a node makes, by name. */
export function artifactsOf(id: string, node: BlueprintNode): Readonly<Record<string, ArtifactType>> {
  if (node.type === 'deterministic') return outputsOf(node.action);
  const name = resultName(id, node);
  return name === null || node.result === undefined ? {} : { [name]: node.result.type };
}
