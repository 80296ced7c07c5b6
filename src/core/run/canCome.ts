/** Which events can come at which point of a run; a record with any other is not one of this engine. */
import { commitArtifact } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { canonicalize } from '../kernel/json';
import { own } from '../kernel/own';
import { loopIn } from './loops';
import { toolsetOf } from './nodes';
import { deliveryOf } from './results';
import type { ActiveRun, Edit } from './state';

/** Whether an event can come at this point of an active run; what needs an agent or a call asks for it by itself. */
export function canCome(run: ActiveRun, event: RunEvent): boolean {
  switch (event.type) {
    case 'plan.proposed':
    case 'plan.accepted':
      return run.plan === null;
    case 'node.started':
      return run.plan !== null && run.visit === null && Object.hasOwn(run.blueprint.nodes, event.node ?? '');
    case 'node.finished':
      return run.visit !== null && run.visit.id === event.node;
    case 'tool.requested':
      return run.visit !== null && run.call === null && (run.edit === null || isEdited(run.edit, event));
    case 'artifact.created': {
      const request = run.call?.request;
      if (request === undefined) return isResult(run, event);
      if (request.call !== event.data.call) return false;
      return event.data.kind !== 'commit' || (request.tool === 'git_commit' && commitOf(event) !== null);
    }
    case 'policy.decided':
    case 'tool.finished':
    case 'file.changed':
    case 'context.built':
      return run.call !== null && run.call.request.call === event.data.call;
    case 'approval.requested':
      return run.plan !== null && run.waitingSince === null;
    case 'approval.resolved':
      // A commit may rest on an agreement that was given before, without a request of its own.
      if (run.waitingSince === null && run.call === null) return false;
      return event.data.edited === undefined || (event.data.verdict === 'approved' && asksFor(run, event));
    case 'loop.detected':
      return run.call === null && isLoop(run, event);
    default:
      return true;
  }
}

/** The result of an agent's step is recorded exactly as its last reply holds it. */
function isResult(run: ActiveRun, { data }: RunEvent<'artifact.created'>): boolean {
  const node = run.visit && own(run.blueprint.nodes, run.visit.id);
  if (node?.type !== 'agent' || run.agent === null) return false;
  const delivery = deliveryOf(run, node, run.agent, toolsetOf(run));
  return delivery.kind === 'artifact' && canonicalize(delivery.data) === canonicalize(data);
}

function isEdited({ request }: Edit, { data }: RunEvent<'tool.requested'>): boolean {
  const { call, tool, origin } = request;
  return data.call === call && data.tool === tool && data.origin === origin && textOf(data.input) === request.input;
}

/** Only a question that may be answered with an edit is. */
function asksFor({ open: { effect } }: ActiveRun, { data }: RunEvent<'approval.resolved'>): boolean {
  return effect.kind === 'ask_approval' && effect.editable === true && effect.approval === data.approval;
}

function isLoop({ agent, origin }: ActiveRun, { data }: RunEvent<'loop.detected'>): boolean {
  if (agent === null || origin.flags.engine < 2) return false;
  const loop = loopIn(agent.done, agent.settled);
  return loop !== null && canonicalize(loop) === canonicalize(data);
}

/** The branch and the commit that an artifact names; null when its content is something else. */
export function commitOf(event: RunEvent<'artifact.created'>): { branch: string; commit: string } | null {
  try {
    return commitArtifact.parse(JSON.parse(textOf(event.data.content)));
  } catch {
    return null;
  }
}
