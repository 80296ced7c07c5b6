/** That no way leads round an approval, and which agents nothing checks. */
import { own } from '../kernel/own';
import { isToolName, TOOLS } from '../tools/contracts';
import type { Known } from './checkNodes';
import { allEdges, type Edge, type Finding, nodesWhere, waysFrom, wayTo } from './edges';
import type { Action, Blueprint, BlueprintNode } from './schema';

/**
 * Once a blueprint asks a person at all, no work reaches `done` without the answer, and nothing is committed that was
 * changed after it.
 */
export function checkApprovals(blueprint: Blueprint, known: Known | null): Finding[] {
  const asking = nodesWhere(blueprint, asks);
  if (asking.length === 0) return [];
  return [...roundToDone(blueprint, asking), ...unapprovedCommits(blueprint, known)];
}

const isAction = (node: BlueprintNode | undefined, ...actions: Action[]): boolean =>
  node?.type === 'deterministic' && actions.includes(node.action);

const asks = (node: BlueprintNode): boolean => node.approval === true || isAction(node, 'request_approval');

/** True when the node succeeds only after a person has agreed: what is optional may be passed over unasked. */
const succeedsAsked = (node: BlueprintNode | undefined): boolean =>
  node !== undefined && asks(node) && !(node.type === 'deterministic' && node.optional);

/** The edges that a run can take without a person's having agreed in the node that they leave. */
const unasked = (blueprint: Blueprint): Edge[] =>
  allEdges(blueprint).filter(
    ({ from, member }) => !(member === 'on_success' && succeedsAsked(own(blueprint.nodes, from))),
  );

/** A way on which nobody has worked yet (no agent, nothing that changes files) has nothing that a person could agree to. */
function roundToDone(blueprint: Blueprint, asking: readonly string[]): Finding[] {
  const edges = unasked(blueprint);
  const begun = waysFrom(blueprint.start, edges);
  const working = nodesWhere(blueprint, (node, id) => begun.has(id) && (node.type === 'agent' || changes(node)));
  const told = new Map<Edge, Finding>();
  for (const id of working) {
    const ways = waysFrom(id, edges);
    for (const edge of edges) {
      if (edge.to !== 'done' || !ways.has(edge.from) || told.has(edge)) continue;
      const way = `${wayTo(edge.from, ways)} → done`;
      const message = `done is reached round the approval in ${quoted(asking)}, on ${way}`;
      told.set(edge, { path: ['nodes', edge.from, edge.member], message });
    }
  }
  return [...told.values()];
}

function unapprovedCommits(blueprint: Blueprint, known: Known | null): Finding[] {
  const changing = nodesWhere(blueprint, (node) => canChange(node, blueprint, known));
  const edges = unasked(blueprint);
  const commits = nodesWhere(blueprint, (node) => isAction(node, 'git_commit') && node.approval !== true);
  return commits.flatMap((id) => {
    for (const from of changing) {
      // What an approval before the change agreed to is not what is there after it: every way out of the node counts.
      const after = [...allEdges(blueprint).filter((edge) => edge.from === from), ...edges];
      const ways = waysFrom(from, after);
      if (from !== id && ways.has(id)) {
        const message = `commits what "${from}" changed without an approval after it, on ${wayTo(id, ways)}`;
        return [{ path: ['nodes', id], message }];
      }
    }
    const ways = waysFrom(blueprint.start, edges);
    const message = `commits without an approval, on ${wayTo(id, ways)}`;
    return ways.has(id) ? [{ path: ['nodes', id], message }] : [];
  });
}

const changes = (node: BlueprintNode): boolean => isAction(node, 'apply_patch', 'run_format');

/**
 * True when files may be other ones after the node. A command of the project may write whatever it is meant for: linters
 * mend, builds generate, tests keep snapshots. Of a toolset that is not known everything is held possible.
 */
function canChange(node: BlueprintNode, { toolset }: Blueprint, known: Known | null): boolean {
  if (node.type === 'deterministic') return changes(node) || node.action.startsWith('run_');
  const tools = known?.toolsets.get(node.toolset ?? toolset)?.tools;
  return tools === undefined || tools.some((tool) => isToolName(tool) && writes(tool));
}

const writes = (tool: keyof typeof TOOLS): boolean =>
  TOOLS[tool].forAgents && !['repo_read', 'exec_inspect', 'context_egress'].includes(TOOLS[tool].capability);

/** Agents whose word alone can lead to `done`: they owe no result, and no check stands in between. */
export function unprovenAgents(blueprint: Blueprint): Finding[] {
  const edges = allEdges(blueprint).filter(({ from, member }) => !(member === 'on_success' && proves(blueprint, from)));
  return nodesWhere(blueprint, (node) => node.type === 'agent' && node.result === undefined)
    .filter((id) => {
      const ways = waysFrom(id, edges);
      return edges.some(({ from, to }) => to === 'done' && ways.has(from));
    })
    .map((id) => ({
      path: ['nodes', id],
      message: `nothing checks the work of "${id}" before done; give it a result, or lead it through tests or an approval`,
    }));
}

function proves({ nodes }: Blueprint, id: string): boolean {
  const node = own(nodes, id);
  if (node?.type === 'deterministic' && node.optional) return false;
  return succeedsAsked(node) || isAction(node, 'run_lint', 'run_tests', 'run_build');
}

const quoted = (ids: readonly string[]): string => ids.map((id) => `"${id}"`).join(', ');
