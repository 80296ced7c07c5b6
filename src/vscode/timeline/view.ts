/** A run as the header of the timeline shows it, out of its summary. */
import type { RunView } from '../../protocol/messages';
import { canApply, canDiscard, isHalted, isSteered, type ListedRun } from '../runs';

/** What is known of a run beside its summary. */
type Beside = Pick<RunView, 'approvals' | 'elsewhere'>;

export function viewOf(run: ListedRun, beside: Beside): RunView {
  return {
    runId: run.runId,
    task: run.task,
    blueprint: run.blueprint,
    model: run.model,
    recorded: run.model.startsWith('recorded:'),
    status: run.status === 'waiting' ? 'running' : run.status,
    reason: run.reason,
    currentNode: run.currentNode,
    attempt: run.attempt > 0 ? run.attempt : null,
    events: run.events,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    tokens: run.tokens,
    costUsd: run.costUsd,
    denials: run.denials,
    outsideToolset: run.outsideToolset,
    requests: run.requests,
    bytesSent: run.bytesSent,
    redactions: run.redactions,
    filesChanged: run.filesChanged,
    branch: run.branch,
    result: resultOf(run),
    canDiscard: !run.readOnly && canDiscard(run),
    canResume: isHalted(run),
    canPause: isSteered(run),
    readOnly: run.readOnly,
    imported: run.imported,
    ...beside,
  };
}

function resultOf(run: ListedRun): RunView['result'] {
  if (run.result !== 'none') return run.result;
  return canApply(run) ? 'ready' : 'none';
}
