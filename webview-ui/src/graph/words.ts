/** What the graph says in words: on its nodes, at its routes, and to those who cannot see it. Pure. */
import { formatCount, formatNumber } from '../../../src/protocol/format';
import type { BlueprintGraph, GraphEdge, GraphNode } from '../../../src/protocol/graph';
import type { Tone } from '../../../src/protocol/messages';
import type { IconName } from '../icons';
import { type GraphProgress, type NodeProgress, routeId } from './progress';

export type Sign = { readonly word: string; readonly icon: IconName; readonly tone: Tone };

const STATES: Readonly<Record<NodeProgress['state'] | 'waiting', Sign>> = {
  asking: { word: 'asks a person', icon: 'person', tone: 'warn' },
  waiting: { word: 'not started', icon: 'circle-large-outline', tone: 'neutral' },
  active: { word: 'active', icon: 'sync', tone: 'active' },
  open: { word: 'not finished', icon: 'warning', tone: 'warn' },
  success: { word: 'success', icon: 'pass', tone: 'good' },
  failure: { word: 'failure', icon: 'error', tone: 'bad' },
  exhausted: { word: 'exhausted', icon: 'warning', tone: 'bad' },
  cancelled: { word: 'cancelled', icon: 'circle-slash', tone: 'warn' },
};

/** How a node stands, with the attempts that it has used; `undefined` has not started. */
export function signOf(node: GraphNode, progress: NodeProgress | undefined): Sign {
  const sign = STATES[progress?.state ?? 'waiting'];
  if (progress === undefined) return sign;
  const parts = [sign.word];
  if (progress.attempts > 1) parts.push(`attempt ${formatNumber(progress.attempts)}`);
  if (progress.retries > 0) parts.push(`retry ${progress.retries} of ${node.limits.retries}`);
  return { ...sign, word: parts.join(', ') };
}

export const KIND_ICONS = { deterministic: 'gear', agent: 'hubot' } as const satisfies Record<string, IconName>;
export const TERMINAL_ICONS: Readonly<Record<string, IconName>> = { done: 'pass', fail: 'error', pause: 'debug-pause' };

/** What a node is and what bounds it, in a few words. */
export function captionOf({ kind, does, approval, limits }: GraphNode): string {
  const asks = approval && does !== 'request_approval' ? ' · asks first' : '';
  if (kind === 'agent') return `agent · ${formatCount(limits.turns ?? 0, 'turn')}${asks}`;
  const retries = limits.retries === 0 ? '' : ` · ${formatCount(limits.retries, 'retry', 'retries')}`;
  return `${does}${retries}${asks}`;
}

/** All that bounds a node. */
export function limitsOf({ limits }: GraphNode): string {
  return [
    limits.turns === null ? [] : `at most ${formatCount(limits.turns, 'turn')}`,
    limits.tokens === null ? [] : `at most ${formatCount(limits.tokens, 'token')}`,
    limits.retries === 0 ? [] : `at most ${formatCount(limits.retries, 'retry', 'retries')}`,
    limits.minutes === null ? [] : `at most ${formatNumber(limits.minutes)} min`,
  ]
    .flat()
    .join(', ');
}

const OUTCOMES = { on_success: 'success', on_failure: 'failure', on_exhausted: 'exhausted' } as const;

/** `failure 1/3`: the outcome, and of a counted route how often it was taken and may be. */
export function routeLabel(edge: GraphEdge, progress: GraphProgress | null): string {
  const counter = counterOf(edge, progress);
  return [OUTCOMES[edge.kind], counter].filter((part) => part !== '').join(progress === null ? ', ' : ' ');
}

/** `1/3` of a counted route, `max 3` without a run; nothing of one that is not counted. */
export function counterOf(edge: GraphEdge, progress: GraphProgress | null): string {
  if (edge.max === null) return '';
  return progress === null ? `max ${edge.max}` : `${taken(edge, progress)}/${edge.max}`;
}

export const taken = (edge: GraphEdge, progress: GraphProgress | null): number =>
  progress?.routes.get(routeId(edge)) ?? 0;

/** A node in a sentence: what it is, how it stands. */
export function spoken(node: GraphNode, progress: GraphProgress | null): string {
  const state = progress === null ? '' : `, ${signOf(node, progress.nodes.get(node.id)).word}`;
  const does = node.kind === 'agent' ? '' : `, ${node.does}`;
  return `${node.title}: ${kindOf(node)}${does}${spokenRest(node, progress)}${state}`;
}

const kindOf = ({ kind }: GraphNode): string => (kind === 'agent' ? 'agent node' : 'deterministic node');

/** What the picture of a node does not say in words. */
export const unseen = (node: GraphNode, progress: GraphProgress | null): string =>
  `${kindOf(node)}${spokenRest(node, progress)}`;

function spokenRest(node: GraphNode, progress: GraphProgress | null): string {
  const person = node.approval ? ', asks a person' : '';
  const here = progress?.current === node.id ? ', the run is here' : '';
  return `${person}, ${limitsOf(node)}${here}`;
}

/** The routes of a node in a sentence. */
export function spokenRoutes(graph: BlueprintGraph, id: string, progress: GraphProgress | null): string {
  const titles = new Map(graph.nodes.map((node) => [node.id, node.title]));
  return graph.edges
    .filter(({ from }) => from === id)
    .map((edge) => {
      const to = titles.get(edge.to) ?? edge.to;
      const limit = edge.max === null ? '' : `, at most ${formatCount(edge.max, 'time')}`;
      const used = progress === null ? 0 : taken(edge, progress);
      return `on ${OUTCOMES[edge.kind]} to ${to}${limit}${used === 0 ? '' : `, taken ${formatCount(used, 'time')}`}`;
    })
    .join('; ');
}
