/**
 * Static checks: a blueprint that names what does not exist, that cannot be proven to end, or that leads round what it
 * promises (an approval, an artifact) is refused.
 */
import { didYouMean } from '../kernel/nearest';
import { oneLine } from '../kernel/text';
import { type Locate, PROBLEM_LIMIT, type Problem, told } from '../kernel/yaml';
import { checkCases } from './bound';
import { checkApprovals, unprovenAgents } from './checkApprovals';
import { checkArtifacts } from './checkArtifacts';
import { checkEnding } from './checkEnding';
import { checkNodes, type Known } from './checkNodes';
import { allEdges, type Finding } from './edges';
import { type Blueprint, isTerminal, TERMINALS } from './schema';

/**
 * All that stands against a parsed blueprint. An empty list means that every run of it ends, and that no way through it
 * misses an approval or an artifact. Toolsets and providers are checked as far as they are known.
 */
export function checkBlueprint(blueprint: Blueprint, known: Known | null = null): Finding[] {
  const names = checkNames(blueprint);
  if (names.length > 0) return [...names, ...checkNodes(blueprint, known)];
  const ending = checkEnding(blueprint);
  return [
    ...checkNodes(blueprint, known),
    ...(ending.length > 0 ? ending : checkCases(blueprint)),
    ...checkArtifacts(blueprint),
    ...checkApprovals(blueprint, known),
  ];
}

/** What a person should look at, though a run of it ends. Of a blueprint that was checked. */
export function warningsOf(blueprint: Blueprint): Finding[] {
  return unprovenAgents(blueprint);
}

function checkNames(blueprint: Blueprint): Finding[] {
  const { id: itself, start, nodes } = blueprint;
  const ids = Object.keys(nodes);
  const findings: Finding[] = [];
  const say = (path: string[], message: string) => findings.push({ path, message });
  const missing = (name: string, candidates: readonly string[]): string =>
    name === itself
      ? `"${name}" is this blueprint itself, and none of its nodes has that name`
      : `there is no node${candidates === ids ? '' : ' or terminal'} "${name}"${didYouMean(name, candidates)}`;
  if (!Object.hasOwn(nodes, start)) {
    const message = isTerminal(start) ? `"${start}" is a terminal; a run starts with a node` : missing(start, ids);
    say(['start'], message);
  }
  for (const id of ids) if (isTerminal(id)) say(['nodes', id], `"${id}" is a terminal and cannot be a node`);
  for (const { from, to, member } of allEdges(blueprint)) {
    if (isTerminal(to) || Object.hasOwn(nodes, to)) continue;
    say(['nodes', from, member], missing(to, [...ids, ...TERMINALS]));
  }
  return findings;
}

/** The first hundred findings with their places in the file, in the order of these, and how many more there are. */
export function toProblems(
  findings: readonly Finding[],
  locate: Locate,
  severity: Problem['severity'] = 'error',
): Problem[] {
  // Each place is looked up, so no more problems are made than are told.
  const first = findings.slice(0, PROBLEM_LIMIT);
  const problems = first.map(({ path, message }) => ({ ...locate(path), severity, message: oneLine(message) }));
  return told(problems, findings.length);
}
