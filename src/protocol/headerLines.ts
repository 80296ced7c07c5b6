/** The one English line that the list shows of an event, with its tone and its outcome. Pure. */
import type { Payload } from '../core/events/payload';
import type { RunEvent } from '../core/events/schema';
import { assertNever } from '../core/kernel/assertNever';
import { askedFiles, contextQuestionOf } from './contextQuestion';
import { formatBytes, formatCount, formatDuration, formatNumber, oneLine } from './format';
import { type RouteTaken, routeTaken } from './graph';
import { type EventHeader, MAX_TITLE, type Tone } from './messages';

export type Line = Pick<EventHeader, 'title' | 'tone'> & {
  rule?: string;
  outcome?: string;
  next?: string;
  route?: RouteTaken | null;
  ms?: number;
  call?: string | null;
  approval?: string;
};

/** What a call is: its tool, what it is about (a path, a command, a name; '' when not known), and its first path. */
export type About = (call: string) => { readonly subject: string; readonly path?: string | undefined };

/** What a tool call is about: a command line; else the paths that were looked at, or the name or query of its input. */
export function subjectOf(event: RunEvent<'tool.requested'>): string {
  const paths = event.data.facts.paths.map((fact) => fact.inside ?? fact.asked);
  if (paths.length > 0 && event.data.tool !== 'run_command') return oneLine(paths.join(', '), 120);
  const input = objectIn(event.data.input);
  for (const member of ['command', 'name', 'query', 'message', 'url', 'question']) {
    const value = input[member];
    // A commit message repeats its subject in its body, and a command has one line anyway.
    if (typeof value === 'string') return oneLine(value.trim().split('\n', 1)[0] ?? '', 120);
  }
  return '';
}

/** The line of an event; `about` tells of the calls that it names. */
export function lineOf(event: RunEvent, about: About): Line {
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
      const changed = changes.length === 0 ? ', unchanged' : `: ${changes.join('; ')}`;
      return { title: `Plan accepted by ${by}${changed}`, tone: 'neutral' };
    }
    case 'zones.widened': {
      const { zones, by, reason } = event.data;
      const why = reason === '' ? '' : ` (${reason})`;
      return { title: `Zones widened by ${by}: ${oneLine(zones.join(', '), 120)}${why}`, tone: 'warn' };
    }
    case 'sensitivity.raised':
      return sensitivityRaised(event, about);
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
      const { approval, call } = event.data;
      return { title: askedTitle(event), tone: 'warn', approval, call };
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
    case 'conversation.shortened':
      return conversationShortened(event);
    case 'result.requested':
      return {
        title: `${RESULT_WORDS[event.data.action].asked}${onlyOf(event.data.only)} asked for by ${event.data.by}`,
        tone: 'active',
      };
    case 'result.finished':
      return resultFinished(event);
    default:
      return assertNever(event);
  }
}

function conversationShortened({ data }: RunEvent<'conversation.shortened'>): Line {
  const results = formatCount(data.calls.length, 'old tool result');
  const sizes = `${formatBytes(data.after)} left of ${formatBytes(data.before)}`;
  return { title: `Conversation shortened: ${results}, ${sizes}`, tone: 'neutral' };
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

function sensitivityRaised({ data }: RunEvent<'sensitivity.raised'>, about: About): Line {
  const { from, to, kinds, call } = data;
  const found = Object.entries(kinds).map(([kind, times]) => (times === 1 ? kind : `${formatNumber(times)} × ${kind}`));
  const where = call === null || about(call).subject === '' ? '' : ` in ${about(call).subject}`;
  return { title: `Sensitivity raised from ${from} to ${to}: found ${found.join(', ')}${where}`, tone: 'warn', call };
}

function contextBuilt({ data }: RunEvent<'context.built'>): Line {
  const withheld = data.withheld.length === 0 ? '' : `, ${formatNumber(data.withheld.length)} withheld`;
  const files = new Set(data.files.map(({ path }) => path)).size;
  const title = `Context built: ${formatCount(files, 'file')}, ${formatBytes(data.bytes)}${withheld}`;
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

function policyDecided({ data }: RunEvent<'policy.decided'>, about: About): Line {
  const what = named(data.tool, about(data.call).subject);
  const line = { call: data.call, outcome: data.decision, rule: data.rule };
  if (data.decision === 'allow') return { ...line, title: `Allowed ${what}`, tone: 'neutral' };
  if (data.decision === 'ask') return { ...line, title: `Needs approval: ${what}`, tone: 'warn' };
  // The gatekeeper's reason names the path and what it is outside of.
  const why = data.layer === 'gatekeeper' ? `${data.tool}: ${data.reason}` : what;
  return { ...line, title: `Denied ${why}`, tone: 'bad' };
}

function askedTitle({ data: { title, question, context, detail } }: RunEvent<'approval.requested'>): string {
  if (question === true) return `The model asks: ${title}`;
  const sending = context === true && typeof detail === 'string' ? contextQuestionOf(detail) : null;
  if (sending === null) return `Approval needed: ${title}`;
  const files = formatCount(askedFiles(sending).length, 'file');
  return `Approval needed: send ${files}, ${formatBytes(sending.bytes)}, to ${sending.destination}`;
}

/** A command that ran and found something is no failure of the tool; what it means, its node says. */
const toneOfExit = (code: number | null): Tone => (code === null ? 'neutral' : code === 0 ? 'good' : 'bad');

function toolFinished({ data }: RunEvent<'tool.finished'>, about: About): Line {
  const what = named(data.tool, about(data.call).subject);
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
  const scope = data.scope === 'run' ? 'Approved for this run' : 'Approved';
  const word = approved ? (data.edited === undefined ? scope : 'Approved as edited') : 'Rejected';
  const { leftOut = [] } = data;
  const without = leftOut.length === 0 ? '' : `, without ${oneLine(leftOut.join(', '), 160)}`;
  const title = `${word} by ${data.by}${without}${reason}`;
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
    return { ...line, title: `${RESULT_WORDS[data.action].refused}: ${data.reason}`, tone: 'bad' };
  }
  const files = formatCount(data.files.length, 'file');
  switch (data.action) {
    case 'apply':
      return { ...line, title: `Result applied: ${files}`, tone: 'good' };
    case 'discard':
      return { ...line, title: 'Result discarded', tone: 'neutral' };
    case 'commit':
      return { ...line, title: `Result committed on the branch ${oneLine(data.branch ?? '', 160)}`, tone: 'good' };
    case 'undo':
      return { ...line, title: `Apply undone: ${files}`, tone: 'neutral' };
    default:
      return assertNever(data.action);
  }
}

const RESULT_WORDS = {
  apply: { asked: 'Apply', refused: 'Not applied' },
  discard: { asked: 'Discard', refused: 'Not discarded' },
  commit: { asked: 'Commit on a branch', refused: 'Not committed' },
  undo: { asked: 'Undo of an apply', refused: 'Not undone' },
} as const;

const onlyOf = (only: readonly string[] | undefined): string =>
  only === undefined ? '' : ` of ${formatCount(only.length, 'file')}`;

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
