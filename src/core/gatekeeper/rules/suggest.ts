/**
 * The blueprint and the toolset that fit a plan, for whoever has chosen none.
 *
 * Invariant: a toolset is only taken in place of another one that holds all of its tools, so that a suggestion after the
 * local model was asked is never wider than the one before.
 */
import type { Plan, TaskFacts } from '../../events/planParts';
import { asksOnly, isSmall, surfaceOf } from './intent';
import { readText } from './text';

export type Suggestion = { readonly toolset: string; readonly blueprint: string };

/** The shipped toolsets below the two that a change may need, all of whose tools these hold too. */
export const NARROWINGS: Readonly<Record<string, readonly string[]>> = {
  coding_backend: ['ci_build', 'test_repair', 'release_ops', 'repo_readonly'],
  coding_frontend: ['release_ops', 'docs_lookup', 'repo_readonly'],
};

/** What is suggested before the local model is asked: the widest toolset that the task may need. */
export function suggestedFor(task: string, facts: TaskFacts): Suggestion {
  const { plain } = readText(task);
  if (asksOnly(plain)) return { toolset: 'repo_readonly', blueprint: 'investigate' };
  const toolset = surfaceOf(plain, facts) === 'frontend' ? 'coding_frontend' : 'coding_backend';
  return { toolset, blueprint: isSmall(plain) ? 'quick_fix' : 'standard_change' };
}

/** A plan with the blueprint for what it has become, and its toolset narrowed to what that needs. */
export function suggested(plan: Plan, task: string): Plan {
  const wanted = wantedBy(plan, task);
  const toolset = NARROWINGS[plan.toolset]?.includes(wanted.toolset) === true ? wanted.toolset : plan.toolset;
  return { ...plan, toolset, blueprint: toolset === 'repo_readonly' ? 'investigate' : wanted.blueprint };
}

const DEPENDENCIES =
  /\b(?:dependenc\w+|deps|upgrade|bump|downgrade|npm|yarn|pnpm|pip|cargo|maven|gradle|lock ?file)\b/iu;

function wantedBy({ intent, mode, toolset }: Plan, task: string): Suggestion {
  switch (intent) {
    case 'question':
      return { toolset: 'repo_readonly', blueprint: 'investigate' };
    case 'docs':
      return { toolset: 'release_ops', blueprint: 'docs_update' };
    case 'tests':
      return { toolset: 'test_repair', blueprint: 'test_repair' };
    case 'refactor':
      return { toolset, blueprint: 'refactor_safely' };
    case 'build':
      return { toolset: 'ci_build', blueprint: DEPENDENCIES.test(task) ? 'dependency_upgrade' : 'standard_change' };
    case 'operate':
      return { toolset: 'release_ops', blueprint: 'standard_change' };
    case 'feature':
    case 'bugfix':
      return { toolset, blueprint: mode === 'run' ? 'standard_change' : 'quick_fix' };
  }
}
