/**
 * The events of a run as steps that can be set beside those of another: what each is (node, kind, tool, path), and what it
 * said, as a hash. Times, costs, ids of calls and who answered are no part of it, for they differ between any two runs.
 * Pure; reads stored events, whose large payloads are hashes already.
 */
import type { Payload } from '../events/payload';
import type { EventType, RunEvent } from '../events/schema';
import { assertNever } from '../kernel/assertNever';
import type { Sha256 } from '../kernel/hash';

export type Step = {
  readonly seq: number;
  readonly type: EventType;
  readonly node: string | null;
  readonly tool: string | null;
  /** The first path of a call, or its command line; the name of what was made. */
  readonly path: string | null;
  /** One line for people. */
  readonly title: string;
  readonly key: string;
  readonly content: string;
};

/** Gives the line for people of each event of one run, called with the events in their order. */
export type TitleOf = (event: RunEvent) => string;

type Call = { readonly tool: string; readonly path: string | null; readonly byAgent: boolean };

/** What an event says about the run's way, and what it is about. */
type Said = { readonly content: unknown; readonly tool?: string; readonly path?: string | null };

/** Takes the events of one run in their order, and answers the step that an event is; null for one that is none. */
export class StepReader {
  readonly #hash: Sha256;
  readonly #titleOf: TitleOf;
  /** Calls and questions that have no outcome yet. */
  readonly #open = new Map<string, Call>();

  constructor(hash: Sha256, titleOf: TitleOf) {
    this.#hash = hash;
    this.#titleOf = titleOf;
  }

  take(event: RunEvent): Step | null {
    const title = this.#titleOf(event);
    const said = this.#said(event);
    if (said === null) return null;
    const { seq, type, node = null } = event;
    const { tool = null, path = null, content } = said;
    const key = JSON.stringify([node, type, tool, path]);
    return { seq, type, node, tool, path, title, key, content: this.#hash(JSON.stringify(content)).slice(0, 32) };
  }

  #said(event: RunEvent): Said | null {
    switch (event.type) {
      case 'run.started':
      case 'egress.sent':
      case 'model.requested':
      case 'budget.charged':
      case 'result.requested':
      case 'result.finished':
        // What a run began with is compared apart; the rest is bookkeeping, or no part of the way.
        return null;
      case 'tool.requested':
        return this.#requested(event);
      case 'policy.decided': {
        const { call, tool, decision, rule } = event.data;
        return { content: [decision, rule], tool, path: this.#open.get(call)?.path ?? null };
      }
      case 'tool.finished':
        return this.#finished(event);
      case 'approval.requested': {
        const { approval, call, title, question = false } = event.data;
        const about = this.#open.get(call ?? '');
        if (about !== undefined) this.#open.set(approval, about);
        return { content: [title, question], ...placeOf(about) };
      }
      case 'approval.resolved': {
        const { approval, verdict, edited = null, scope = 'once', leftOut = [] } = event.data;
        return {
          content: [verdict, edited && contentOf(edited), scope, leftOut],
          ...placeOf(this.#open.get(approval)),
        };
      }
      default:
        return saidOfItself(event);
    }
  }

  #requested({ data }: RunEvent<'tool.requested'>): Said {
    const { call, tool, input, origin } = data;
    const byAgent = origin === 'agent';
    const about = { tool, path: pathOf(data), byAgent };
    this.#open.set(call, about);
    // What a node asks for follows from the blueprint and from where the run stands.
    return { content: byAgent ? contentOf(input) : null, ...placeOf(about) };
  }

  #finished({ data }: RunEvent<'tool.finished'>): Said {
    const { call, tool, outcome, exitCode, output } = data;
    const about = this.#open.get(call);
    this.#open.delete(call);
    // What a command prints names times and places; what it found stands in its exit code and its report.
    const isCompared = about?.byAgent === true && exitCode === null;
    return { content: [outcome, exitCode, isCompared ? contentOf(output) : null], tool, path: about?.path ?? null };
  }
}

type OfItself = Exclude<
  RunEvent,
  {
    type:
      | 'run.started'
      | 'egress.sent'
      | 'model.requested'
      | 'budget.charged'
      | 'policy.decided'
      | `result.${'requested' | 'finished'}`
      | `tool.${'requested' | 'finished'}`
      | `approval.${'requested' | 'resolved'}`;
  }
>;

function saidOfItself(event: OfItself): Said {
  switch (event.type) {
    case 'plan.proposed':
      return { content: event.data.plan };
    case 'plan.accepted':
      return { content: event.data.changes };
    case 'context.built': {
      const { files, withheld } = event.data;
      return { content: [files.map(({ path, lines, sha256 }) => [path, lines, sha256]), withheld] };
    }
    case 'zones.widened':
      return { content: event.data.zones };
    case 'sensitivity.raised':
      return { content: [event.data.to, event.data.kinds] };
    case 'node.started':
      return { content: event.attempt ?? 1 };
    case 'node.finished':
      return { content: [event.data.outcome, event.data.next] };
    case 'model.responded': {
      const { text, toolCalls, stop } = event.data;
      return { content: [contentOf(text), toolCalls.map((call) => [call.name, contentOf(call.arguments)]), stop] };
    }
    case 'model.failed':
      return { content: event.data.code };
    case 'conversation.shortened':
      return { content: event.data.calls.length };
    case 'file.changed':
      return { content: event.data.after?.sha256 ?? null, path: event.data.path };
    case 'artifact.created':
      return artifactSaid(event);
    case 'loop.detected':
      return { content: event.data.kind };
    case 'budget.exceeded':
      return { content: event.data.limit };
    case 'run.paused':
      return { content: event.data.reason };
    case 'run.interrupted':
    case 'run.cancelled':
      return { content: null };
    case 'run.resumed':
      return { content: event.data.inDoubt?.decision ?? null };
    case 'run.finished':
      return { content: [event.data.status, event.data.outcome] };
    default:
      return assertNever(event);
  }
}

function artifactSaid({ data }: RunEvent<'artifact.created'>): Said {
  const { kind, name, media, content, summary } = data;
  switch (kind) {
    case 'commit':
    case 'output':
    case 'bundle':
      // Hashes of commits hold their time, and outputs what a command printed.
      return { content: kind, path: name };
    case 'report':
      return { content: [kind, summary, media === 'application/json' ? contentOf(content) : null], path: name };
    case 'context':
    case 'diff':
    case 'patch':
    case 'verdict':
      return { content: [kind, summary, contentOf(content)], path: name };
    default:
      return assertNever(kind);
  }
}

const placeOf = (call: Call | undefined): Pick<Said, 'tool' | 'path'> =>
  call === undefined ? {} : { tool: call.tool, path: call.path };

const contentOf = (payload: Payload): string => (typeof payload === 'string' ? payload : payload.blob);

/** The longest path or command line that is kept, in characters. */
const MAX_PATH = 300;

/** What a call is about: its command line; else its first path, or what its input names. */
export function pathOf({ tool, input, facts }: RunEvent<'tool.requested'>['data']): string | null {
  const [first] = facts.paths;
  if (first !== undefined && tool !== 'run_command') return (first.inside ?? first.asked).slice(0, MAX_PATH);
  const named = typeof input === 'string' ? membersOf(input) : {};
  for (const member of ['command', 'name', 'query', 'url', 'path']) {
    const value = named[member];
    if (typeof value === 'string') return value.slice(0, MAX_PATH);
  }
  return first === undefined ? null : (first.inside ?? first.asked).slice(0, MAX_PATH);
}

/** The members of the JSON text of an object; none of what is no such text, as a model may have written it. */
function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
