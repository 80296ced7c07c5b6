/** That what a node reads was made before, on every way to it: a must-analysis over the graph. */
import { didYouMean } from '../kernel/nearest';
import { PROBLEM_LIMIT } from '../kernel/yaml';
import { type ArtifactType, artifactsOf, isMadeByActions, resultName } from './artifacts';
import { allEdges, type Edge, type Finding, waysFrom, wayTo } from './edges';
import { type Blueprint, type BlueprintNode, limitOf } from './schema';

export function checkArtifacts(blueprint: Blueprint): Finding[] {
  const types = typesOf(blueprint);
  const findings = [...borrowed(blueprint), ...clashes(blueprint)];
  const waysWithout = waysWithoutIn(blueprint);
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    for (const [at, name] of node.inputs.entries()) {
      const path = ['nodes', id, 'inputs', String(at)];
      if (!types.has(name)) {
        // What was meant is looked for as long as it is told: a file can hold very many wrong names.
        const told = findings.length < PROBLEM_LIMIT;
        findings.push({ path, message: told ? unmade(name, types) : `no node makes "${name}"` });
        continue;
      }
      const ways = waysWithout(name);
      if (!ways.has(id)) continue;
      const message = `"${name}" is not made on every way to "${id}"; it is missing on ${wayTo(id, ways)}`;
      findings.push({ path, message });
    }
    if (node.type === 'deterministic' && node.action === 'apply_patch') findings.push(...checkPatch(id, node, types));
  }
  return findings;
}

type Types = ReadonlyMap<string, ArtifactType>;

function typesOf({ nodes }: Blueprint): Types {
  return new Map(Object.entries(nodes).flatMap(([id, node]) => Object.entries(artifactsOf(id, node))));
}

/** One name is one type: whoever reads it must know what it is. */
function clashes({ nodes }: Blueprint): Finding[] {
  const first = new Map<string, { id: string; type: ArtifactType }>();
  return Object.entries(nodes).flatMap(([id, node]) =>
    Object.entries(artifactsOf(id, node)).flatMap(([name, type]) => {
      // A borrowed name is told where it is borrowed.
      if (node.type === 'agent' && isMadeByActions(name)) return [];
      const before = first.get(name) ?? { id, type };
      first.set(name, before);
      if (before.type === type) return [];
      const message = `"${name}" is what "${before.id}" makes as ${before.type}, here it is a ${type}; give it another name`;
      return [{ path: ['nodes', id, 'outputs'], message }];
    }),
  );
}

/** Whoever reads what an action makes, a person who approves first of all, must not be given an agent's own text. */
function borrowed({ nodes }: Blueprint): Finding[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    const name = node.type === 'agent' ? resultName(id, node) : null;
    if (name === null || !isMadeByActions(name)) return [];
    const message = `"${name}" is what an action makes, and the result of an agent must not be taken for it; give it another name under outputs`;
    return [{ path: ['nodes', id, node.outputs ? 'outputs' : 'result'], message }];
  });
}

function unmade(name: string, types: Types): string {
  const names = [...types.keys()];
  const made = names.length === 0 ? 'no node makes an artifact' : `made are ${names.join(', ')}`;
  return `no node makes "${name}"${didYouMean(name, names)}; ${made}`;
}

type Ways = ReturnType<typeof waysFrom>;

/** The ways from the start on which an artifact is not made, each artifact looked at once. */
function waysWithoutIn(blueprint: Blueprint): (name: string) => Ways {
  const edges = allEdges(blueprint).map((edge) => ({ edge, made: madeOn(edge, blueprint) }));
  const found = new Map<string, Ways>();
  return (name) => {
    const before = found.get(name);
    if (before !== undefined) return before;
    const without = edges.flatMap(({ edge, made }) => (made.includes(name) ? [] : [edge]));
    const ways = waysFrom(blueprint.start, without);
    found.set(name, ways);
    return ways;
  };
}

/** What is there for certain after an edge because of the node that it leaves. */
function madeOn({ from, member }: Edge, { nodes }: Blueprint): string[] {
  const node = nodes[from];
  return node === undefined ? [] : madeBy(from, node, member);
}

function madeBy(id: string, node: BlueprintNode, member: Edge['member']): string[] {
  const all = Object.keys(artifactsOf(id, node));
  if (node.type === 'agent') {
    // A verdict that rejects is the failure of its node, and is what the next node wants to read.
    const kept = member === 'on_success' || (member === 'on_failure' && node.result?.type === 'verdict');
    return kept ? all : [];
  }
  if (member === 'on_exhausted') {
    // It is what a counted route becomes when it is used up.
    const kinds = (['on_success', 'on_failure'] as const).filter(
      (kind) => limitOf(node[kind]) < Number.POSITIVE_INFINITY,
    );
    const [first = 'on_failure', second = first] = kinds;
    return madeBy(id, node, first).filter((name) => madeBy(id, node, second).includes(name));
  }
  if (!node.action.startsWith('run_')) return member === 'on_success' ? all : [];
  // A command that ran has its report, whatever it says; one that is passed over, or that a person refused, has none.
  const ran = member === 'on_success' ? !node.optional : node.approval !== true;
  return ran ? all : [];
}

function checkPatch(id: string, { inputs }: BlueprintNode, types: Types): Finding[] {
  const [name] = inputs;
  const path = ['nodes', id, 'inputs'];
  if (inputs.length !== 1 || name === undefined) {
    return [{ path, message: `apply_patch is given exactly one input, the patch; here it has ${inputs.length}` }];
  }
  const type = types.get(name) ?? 'patch';
  return type === 'patch' ? [] : [{ path, message: `apply_patch wants a patch; "${name}" is a ${type}` }];
}
