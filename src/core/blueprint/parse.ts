/** From YAML text to a blueprint that has passed every check. */
import { err, ok, type Result } from '../kernel/result';
import { type Problem, parseYaml } from '../kernel/yaml';
import { checkBlueprint, toProblems } from './check';
import { type Blueprint, blueprintSchema } from './schema';

/** The blueprint, or all its problems with line and column. Total: any text gives one or the other. */
export function parseBlueprint(text: string): Result<Blueprint, Problem[]> {
  const parsed = parseYaml(text, blueprintSchema);
  if (!parsed.ok) return parsed;
  const problems = toProblems(checkBlueprint(parsed.value.value), parsed.value.locate);
  return problems.length > 0 ? err(problems) : ok(parsed.value.value);
}
