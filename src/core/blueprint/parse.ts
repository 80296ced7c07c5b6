/** From YAML text to a blueprint that has passed every check. */
import { err, ok, type Result } from '../kernel/result';
import type { Problem } from '../kernel/yaml';
import type { Known } from './checkNodes';
import { inspectBlueprint } from './inspect';
import type { Blueprint } from './schema';

/** The blueprint, or all its errors with line and column. Total: any text gives one or the other. */
export function parseBlueprint(text: string, known: Known | null = null): Result<Blueprint, readonly Problem[]> {
  const { blueprint, problems } = inspectBlueprint(text, known);
  return blueprint === null ? err(problems) : ok(blueprint);
}
