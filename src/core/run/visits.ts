/** The beginning of a node's visit, and the question that may stand before it. Pure. */
import type { RunEvent } from '../events/schema';
import { nextTurn, openAgent } from './agent';
import { go, type Step } from './moves';
import { beginDeterministic, isPassedOver, nodeOf, placeOf } from './nodes';
import type { ActiveRun } from './state';

export function enter(before: ActiveRun, event: RunEvent<'node.started'>): Step {
  const id = event.node ?? '';
  const attempt = event.attempt ?? 1;
  const node = nodeOf(before, id);
  const visit = { id, attempt, startedAt: Date.parse(event.at), waitedMs: 0, tree: before.tree };
  const run = { ...before, visit, attempts: { ...before.attempts, [id]: attempt }, agent: null, call: null };
  if (node.approval !== true || isPassedOver(run, node)) return beginNode(run, event);
  const does = node.type === 'agent' ? node.goal : node.action;
  const title = `Begin the step ${node.title ?? id}?`;
  return go(run, {
    kind: 'ask_approval',
    approval: beginApproval(visit),
    call: null,
    title,
    detail: does,
    place: placeOf(run, event),
  });
}

/** The approval that stands before a node which asks for one. */
export const beginApproval = ({ id, attempt }: { id: string; attempt: number }): string => `${id}.${attempt}.start`;

export function beginNode(run: ActiveRun, event: RunEvent): Step {
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type === 'deterministic') return go(run, beginDeterministic(run, node, event));
  const agent = openAgent(run, node);
  return go({ ...run, agent }, nextTurn(run, node, agent, event));
}
