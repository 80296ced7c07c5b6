/**
 * The header of an event: what the list shows, one English line for people. Pure; what a call was about is known only
 * from its request, so a writer that reads a run from the start remembers it.
 */
import type { Payload } from '../core/events/payload';
import type { RunEvent } from '../core/events/schema';
import { assertNever } from '../core/kernel/assertNever';
import { formatBytes, formatCount, formatDuration, formatNumber, oneLine } from './format';
import { type RouteTaken, routeTaken } from './graph';
import { type EventHeader, MAX_TITLE, type Tone } from './messages';

type Line = Pick<EventHeader, 'title' | 'tone'> & {
  outcome?: string;
  next?: string;
  route?: RouteTaken | null;
  ms?: number;
  call?: string | null;
  approval?: string;
};

/** What a call is about (a path, a command, a name), for the events that name only the call; '' when not known. */
export type AboutCall = (call: string) => string;

/**
 * A function that gives the header of each event of one run, to be called with the events in their order: it remembers
 * what calls are about.
 */
export function headerWriter(): (event: RunEvent) => EventHeader {
  const calls = new Map<string, string>();
  return (event) => {
    if (event.type === 'tool.requested') calls.set(event.data.call, subjectOf(event));
    return headerOf(event, (call) => calls.get(call) ?? '');
  };
}

/** The header of one event. */
export function headerOf(event: RunEvent, about: AboutCall = () => ''): EventHeader {
  const { title, tone, outcome, next, route, ms, call, approval } = lineOf(event, about);
  const ref = { ...(call ? { call } : {}), ...(approval === undefined ? {} : { approval }) };
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    ...(event.node === undefined ? {} : { node: event.node }),
    ...(event.attempt === undefined ? {} : { attempt: event.attempt }),
    ...(event.cause === undefined ? {} : { cause: event.cause }),
    title: oneLine(title, MAX_TITLE),
    tone,
    ...(outcome === undefined ? {} : { outcome }),
    ...(next === undefined ? {} : { next }),
    ...(route ? { route } : {}),
    ...(ms === undefined ? {} : { ms }),
    ...(Object.keys(ref).length === 0 ? {} : { ref }),
  };
}

/** What a tool call is about: the paths that were looked at, else the command, name or query of its input. */
export function subjectOf(event: RunEvent<'tool.requested'>): string {
  const paths = event.data.facts.paths.map((fact) => fact.inside ?? fact.asked);
  if (paths.length > 0) return oneLine(paths.join(', '), 120);
  const input = objectIn(event.data.input);
  for (const member of ['command', 'name', 'query', 'message', 'url']) {
    const value = input[member];
    // A commit message repeats its subject in its body, and a command has one line anyway.
    if (typeof value === 'string') return oneLine(value.trim().split('\n', 1)[0] ?? '', 120);
  }
  return '';
}

function lineOf(event: RunEvent, about: AboutCall): Line {
  switch (event.type) {
    case 'run.started':
      return { title: `Run started: ${taskOf(event.data.task)}`, tone: 'neutral' };
    case 'run.paused':
      return { title: `Run paused: ${event.data.reason}`, tone: 'warn' };
    case 'run.interrupted':
      return { title: `Run interrupted: ${event.data.reason}`, tone: 'warn', call: event.data.inDoubt };
    case 'run.resumed': {
      const { by, inDoubt } = event.data;
      const doubt =
        inDoubt === null ? '' : `; what was under way is ${inDoubt.decision === 'repeat' ? 'repeated' : 'given up'}`;
      return {
        title: `Run resumed by ${by}${doubt}`,
        tone: 'active',
        call: inDoubt?.kind === 'call' ? inDoubt.id : null,
      };
    }
    case 'run.cancelled':
      return { title: `Run cancelled by ${event.data.by}`, tone: 'warn' };
    case 'run.finished':
      return runFinished(event);
    case 'plan.proposed':
      return {
        title: planTitle(event),
        tone: event.data.plan.route === 'refuse' ? 'bad' : 'neutral',
        ms: event.data.ms,
      };
    case 'plan.accepted': {
      const { by, changes } = event.data;
      const changed = changes.length === 0 ? 'unchanged' : `with ${formatCount(changes.length, 'change')}`;
      return { title: `Plan accepted by ${by}, ${changed}`, tone: 'neutral' };
    }
    case 'context.built':
      return contextBuilt(event);
    case 'node.started':
      return { title: `${event.node ?? 'Node'} started${repeated(event.attempt)}: ${event.data.does}`, tone: 'active' };
    case 'node.finished':
      return nodeFinished(event);
    case 'egress.sent':
      return { title: `Sent ${formatBytes(event.data.bytes)} to ${event.data.destination}`, tone: 'neutral' };
    case 'model.requested':
    case 'model.responded':
    case 'model.failed':
      return modelLine(event);
    case 'tool.requested':
      return { title: named(event.data.tool, subjectOf(event)), tone: 'active', call: event.data.call };
    case 'policy.decided':
      return policyDecided(event, about);
    case 'tool.finished':
      return toolFinished(event, about);
    case 'approval.requested': {
      const { title, approval, call } = event.data;
      return { title: `Approval needed: ${title}`, tone: 'warn', approval, call };
    }
    case 'loop.detected': {
      const { kind, calls, detail } = event.data;
      return { title: `Loop: ${LOOPS[kind]} (${formatCount(calls, 'call')}): ${detail}`, tone: 'bad', outcome: kind };
    }
    case 'approval.resolved':
      return approvalResolved(event);
    case 'file.changed':
      return fileChanged(event);
    case 'artifact.created': {
      const { kind, name, summary, call } = event.data;
      return { title: `${ARTIFACTS[kind]} ${name}${summary === '' ? '' : `: ${summary}`}`, tone: 'neutral', call };
    }
    case 'budget.charged': {
      const { usage, totals } = event.data;
      const spent = formatNumber(usage.input + usage.output);
      return { title: `Charged ${spent} tokens, ${formatNumber(totals.tokens)} in all`, tone: 'neutral' };
    }
    case 'budget.exceeded': {
      const { limit, used, allowed } = event.data;
      return { title: `Budget exceeded: ${limit}, ${formatNumber(used)} of ${formatNumber(allowed)}`, tone: 'bad' };
    }
    case 'result.requested':
      return {
        title: `${event.data.action === 'apply' ? 'Apply' : 'Discard'} asked for by ${event.data.by}`,
        tone: 'active',
      };
    case 'result.finished':
      return resultFinished(event);
    default:
      return assertNever(event);
  }
}

const ARTIFACTS = {
  context: 'Context',
  report: 'Report',
  output: 'Output',
  diff: 'Diff',
  commit: 'Commit',
  patch: 'Patch',
  verdict: 'Verdict',
  bundle: 'Evidence bundle',
} as const;

const LOOPS = {
  'same call': 'the same call with the same result',
  alternating: 'the same two calls in turn',
  'no progress': 'no call that brought anything',
} as const;

function runFinished({ data }: RunEvent<'run.finished'>): Line {
  const tone = data.status === 'succeeded' ? 'good' : data.status === 'failed' ? 'bad' : 'warn';
  return { title: `Run ${data.status}: ${data.reason || data.outcome}`, tone, outcome: data.status };
}

function planTitle({ data }: RunEvent<'plan.proposed'>): string {
  const { intent, sensitivity, route, toolset } = data.plan;
  if (route === 'refuse') return `Plan: refused (${data.plan.reasons[0] ?? 'no reason given'})`;
  return `Plan: ${intent}, sensitivity ${sensitivity}, toolset ${toolset}, ${route === 'local' ? 'local models only' : 'any model'}`;
}

function contextBuilt({ data }: RunEvent<'context.built'>): Line {
  const withheld = data.withheld.length === 0 ? '' : `, ${formatNumber(data.withheld.length)} withheld`;
  const title = `Context built: ${formatCount(data.files.length, 'file')}, ${formatBytes(data.bytes)}${withheld}`;
  return { title, tone: 'neutral', call: data.call };
}

function nodeFinished(event: RunEvent<'node.finished'>): Line {
  const { outcome, next } = event.data;
  const tone = outcome === 'success' ? 'good' : outcome === 'cancelled' ? 'warn' : 'bad';
  const title = `${event.node ?? 'Node'} finished: ${outcome} → ${next}`;
  return { title, tone, outcome, next, route: routeTaken(event.data) };
}

function modelLine(event: RunEvent<'model.requested' | 'model.responded' | 'model.failed'>): Line {
  switch (event.type) {
    case 'model.requested': {
      const { model, turn, retry } = event.data;
      return { title: `Asked ${model}, turn ${turn}${retry > 0 ? `, retry ${retry}` : ''}`, tone: 'active' };
    }
    case 'model.responded': {
      const { toolCalls, usage, stop, ms } = event.data;
      const said = toolCalls.length === 0 ? 'text' : formatCount(toolCalls.length, 'tool call');
      const tokens = `${usage.estimated ? 'about ' : ''}${formatCount(usage.input + usage.output, 'token')}`;
      if (stop === 'length')
        return { title: `Model reply cut off at its length limit: ${said}, ${tokens}`, tone: 'warn', ms };
      if (stop === 'filter')
        return { title: `Model reply stopped by the provider's filter, ${tokens}`, tone: 'bad', ms };
      return { title: `Model replied: ${said}, ${tokens}`, tone: 'neutral', ms };
    }
    case 'model.failed':
      return { title: `Model failed: ${event.data.message}`, tone: 'bad', outcome: event.data.code, ms: event.data.ms };
    default:
      return assertNever(event);
  }
}

function policyDecided({ data }: RunEvent<'policy.decided'>, about: AboutCall): Line {
  const what = named(data.tool, about(data.call));
  const line = { call: data.call, outcome: data.decision };
  if (data.decision === 'allow') return { ...line, title: `Allowed ${what} — ${data.rule}`, tone: 'neutral' };
  if (data.decision === 'ask') return { ...line, title: `Needs approval: ${what} — ${data.rule}`, tone: 'warn' };
  return { ...line, title: `Denied ${what} — ${data.rule}`, tone: 'bad' };
}

/** A command that ran and found something is no failure of the tool; what it means, its node says. */
const toneOfExit = (code: number | null): Tone => (code === null ? 'neutral' : code === 0 ? 'good' : 'bad');

function toolFinished({ data }: RunEvent<'tool.finished'>, about: AboutCall): Line {
  const what = named(data.tool, about(data.call));
  const line = { call: data.call, outcome: data.outcome, ms: data.ms };
  const code = data.exitCode === null ? '' : `exit code ${data.exitCode}`;
  switch (data.outcome) {
    case 'ok':
      return { ...line, title: `${what}: ${code === '' ? 'done' : code}`, tone: toneOfExit(data.exitCode) };
    case 'error':
      return { ...line, title: `${what}: ${code === '' ? 'error' : `${code} (error)`}`, tone: 'bad' };
    case 'invalid':
      return { ...line, title: `${what}: the arguments do not fit`, tone: 'warn' };
    case 'timeout':
      return { ...line, title: `${what}: no end after ${formatDuration(data.ms)}, stopped`, tone: 'bad' };
    case 'denied':
    case 'rejected':
      return { ...line, title: `${what}: ${data.outcome}, not done`, tone: 'bad' };
    case 'cancelled':
      return { ...line, title: `${what}: cancelled`, tone: 'warn' };
    default:
      return assertNever(data.outcome);
  }
}

function approvalResolved({ data }: RunEvent<'approval.resolved'>): Line {
  const approved = data.verdict === 'approved';
  const reason = data.reason === '' ? '' : `: ${data.reason}`;
  const word = approved ? (data.edited === undefined ? 'Approved' : 'Approved as edited') : 'Rejected';
  const title = `${word} by ${data.by}${reason}`;
  return { title, tone: approved ? 'good' : 'bad', outcome: data.verdict, approval: data.approval };
}

function fileChanged({ data }: RunEvent<'file.changed'>): Line {
  const { path, before, after } = data;
  const size = after === null ? '' : `, ${formatBytes(after.bytes)}`;
  const verb = before === null ? 'Created' : after === null ? 'Deleted' : 'Changed';
  return { title: `${verb} ${path}${size}`, tone: 'neutral', call: data.call };
}

function resultFinished({ data }: RunEvent<'result.finished'>): Line {
  const line = { outcome: data.outcome };
  if (data.outcome === 'refused') {
    const verb = data.action === 'apply' ? 'Not applied' : 'Not discarded';
    return { ...line, title: `${verb}: ${data.reason}`, tone: 'bad' };
  }
  if (data.action === 'discard') return { ...line, title: 'Result discarded', tone: 'neutral' };
  return { ...line, title: `Result applied: ${formatCount(data.files.length, 'file')}`, tone: 'good' };
}

const named = (tool: string, subject: string): string => (subject === '' ? tool : `${tool} ${subject}`);

const repeated = (attempt: number | undefined): string =>
  attempt === undefined || attempt === 1 ? '' : `, attempt ${attempt}`;

const taskOf = (task: Payload): string =>
  typeof task === 'string' ? oneLine(task, MAX_TITLE) : `a task of ${formatBytes(task.bytes)}`;

/** The members of a JSON object in a payload; none when it is large, not JSON or not an object. */
function objectIn(payload: Payload): Record<string, unknown> {
  if (typeof payload !== 'string') return {};
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
