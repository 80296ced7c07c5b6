/**
 * What the report tells, collected from a run's events in their order: one function a type of event, so that a new type
 * has to be thought about. What belongs together (a call, its decision, its end) is joined here.
 */
import type { Payload } from '../../events/payload';
import type { DataOf, EventType, RunEvent } from '../../events/schema';
import { foldSummary, type RunSummary } from '../../events/summary';
import { own } from '../../kernel/own';
import { cut } from '../../kernel/text';
import { add, type Rows, rows } from './rows';

type Place = { readonly seq: number; readonly at: string; readonly node: string };

export type Call = Place & {
  readonly tool: string;
  readonly origin: string;
  readonly input: Payload;
  /** What the call is about: the whole command line, else its paths, name or query, cut short. */
  readonly about: string;
  capability: string;
  decision: string;
  finished: DataOf<'tool.finished'> | null;
};
export type Decision = Place & { readonly call: Call | null; readonly data: DataOf<'policy.decided'>; answer: string };
export type Approval = Place & {
  readonly id: string;
  readonly title: string;
  /** The exact text that the answer is about, and the event that holds it. */
  readonly detail: { readonly text: Payload; readonly seq: number } | null;
  readonly snapshot: string | null;
  answer: (Place & { readonly data: DataOf<'approval.resolved'> }) | null;
};
export type Visit = Place & {
  readonly attempt: number;
  readonly data: DataOf<'node.started'>;
  end: { readonly at: string; readonly data: DataOf<'node.finished'> } | null;
};
export type ModelCall = Place & {
  readonly data: DataOf<'model.requested'>;
  readonly sent: DataOf<'egress.sent'> | null;
  reply: DataOf<'model.responded'> | null;
  failure: DataOf<'model.failed'> | null;
};
export type Told<T extends EventType> = Place & { readonly data: DataOf<T> };
type Life = 'run.paused' | 'run.interrupted' | 'run.resumed' | 'run.cancelled' | 'run.finished';
export type Happening = RunEvent<
  Life | 'conversation.shortened' | 'loop.detected' | 'budget.exceeded' | 'result.requested' | 'result.finished'
>;

export type Facts = {
  summary: RunSummary | null;
  origin: RunEvent<'run.started'> | null;
  accepted: Told<'plan.accepted'> | null;
  readonly decisions: { allow: number; ask: number; deny: number };
  readonly approvals: Rows<Approval>;
  readonly visits: Rows<Visit>;
  readonly models: Rows<ModelCall>;
  readonly egress: Rows<Told<'egress.sent'>>;
  readonly destinations: Map<string, { requests: number; bytes: number }>;
  readonly contexts: Rows<Told<'context.built'>>;
  readonly refused: Rows<Decision>;
  readonly calls: Rows<Call>;
  readonly commands: Rows<Call>;
  readonly files: Rows<Told<'file.changed'>>;
  readonly artifacts: Rows<Told<'artifact.created'>>;
  readonly happenings: Rows<Happening>;
  /** What has begun and is not over yet, by its id. */
  readonly open: {
    readonly calls: Map<string, Call>;
    readonly approvals: Map<string, Approval>;
    readonly visits: Map<string, Visit>;
    sent: DataOf<'egress.sent'> | null;
    model: ModelCall | null;
  };
};

export const noFacts = (): Facts => ({
  summary: null,
  origin: null,
  accepted: null,
  decisions: { allow: 0, ask: 0, deny: 0 },
  approvals: rows(),
  visits: rows(),
  models: rows(),
  egress: rows(),
  destinations: new Map(),
  contexts: rows(),
  refused: rows(),
  calls: rows(),
  commands: rows(),
  files: rows(),
  artifacts: rows(),
  happenings: rows(),
  open: { calls: new Map(), approvals: new Map(), visits: new Map(), sent: null, model: null },
});

/** Takes in the next event of the run. Throws `internal` for an event that does not follow. */
export function collect(facts: Facts, event: RunEvent): void {
  facts.summary = foldSummary(facts.summary, event);
  const take = takers[event.type] as (facts: Facts, event: RunEvent) => void;
  take(facts, event);
}

const happened = (facts: Facts, event: Happening): void => add(facts.happenings, event);
const nothing = (): void => undefined;

const takers: { readonly [K in EventType]: (facts: Facts, event: RunEvent<K>) => void } = {
  'run.started': (facts, event) => {
    facts.origin = event;
  },
  'plan.proposed': nothing,
  'plan.accepted': (facts, event) => {
    facts.accepted = told(event);
  },
  'zones.widened': nothing,
  'sensitivity.raised': nothing,
  'conversation.shortened': happened,
  'context.built': (facts, event) => add(facts.contexts, told(event)),
  'node.started': (facts, event) => {
    const visit: Visit = { ...told(event), attempt: event.attempt ?? 1, end: null };
    facts.open.visits.set(visit.node, visit);
    add(facts.visits, visit);
  },
  'node.finished': (facts, { node = '', at, data }) => {
    const visit = facts.open.visits.get(node);
    if (visit !== undefined) visit.end = { at, data };
    facts.open.visits.delete(node);
  },
  'egress.sent': (facts, event) => {
    const { destination, bytes } = event.data;
    const so = facts.destinations.get(destination) ?? { requests: 0, bytes: 0 };
    facts.destinations.set(destination, { requests: so.requests + 1, bytes: so.bytes + bytes });
    facts.open.sent = event.data;
    add(facts.egress, told(event));
  },
  'model.requested': (facts, event) => {
    const request: ModelCall = { ...told(event), sent: facts.open.sent, reply: null, failure: null };
    facts.open.model = request;
    facts.open.sent = null;
    add(facts.models, request);
  },
  'model.responded': (facts, { data }) => {
    if (facts.open.model !== null) facts.open.model.reply = data;
    facts.open.model = null;
  },
  'model.failed': (facts, { data }) => {
    if (facts.open.model !== null) facts.open.model.failure = data;
    facts.open.model = null;
  },
  'tool.requested': (facts, event) => {
    const { tool, origin, input } = event.data;
    const call = { ...placeOf(event), tool, origin, input, about: aboutOf(event), capability: '', decision: '' };
    facts.open.calls.set(event.data.call, { ...call, finished: null });
  },
  'policy.decided': policyDecided,
  'approval.requested': (facts, event) => {
    const { approval, title, detail, snapshot } = event.data;
    const { seq } = event;
    const row = { ...placeOf(event), id: approval, title, detail: { text: detail, seq }, snapshot, answer: null };
    facts.open.approvals.set(approval, row);
    add(facts.approvals, row);
  },
  'approval.resolved': approvalResolved,
  'tool.finished': toolFinished,
  'file.changed': (facts, event) => add(facts.files, told(event)),
  'artifact.created': (facts, event) => add(facts.artifacts, told(event)),
  'loop.detected': happened,
  'budget.charged': nothing,
  'budget.exceeded': happened,
  'run.paused': happened,
  'run.interrupted': happened,
  'run.resumed': happened,
  'run.cancelled': happened,
  'run.finished': happened,
  'result.requested': happened,
  'result.finished': happened,
};

function policyDecided(facts: Facts, event: RunEvent<'policy.decided'>): void {
  const { decision, capability } = event.data;
  const call = facts.open.calls.get(event.data.call) ?? null;
  facts.decisions[decision] += 1;
  if (call !== null) Object.assign(call, { capability, decision });
  if (decision !== 'allow') add(facts.refused, { ...told(event), call, answer: '' });
}

function approvalResolved(facts: Facts, event: RunEvent<'approval.resolved'>): void {
  const { approval, verdict } = event.data;
  const answer = told(event);
  const asked = facts.open.approvals.get(approval);
  const call = facts.open.calls.get(approval);
  if (asked !== undefined) asked.answer = answer;
  else {
    // An answer that was given before covers the call; what it covers is then the call itself.
    const title = call === undefined ? approval : `${call.tool} ${call.about}`.trim();
    const detail = call === undefined ? null : { text: call.input, seq: call.seq };
    add(facts.approvals, { ...placeOf(event), id: approval, title, detail, snapshot: null, answer });
  }
  facts.open.approvals.delete(approval);
  const decision = facts.refused.kept.findLast((row) => row.data.call === approval);
  if (decision !== undefined) decision.answer = `${verdict} by ${event.data.by}`;
}

function toolFinished(facts: Facts, event: RunEvent<'tool.finished'>): void {
  const { call: id, tool } = event.data;
  const unknown = { ...placeOf(event), tool, origin: '', input: '', about: '', capability: '', decision: '' };
  const call: Call = { ...(facts.open.calls.get(id) ?? unknown), finished: event.data };
  facts.open.calls.delete(id);
  add(facts.calls, call);
  if (call.capability.startsWith('exec_') && !NOT_RUN.has(event.data.outcome)) add(facts.commands, call);
}

const NOT_RUN: ReadonlySet<string> = new Set(['denied', 'rejected', 'invalid']);

const placeOf = ({ seq, at, node = '' }: RunEvent): Place => ({ seq, at, node });

const told = <T extends EventType>(event: RunEvent<T>): Told<T> =>
  ({ ...placeOf(event as RunEvent), data: event.data }) as Told<T>;

const ABOUT = 1000;
/** The members of an input that say what a call is about, when it names no path. */
const SUBJECTS = ['name', 'query', 'message', 'url', 'question'];

function aboutOf({ data }: RunEvent<'tool.requested'>): string {
  const input = membersOf(data.input);
  if (typeof input.command === 'string') return input.command;
  const paths = data.facts.paths.map((path) => path.inside ?? path.asked);
  if (paths.length > 0) return short(paths.join(', '));
  const subject = SUBJECTS.map((member) => own(input, member)).find((value) => typeof value === 'string');
  return typeof subject === 'string' ? short(subject.trim().split('\n', 1)[0] ?? '') : '';
}

const short = (text: string): string => (text.length > ABOUT ? `${cut(text, ABOUT)}…` : text);

/** The members of a JSON object; none when the text is large, not JSON or not an object. */
export function membersOf(payload: Payload): Readonly<Record<string, unknown>> {
  if (typeof payload !== 'string') return {};
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
