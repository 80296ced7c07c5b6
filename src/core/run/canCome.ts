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
import { shortening } from './window';

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
      if (run.waitingSince === null && !restsOnEarlier(run, event)) return false;
      if (event.data.scope !== undefined && !mayStand(run, event)) return false;
      if (event.data.leftOut !== undefined && !mayLeaveOut(run, event)) return false;
      return event.data.edited === undefined || (event.data.verdict === 'approved' && asksFor(run, event));
    case 'zones.widened':
      return run.plan !== null && run.origin.flags.engine >= 4;
    case 'sensitivity.raised':
      return run.due !== null;
    case 'conversation.shortened':
      return isShortening(run, event);
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

/** An agreement that was given before needs no request of its own; since engine 3 it is exactly the one that is due. */
function restsOnEarlier({ call, open: { effect }, origin }: ActiveRun, event: RunEvent<'approval.resolved'>): boolean {
  if (origin.flags.engine < 3) return call !== null;
  return (
    effect.kind === 'record' &&
    effect.body.type === 'approval.resolved' &&
    canonicalize(effect.body.data) === canonicalize(event.data)
  );
}

/** An answer stands for the whole run only where it was asked for so, as it stands. */
function mayStand({ open: { effect } }: ActiveRun, { data }: RunEvent<'approval.resolved'>): boolean {
  const asked = effect.kind === 'ask_approval' && effect.approval === data.approval && effect.standing !== undefined;
  return asked && data.verdict === 'approved' && data.edited === undefined;
}

/** Only of a context can files be left out. */
function mayLeaveOut({ open: { effect } }: ActiveRun, { data }: RunEvent<'approval.resolved'>): boolean {
  const asked = effect.kind === 'ask_approval' && effect.context === true && effect.approval === data.approval;
  return asked && data.verdict === 'approved';
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

/** The rule leaves one way to shorten; the hash is what the replay compares. */
function isShortening(run: ActiveRun, { data }: RunEvent<'conversation.shortened'>): boolean {
  if (run.open.effect.kind !== 'shorten') return false;
  const short = shortening(run);
  if (short === null) return false;
  const { calls, before, after } = short;
  return canonicalize({ calls, before, after, hash: data.hash }) === canonicalize(data);
}

/** The branch and the commit that an artifact names; null when its content is something else. */
export function commitOf(event: RunEvent<'artifact.created'>): { branch: string; commit: string } | null {
  try {
    return commitArtifact.parse(JSON.parse(textOf(event.data.content)));
  } catch {
    return null;
  }
}
