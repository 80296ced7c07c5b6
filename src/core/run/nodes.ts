/** Starting, finishing and routing of nodes; budgets; the end of a run. All pure. */
import type { BlueprintNode, DeterministicNode, RouteKind } from '../blueprint/schema';
import { isTerminal, limitOf, routeKey, targetOf } from '../blueprint/schema';
import type { NodeOutcome, RouteTaken } from '../events/parts';
import type { DataOf, EventBody, RunEvent } from '../events/schema';
import { OpenExecError } from '../kernel/errors';
import { own } from '../kernel/own';
import { cut } from '../kernel/text';
import type { ProjectCommandName, Toolset } from '../policy/schema';
import { toolsetUnder } from './bounds';
import { LEAST_MS, runTimeLeft } from './budget';
import type { Effect, Place } from './effects';
import type { ActiveRun } from './state';
import { summaryText } from './summaryText';

export const record = (body: EventBody): Effect => ({ kind: 'record', body });

/** The node of an id; the blueprint was checked before the start, so a miss is a bug. */
export function nodeOf(run: ActiveRun, id: string): BlueprintNode {
  const node = own(run.blueprint.nodes, id);
  if (!node) throw new OpenExecError('internal', `the blueprint has no node "${id}"`);
  return node;
}

/** The tools that the agent of the current node has: its own toolset, or the run's. */
export function toolsetOf({ visit, snapshot, plan }: ActiveRun): Toolset {
  return toolsetUnder(plan, snapshot, (visit && own(snapshot.toolsets ?? {}, visit.id)) ?? snapshot.toolset);
}

/** Where the run stands, as the envelope says it. */
export function placeOf(run: ActiveRun, event: RunEvent): Place {
  return run.visit ? { node: run.visit.id, attempt: run.visit.attempt, cause: event.seq } : { cause: event.seq };
}

/** Milliseconds that the current visit has taken; waiting for a person does not count. */
export function spentMs({ visit }: ActiveRun, event: RunEvent): number {
  return visit ? Math.max(0, Date.parse(event.at) - visit.startedAt - visit.waitedMs) : 0;
}

/** Milliseconds that are left to the current node and to its run; at least a second, so that what is begun can also end. */
export function timeLeft(run: ActiveRun, event: RunEvent): number {
  const minutes = run.visit ? nodeOf(run, run.visit.id).timeout_minutes : 1;
  const left = Math.min(minutes * 60_000 - spentMs(run, event), runTimeLeft(run, Date.parse(event.at)));
  return Math.max(LEAST_MS, left);
}

/** The start of a node. */
export function startNode(run: ActiveRun, id: string, cause: number): Effect {
  const node = nodeOf(run, id);
  return record({
    type: 'node.started',
    node: id,
    attempt: (own(run.attempts, id) ?? 0) + 1,
    cause,
    data: { kind: node.type, does: node.type === 'agent' ? node.goal : node.action },
  });
}

/** The end of the current node, with the route that follows from it; `retried` says whether a failure may be tried again. */
export function finishNode(
  run: ActiveRun,
  outcome: NodeOutcome,
  reason: string,
  event: RunEvent,
  { retried = true } = {},
): Effect {
  const { visit } = run;
  if (!visit) throw new OpenExecError('internal', 'no node is active');
  const { route, ...taken } = routeOf(run, nodeOf(run, visit.id), outcome, retried);
  const data = { outcome, reason, ...taken, ...(run.origin.flags.engine < 2 ? {} : { route }) };
  return record({ type: 'node.finished', ...placeOf(run, event), data });
}

type Taken = { readonly next: string; readonly route: RouteTaken; readonly why: string };

function routeOf(run: ActiveRun, node: BlueprintNode, outcome: NodeOutcome, retried: boolean): Taken {
  const id = run.visit?.id ?? '';
  const exhausted = { next: node.on_exhausted, route: 'on_exhausted' } as const;
  if (outcome === 'exhausted' || outcome === 'cancelled') return { ...exhausted, why: 'on_exhausted' };
  if (retried && outcome === 'failure' && node.type === 'deterministic' && run.retries < node.retry) {
    return { next: id, route: 'retry', why: `retry ${run.retries + 1} of ${node.retry}` };
  }
  const kind: RouteKind = outcome === 'success' ? 'on_success' : 'on_failure';
  const limit = limitOf(node[kind]);
  const taken = own(run.routes, routeKey(id, kind)) ?? 0;
  if (taken >= limit) return { ...exhausted, why: `${kind} was taken ${limit} of ${limit} times: on_exhausted` };
  return {
    next: targetOf(node[kind]),
    route: kind,
    why: limit === Number.POSITIVE_INFINITY ? kind : `${kind}, ${taken + 1} of ${limit}`,
  };
}

/** The counters after a node finished: retries and routes are counted apart. */
export function countRoute(run: ActiveRun, event: RunEvent<'node.finished'>): Pick<ActiveRun, 'retries' | 'routes'> {
  const route = event.data.route ?? routeInWords(event.data);
  if (route === 'retry') return { retries: run.retries + 1, routes: run.routes };
  if (route === 'on_exhausted') return { retries: 0, routes: run.routes };
  const key = routeKey(event.node ?? '', route);
  return { retries: 0, routes: { ...run.routes, [key]: (own(run.routes, key) ?? 0) + 1 } };
}

/** The route out of the words that engine 1 recorded it in. */
function routeInWords({ outcome, why }: DataOf<'node.finished'>): RouteTaken {
  if (why.startsWith('retry ')) return 'retry';
  if ((outcome !== 'success' && outcome !== 'failure') || why.endsWith('on_exhausted')) return 'on_exhausted';
  return outcome === 'success' ? 'on_success' : 'on_failure';
}

/** What follows a finished node: the next node, or the end. */
export function follow(run: ActiveRun, event: RunEvent<'node.finished'>): Effect {
  const { next, reason } = event.data;
  if (!isTerminal(next)) return startNode(run, next, event.seq);
  if (next === 'pause')
    return record({ type: 'run.paused', cause: event.seq, data: { reason: `${event.node}: ${reason}` } });
  const succeeded = next === 'done';
  return endRun(
    run,
    succeeded ? 'succeeded' : 'failed',
    next,
    succeeded ? 'the blueprint reached done' : `${event.node}: ${reason}`,
    event,
  );
}

/** The end of a run. */
export function endRun(
  run: ActiveRun,
  status: 'succeeded' | 'failed' | 'stopped',
  outcome: string,
  reason: string,
  event: RunEvent,
): Effect {
  const { tree, branch, commit } = run;
  return record({ type: 'run.finished', cause: event.seq, data: { status, outcome, reason, tree, branch, commit } });
}

const COMMAND_OF: Partial<Record<DeterministicNode['action'], ProjectCommandName>> = {
  run_lint: 'lint',
  run_tests: 'test',
  run_build: 'build',
  run_format: 'format',
};

/** The project command behind a `run_*` action, or null for other actions. */
export const projectCommandOf = (action: DeterministicNode['action']): ProjectCommandName | null =>
  COMMAND_OF[action] ?? null;

/** True for a node that has nothing to do, because the project declares no such command. */
export function isPassedOver({ snapshot }: ActiveRun, node: BlueprintNode): boolean {
  const command = node.type === 'deterministic' ? projectCommandOf(node.action) : null;
  return command !== null && node.type === 'deterministic' && node.optional && !snapshot.commands[command];
}

/** What a deterministic node does when it starts. */
export function beginDeterministic(run: ActiveRun, node: DeterministicNode, event: RunEvent): Effect {
  const place = placeOf(run, event);
  const call = `${place.node}.${place.attempt}`;
  if (node.action === 'request_approval') {
    const detail = node.inputs.map((input) => own(run.artifacts, input) ?? '').join('\n\n');
    return {
      kind: 'ask_approval',
      approval: call,
      call: null,
      title: node.title ?? 'Approve this result',
      detail,
      place,
    };
  }
  if (isPassedOver(run, node)) {
    const command = projectCommandOf(node.action);
    const reason = `no ${command} command is declared; the node is optional and was passed over`;
    return finishNode(run, 'success', reason, event);
  }
  const request = requestOf(run, node);
  if (request === null) return finishNode(run, 'failure', 'the run has made no single patch to apply', event);
  return { kind: 'prepare_call', request: { call, origin: 'node', ...request }, place };
}

function requestOf(run: ActiveRun, node: DeterministicNode): { tool: string; input: string } | null {
  const { action } = node;
  const request = (tool: string, input: object) => ({ tool, input: JSON.stringify(input) });
  const command = projectCommandOf(action);
  if (command) return request('run_project_command', { name: command });
  if (action === 'git_commit') return request(action, { message: commitMessage(run.task) });
  if (action === 'summarize') return request(action, { text: summaryText(run) });
  if (action !== 'apply_patch') return request(action, {});
  const patch = patchFor(run, node);
  return patch === null ? null : request(action, { patch });
}

/** The content of the one patch among the inputs of a node. */
function patchFor({ artifacts, notes }: ActiveRun, { inputs }: DeterministicNode): string | null {
  const [only, ...others] = inputs.filter((input) => own(notes, input)?.kind === 'patch');
  return only === undefined || others.length > 0 ? null : (own(artifacts, only) ?? null);
}

/** Characters of a task that a commit message repeats: well below what the contract of `git_commit` takes. */
const BODY_LIMIT = 8000;

/**
 * A commit message out of a task: its first line, cut to 72 characters, and below it the task when that says more, cut
 * to BODY_LIMIT characters. No cut goes through a surrogate pair.
 */
export function commitMessage(task: string): string {
  const whole = task.trim();
  const first = (whole.split('\n', 1)[0] ?? '').trimEnd();
  const subject = first.length > 72 ? `${cut(first, 69).trimEnd()}...` : first;
  if (subject === whole) return subject;
  return `${subject}\n\n${whole.length > BODY_LIMIT ? `${cut(whole, BODY_LIMIT)}...` : whole}`;
}
