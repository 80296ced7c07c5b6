/** What follows from a person's answer: about a call, a step, a plan, or what may be sent. Pure. */
import type { RunEvent } from '../events/schema';
import { exactly } from '../gatekeeper/changes';
import { nextTurn } from './agent';
import { actOnVerdict, editOf } from './calls';
import { agentOf, go, misplaced, type Step } from './moves';
import { endRun, finishNode, nodeOf, placeOf, startNode } from './nodes';
import { SENSITIVE_APPROVAL } from './planned';
import { withStanding } from './standing';
import type { ActiveRun } from './state';
import { beginApproval, beginNode } from './visits';

/** The run after a person has answered: the time that it waited does not count. */
export function waited(run: ActiveRun, event: RunEvent): ActiveRun {
  const waitedMs = run.waitingSince === null ? 0 : Math.max(0, Date.parse(event.at) - run.waitingSince);
  const visit = run.visit && { ...run.visit, waitedMs: run.visit.waitedMs + waitedMs };
  return { ...run, visit, waitingSince: null, waitedMs: run.waitedMs + waitedMs };
}

export function resolve(run: ActiveRun, event: RunEvent<'approval.resolved'>): Step {
  const approved = event.data.verdict === 'approved';
  if (run.call) {
    const next = { ...run, edit: editOf(run.call, event), allowed: withStanding(run, event) };
    return go(next, actOnVerdict(run, run.call, event));
  }
  if (run.visit) {
    if (event.data.approval === SENSITIVE_APPROVAL) return overSensitive(run, event);
    if (event.data.approval === run.contextAsked) return overContext(run, event);
    if (event.data.approval === beginApproval(run.visit) && approved) return beginNode(run, event);
    const reason = approved
      ? `approved by ${event.data.by}`
      : `rejected by ${event.data.by}: ${event.data.reason || 'no reason given'}`;
    const { approval, by } = event.data;
    const after = approved ? { ...run, agreed: { approval, by, tree: run.tree } } : run;
    // Who said no is not asked the same thing again, as often as the node may be repeated.
    const retried = event.data.approval !== beginApproval(run.visit);
    return go(after, finishNode(run, approved ? 'success' : 'failure', reason, event, { retried }));
  }
  if (approved) {
    const agreed = run.plan?.sensitivity === 'high' ? { ...run, sensitiveAgreed: event.data.approval } : run;
    return go(agreed, startNode(agreed, agreed.blueprint.start, event.seq));
  }
  return go(run, endRun(run, 'stopped', 'policy', 'a person did not agree to the plan', event));
}

export function overSensitive(before: ActiveRun, event: RunEvent<'approval.resolved'>): Step {
  if (event.data.verdict === 'rejected') {
    const where = before.origin.model.destination;
    return go(before, endRun(before, 'stopped', 'policy', `a person did not agree to go on with ${where}`, event));
  }
  const run = { ...before, sensitiveAgreed: event.data.approval };
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type !== 'agent') throw misplaced(run, event);
  return go(run, nextTurn(run, node, agentOf(run, event), event));
}

/** What of the context may be sent: as it is, nothing at all, or built anew without what a person took out. */
export function overContext(run: ActiveRun, event: RunEvent<'approval.resolved'>): Step {
  const { verdict, by, leftOut = [] } = event.data;
  if (verdict === 'rejected')
    return go(run, endRun(run, 'stopped', 'policy', `${by} did not agree to what would be sent`, event));
  if (leftOut.length === 0 || run.plan === null || run.visit === null)
    return go(run, finishNode(run, 'success', 'done', event));
  const excluded = [...new Set([...run.plan.excluded, ...leftOut.map(exactly)])];
  const call = `${run.visit.id}.${run.visit.attempt}.context`;
  const request = { call, tool: 'build_context', input: '{}', origin: 'node' } as const;
  const narrower = { ...run, plan: { ...run.plan, excluded } };
  return go(narrower, { kind: 'prepare_call', request, place: placeOf(run, event) });
}
