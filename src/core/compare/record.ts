/** What is compared of a run, folded from its events one by one: figures, nodes, decisions and files. Pure. */
import type { ComparedNode, ComparedPolicy } from '../events/comparison';
import type { DataOf, RunEvent } from '../events/schema';
import { foldSummary, isEnded, type RunSummary } from '../events/summary';
import { OpenExecError } from '../kernel/errors';
import { pathOf } from './steps';

type NodeOfRun = NonNullable<ComparedNode['runs'][number]>;
type Decision = ComparedPolicy['runs'][number][number];
export type DecidedCall = Pick<ComparedPolicy, 'node' | 'tool' | 'path'> & { readonly decisions: readonly Decision[] };

/** All of a run but its steps. */
export type RunRecord = {
  readonly summary: RunSummary;
  readonly origin: DataOf<'run.started'>;
  readonly attempts: number;
  readonly approvals: number;
  /** Milliseconds in which the run was not paused. */
  readonly ms: number;
  /** In the order in which they were first visited. */
  readonly nodes: ReadonlyMap<string, NodeOfRun>;
  /** By node, tool and path. */
  readonly decided: ReadonlyMap<string, DecidedCall>;
  /** Hashes of contents whose bytes lie in the store. */
  readonly kept: ReadonlySet<string>;
};

export class RecordFold {
  #summary: RunSummary | null = null;
  #origin: DataOf<'run.started'> | null = null;
  #approvals = 0;
  #attempts = 0;
  #ms = 0;
  /** Since when it has gone on; null while it is paused and when it has ended. */
  #since: number | null = null;
  #last = 0;
  readonly #nodes = new Map<string, NodeOfRun>();
  readonly #began = new Map<string, number>();
  readonly #paths = new Map<string, string | null>();
  readonly #decided = new Map<string, DecidedCall & { decisions: Decision[] }>();
  readonly #kept = new Set<string>();

  /** Takes the next event, in stored form. */
  take(event: RunEvent): void {
    this.#summary = foldSummary(this.#summary, event);
    this.#time(event);
    switch (event.type) {
      case 'run.started':
        this.#origin = event.data;
        return;
      case 'node.started':
        this.#nodeStarted(event);
        return;
      case 'node.finished':
        this.#nodeFinished(event);
        return;
      case 'tool.requested':
        this.#paths.set(event.data.call, pathOf(event.data));
        return;
      case 'policy.decided':
        this.#decide(event);
        return;
      case 'tool.finished':
        this.#paths.delete(event.data.call);
        return;
      case 'approval.requested':
        this.#approvals += 1;
        return;
      case 'file.changed':
        for (const version of [event.data.before, event.data.after]) if (version?.kept) this.#kept.add(version.sha256);
        return;
      default:
        return;
    }
  }

  /** Throws `internal` before the first event. */
  result(): RunRecord {
    if (this.#summary === null || this.#origin === null)
      throw new OpenExecError('internal', 'a run without a beginning');
    return {
      summary: this.#summary,
      origin: this.#origin,
      attempts: this.#attempts,
      approvals: this.#approvals,
      ms: this.#ms + (this.#since === null ? 0 : Math.max(0, this.#last - this.#since)),
      nodes: this.#nodes,
      decided: this.#decided,
      kept: this.#kept,
    };
  }

  #time({ type, at }: RunEvent): void {
    if (type.startsWith('result.')) return;
    this.#last = Date.parse(at);
    const stops = type === 'run.paused' || (this.#summary !== null && isEnded(this.#summary.status));
    if (stops && this.#since !== null) {
      this.#ms += Math.max(0, this.#last - this.#since);
      this.#since = null;
    } else if (!stops) this.#since ??= this.#last;
  }

  #nodeStarted({ node, at }: RunEvent<'node.started'>): void {
    if (node === undefined) return;
    this.#attempts += 1;
    const { visits, ms } = this.#nodes.get(node) ?? { visits: 0, ms: 0 };
    this.#nodes.set(node, { visits: visits + 1, outcome: null, ms });
    this.#began.set(node, Date.parse(at));
  }

  #nodeFinished({ node, at, data }: RunEvent<'node.finished'>): void {
    const known = node === undefined ? undefined : this.#nodes.get(node);
    if (node === undefined || known === undefined) return;
    const took = Math.max(0, Date.parse(at) - (this.#began.get(node) ?? Date.parse(at)));
    this.#nodes.set(node, { ...known, outcome: data.outcome, ms: known.ms + took });
  }

  #decide(event: RunEvent<'policy.decided'>): void {
    const { call, tool, decision, rule } = event.data;
    const { seq } = event;
    const node = event.node ?? null;
    const path = this.#paths.get(call) ?? null;
    const key = JSON.stringify([node, tool, path]);
    const entry = this.#decided.get(key) ?? { node, tool, path, decisions: [] };
    const at = entry.decisions.findIndex((known) => known.decision === decision && known.rule === rule);
    const known = entry.decisions[at];
    if (known === undefined) entry.decisions.push({ seq, times: 1, decision, rule });
    else entry.decisions[at] = { ...known, times: known.times + 1 };
    this.#decided.set(key, entry);
  }
}
