/** A blueprint's text looked at as a whole: what it says, everything that is wrong with it, and where that stands. */
import { didYouMean } from '../kernel/nearest';
import { type ExplainKey, type Locate, type Problem, parseYaml } from '../kernel/yaml';
import { checkBlueprint, toProblems, warningsOf } from './check';
import { checkName } from './checkName';
import type { Known } from './checkNodes';
import { agentSchema, type Blueprint, blueprintSchema, budgetSchema, deterministicSchema } from './schema';

export type { Known } from './checkNodes';

export type Inspection = {
  /** Null when there is any error: what is not proven is not run. */
  readonly blueprint: Blueprint | null;
  /** Errors and warnings, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Where a member of the blueprint stands; the first character of a text that cannot be read. */
  readonly locate: Locate;
};

const NOWHERE: Locate = () => ({ line: 1, column: 1 });

/**
 * Total: any text gives a blueprint or errors. Without `known`, names of toolsets and providers are not checked; without
 * the path of its file, the blueprint's own is not.
 */
export function inspectBlueprint(text: string, known: Known | null = null, file: string | null = null): Inspection {
  const parsed = parseYaml(text, blueprintSchema, explainKey);
  if (!parsed.ok) return { blueprint: null, problems: parsed.error, locate: NOWHERE };
  const { value, locate } = parsed.value;
  const errors = toProblems(checkBlueprint(value, known), locate);
  if (errors.length > 0) return { blueprint: null, problems: errors, locate };
  const warnings = [...(file === null ? [] : checkName(value, file, known)), ...warningsOf(value)];
  return { blueprint: value, problems: toProblems(warnings, locate, 'warning'), locate };
}

const AGENT = Object.keys(agentSchema.shape);
const DETERMINISTIC = Object.keys(deterministicSchema.shape);

/** More about a key that stands where it means nothing: where it belongs, or what was meant. */
const explainKey: ExplainKey = ({ path, input }, key) => {
  const near = (keys: readonly string[]): string => `"${key}" is not known here${didYouMean(key, keys)}`;
  if (path.length === 0) return near(Object.keys(blueprintSchema.shape));
  if (path.length === 1 && path[0] === 'budget') return near(Object.keys(budgetSchema.shape));
  if (path.length !== 2 || path[0] !== 'nodes') return null;
  const isAgent = (input as { type?: unknown }).type === 'agent';
  if (key === 'goal') return '"goal" is for agent nodes; a deterministic node has an action and does just that';
  if (key === 'action') return '"action" is for deterministic nodes; an agent node has a goal';
  if ((isAgent ? DETERMINISTIC : AGENT).includes(key)) {
    return `"${key}" is for ${isAgent ? 'deterministic' : 'agent'} nodes; this one is of the other kind`;
  }
  return near(isAgent ? AGENT : DETERMINISTIC);
};
