/**
 * Makes the trace of a run out of its events, in their order. Pure; the same record gives the same trace, to the last digit.
 *
 * Invariant: every span but the run's has a parent that is in the trace, and ends neither before it begins nor after the run.
 */

import type { RunEvent } from '../events/schema';
import { assertNever } from '../kernel/assertNever';
import type { Sha256 } from '../kernel/hash';
import * as attributes from './attributes';
import type { Attributes, Span, SpanEvent, Trace } from './span';

type OpenSpan = {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly kind: Span['kind'];
  readonly startMs: number;
  readonly attributes: Record<string, Attributes[string]>;
  readonly events: SpanEvent[];
  endMs: number | null;
  error: string | null;
};

export type TraceOptions = {
  /** False leaves out everything that a person or a model wrote: tasks, messages, arguments, results, reasons, paths. */
  readonly content: boolean;
  readonly sha256: Sha256;
};

export class TraceFold {
  readonly #options: TraceOptions;
  readonly #spans: OpenSpan[] = [];
  readonly #calls = new Map<string, OpenSpan>();
  readonly #asked = new Map<string, string>();
  #run = '';
  #lastMs = 0;
  #node: OpenSpan | null = null;
  #model: OpenSpan | null = null;
  #sent: Attributes = {};

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  /** Takes the next event, its payloads inline where content is wanted. */
  take(event: RunEvent): void {
    this.#lastMs = Math.max(this.#lastMs, Date.parse(event.at));
    if (event.type === 'run.started') this.#begin(event);
    else if (this.#spans.length > 0) this.#tell(event);
  }

  /** The trace so far; null before the first event. What has no end yet ends with the last event, and says so. */
  trace(): Trace | null {
    const [root] = this.#spans;
    if (root === undefined) return null;
    const spans = this.#spans.map(({ endMs, ...span }) => ({
      ...span,
      endMs: endMs ?? Math.max(this.#lastMs, span.startMs),
      attributes: endMs === null ? { ...span.attributes, 'openexec.unfinished': true } : span.attributes,
    }));
    return { id: this.#digits(this.#run, 32), spans };
  }

  #begin(event: RunEvent<'run.started'>): void {
    this.#run = event.run;
    const { content } = this.#options;
    const name = `invoke_workflow ${event.data.blueprint.id}`;
    this.#open(event, null, name, 'internal', attributes.ofRun(event, content));
  }

  #tell(event: Exclude<RunEvent, { type: 'run.started' }>): void {
    const { content } = this.#options;
    switch (event.type) {
      case 'node.started': {
        const name = event.data.kind === 'agent' ? `invoke_agent ${event.node}` : `node ${event.node}`;
        this.#node = this.#open(event, this.#root(), name, 'internal', attributes.ofNode(event, content));
        return;
      }
      case 'node.finished': {
        const { outcome, reason } = event.data;
        const failed = outcome === 'failure' || outcome === 'exhausted';
        const why = content ? `${outcome}: ${reason}` : outcome;
        this.#close(this.#node, event, attributes.ofNodeEnd(event), failed ? why : null, outcome);
        this.#node = null;
        return;
      }
      case 'egress.sent':
        this.#sent = attributes.ofEgress(event);
        if (this.#model !== null) Object.assign(this.#model.attributes, this.#sent);
        return;
      case 'model.requested': {
        const asked = { ...attributes.ofRequest(event, content), ...this.#sent };
        this.#model = this.#open(event, this.#holder(), `chat ${event.data.model}`, 'client', asked);
        return;
      }
      case 'model.responded':
        this.#close(this.#model, event, attributes.ofReply(event, content), null, null);
        this.#answered();
        return;
      case 'model.failed': {
        const { code, message } = event.data;
        this.#close(this.#model, event, {}, content ? `${code}: ${message}` : code, code);
        this.#answered();
        return;
      }
      case 'tool.requested': {
        const name = `execute_tool ${event.data.tool}`;
        const call = this.#open(event, this.#holder(), name, 'internal', attributes.ofCall(event, content));
        this.#calls.set(event.data.call, call);
        return;
      }
      case 'policy.decided':
        Object.assign(this.#calls.get(event.data.call)?.attributes ?? {}, attributes.ofDecision(event, content));
        return;
      case 'tool.finished': {
        const { call, outcome } = event.data;
        const failed = outcome === 'ok' ? null : outcome;
        this.#close(this.#calls.get(call) ?? null, event, attributes.ofResult(event, content), failed, failed);
        this.#calls.delete(call);
        return;
      }
      case 'run.finished': {
        const { status, outcome, reason } = event.data;
        const failed = status === 'succeeded' ? null : status;
        const why = failed === null ? null : content ? `${status}: ${reason}` : status;
        const said = { 'openexec.run.status': status, 'openexec.run.outcome': outcome };
        this.#close(this.#root(), event, said, why, failed);
        return;
      }
      default:
        this.#note(event);
    }
  }

  /** What is no span of its own is an event of the one that it happened in. */
  #note(event: Noted): void {
    const { content } = this.#options;
    const said = notedIn(event, content);
    if (said === null) return;
    if (event.type === 'approval.requested' && event.data.call !== null)
      this.#asked.set(event.data.approval, event.data.call);
    const about =
      event.type === 'approval.requested'
        ? event.data.call
        : event.type === 'approval.resolved'
          ? (this.#asked.get(event.data.approval) ?? null)
          : null;
    const span = (about === null ? undefined : this.#calls.get(about)) ?? this.#holder();
    span.events.push({ name: `openexec.${event.type}`, atMs: Date.parse(event.at), attributes: said });
    if (event.type === 'run.cancelled')
      this.#close(this.#root(), event, { 'openexec.run.status': 'cancelled' }, null, null);
  }

  #open(event: RunEvent, parent: OpenSpan | null, name: string, kind: Span['kind'], said: Attributes): OpenSpan {
    const id = this.#digits(`${this.#run}/${event.seq}`, 16);
    const startMs = Date.parse(event.at);
    const span: OpenSpan = {
      id,
      parent: parent?.id ?? null,
      name,
      kind,
      startMs,
      attributes: { ...said, 'openexec.event.seq': event.seq },
      events: [],
      endMs: null,
      error: null,
    };
    this.#spans.push(span);
    return span;
  }

  #close(span: OpenSpan | null, event: RunEvent, said: Attributes, error: string | null, type: string | null): void {
    if (span === null) return;
    span.endMs = Math.max(span.startMs, Date.parse(event.at));
    span.error = error;
    Object.assign(span.attributes, said, type === null || error === null ? {} : { 'error.type': type });
  }

  #answered(): void {
    this.#model = null;
    this.#sent = {};
  }

  #root(): OpenSpan {
    const [root] = this.#spans;
    if (root === undefined) throw new RangeError('a trace begins with run.started');
    return root;
  }

  #holder(): OpenSpan {
    return this.#node ?? this.#root();
  }

  #digits(text: string, length: number): string {
    return this.#options.sha256(`openexec ${text}`).slice(0, length);
  }
}

type Spanned =
  | 'run.started'
  | 'node.started'
  | 'node.finished'
  | 'egress.sent'
  | 'model.requested'
  | 'model.responded'
  | 'model.failed'
  | 'tool.requested'
  | 'policy.decided'
  | 'tool.finished'
  | 'run.finished';
type Noted = Exclude<RunEvent, { type: Spanned }>;

/** What an event says on the span that it happened in; null when it says nothing there. */
function notedIn(event: Noted, content: boolean): Attributes | null {
  switch (event.type) {
    case 'plan.proposed':
    case 'plan.accepted': {
      const { intent, sensitivity, route } = event.data.plan;
      return { 'openexec.plan.intent': intent, 'openexec.plan.sensitivity': sensitivity, 'openexec.plan.route': route };
    }
    case 'context.built':
      return { 'openexec.context.files': event.data.files.length, 'openexec.context.bytes': event.data.bytes };
    case 'zones.widened':
      return content ? { 'openexec.zones': event.data.zones } : {};
    case 'sensitivity.raised':
      return { 'openexec.sensitivity': event.data.to };
    case 'conversation.shortened':
      return { 'openexec.conversation.bytes': event.data.after };
    case 'approval.requested':
      return content ? { 'openexec.approval.title': event.data.title } : {};
    case 'approval.resolved':
      return { 'openexec.approval.verdict': event.data.verdict };
    case 'file.changed':
      return content ? { 'openexec.file': event.data.path } : {};
    case 'loop.detected':
      return { 'openexec.loop': event.data.kind };
    case 'budget.exceeded':
      return { 'openexec.budget.limit': event.data.limit };
    case 'run.paused':
    case 'run.interrupted':
    case 'run.resumed':
    case 'run.cancelled':
      return {};
    case 'result.requested':
    case 'result.finished':
      return { 'openexec.result.action': event.data.action };
    case 'artifact.created':
      return { 'openexec.artifact.kind': event.data.kind };
    case 'budget.charged':
      return null;
    default:
      return assertNever(event);
  }
}
