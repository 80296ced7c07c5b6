/** Which events can come at which point of a run; a record with any other is not one of this engine. */
import { commitArtifact } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import type { ActiveRun } from './state';

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
      return run.visit !== null && run.call === null;
    case 'artifact.created': {
      const request = run.call?.request;
      if (request?.call !== event.data.call) return false;
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
      return run.waitingSince !== null || run.call !== null;
    default:
      return true;
  }
}

/** The branch and the commit that an artifact names; null when its content is something else. */
export function commitOf(event: RunEvent<'artifact.created'>): { branch: string; commit: string } | null {
  try {
    return commitArtifact.parse(JSON.parse(textOf(event.data.content)));
  } catch {
    return null;
  }
}
