/** That what a node reads was made before, on every way to it: a must-analysis over the graph. */
import { didYouMean } from '../kernel/nearest';
import { type ArtifactType, artifactsOf } from './artifacts';
import { allEdges, type Edge, type Finding, waysFrom, wayTo } from './edges';
import { type Blueprint, type BlueprintNode, limitOf } from './schema';

export function checkArtifacts(blueprint: Blueprint): Finding[] {
  const types = typesOf(blueprint);
  const edges = allEdges(blueprint);
  const findings = clashes(blueprint);
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    for (const [at, name] of node.inputs.entries()) {
      const message = missing(id, name, blueprint, edges, types);
      if (message !== null) findings.push({ path: ['nodes', id, 'inputs', String(at)], message });
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
      const before = first.get(name) ?? { id, type };
      first.set(name, before);
      if (before.type === type) return [];
      const message = `"${name}" is what "${before.id}" makes as ${before.type}, here it is a ${type}; give it another name`;
      return [{ path: ['nodes', id, 'outputs'], message }];
    }),
  );
}

/** Why an input may not be there; null when it is there on every way. */
function missing(id: string, name: string, blueprint: Blueprint, edges: readonly Edge[], types: Types): string | null {
  if (!types.has(name)) {
    const names = [...types.keys()];
    const made = names.length === 0 ? 'no node makes an artifact' : `made are ${names.join(', ')}`;
    return `no node makes "${name}"${didYouMean(name, names)}; ${made}`;
  }
  const without = edges.filter((edge) => !madeOn(edge, blueprint).includes(name));
  const ways = waysFrom(blueprint.start, without);
  if (!ways.has(id)) return null;
  return `"${name}" is not made on every way to "${id}"; it is missing on ${wayTo(id, ways)}`;
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
