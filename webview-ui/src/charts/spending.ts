/**
 * What a run has spent, over time and by node and model: gathered once per event, whatever comes after it. Pure but for the
 * record itself, which only ever grows.
 */
import { formatCost } from '../../../src/protocol/format';
import type { Columns } from '../log/columns';
import type { EventLog } from '../log/log';

/** What some requests came to. Costs in US dollars. */
export type Sum = {
  readonly requests: number;
  /** Tokens that went to models, and tokens that came back. */
  readonly input: number;
  readonly output: number;
  /** Of the requests whose cost is known. */
  readonly costUsd: number;
  /** How many requests have a cost that is not known. */
  readonly unknown: number;
};

export const NOTHING: Sum = { requests: 0, input: 0, output: 0, costUsd: 0, unknown: 0 };

/** What all had come to at an event that charged something. */
export type Point = {
  readonly seq: number;
  /** Milliseconds since the first event of the run. */
  readonly at: number;
  /** Tokens of both kinds. */
  readonly tokens: number;
  /** US dollars of the requests whose cost is known; null while that is none of them. */
  readonly costUsd: number | null;
};

/** The name of what was spent outside of every node, and by a model that no event names. */
export const BETWEEN_NODES = 'between the nodes';
export const NO_MODEL = 'not recorded';

export class Spending {
  readonly points: Point[] = [];
  readonly byNode = new Map<string, Sum>();
  readonly byModel = new Map<string, Sum>();
  total = NOTHING;
  readonly #columns: Columns;
  #next = 0;

  private constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** What a log says, going on from what was gathered of the same run before; null for a start. */
  static of(log: EventLog, before: Spending | null): Spending {
    const spending = before !== null && before.#columns === log.columns ? before : new Spending(log.columns);
    spending.#takeUpTo(log);
    return spending;
  }

  #takeUpTo(log: EventLog): void {
    for (; this.#next < log.length; this.#next += 1) {
      const spent = log.spent(this.#next);
      if (spent === undefined) continue;
      const node = log.text('node', this.#next) ?? BETWEEN_NODES;
      const model = spent.model === '' ? NO_MODEL : spent.model;
      this.total = added(this.total, spent);
      this.byNode.set(node, added(this.byNode.get(node) ?? NOTHING, spent));
      this.byModel.set(model, added(this.byModel.get(model) ?? NOTHING, spent));
      const { input, output, costUsd, requests, unknown } = this.total;
      this.points.push({
        seq: this.#next,
        // Clocks are set back now and then; a line over time goes forward.
        at: Math.max(this.points.at(-1)?.at ?? 0, log.time(this.#next) - log.time(0)),
        tokens: input + output,
        costUsd: unknown === requests ? null : costUsd,
      });
    }
  }
}

function added(sum: Sum, spent: { input: number; output: number; costUsd: number | null }): Sum {
  return {
    requests: sum.requests + 1,
    input: sum.input + spent.input,
    output: sum.output + spent.output,
    costUsd: sum.costUsd + (spent.costUsd ?? 0),
    unknown: sum.unknown + (spent.costUsd === null ? 1 : 0),
  };
}

/** A cost in words: one that is not known is never 0, and one that is known in part says so. */
export function costOf({ requests, costUsd, unknown }: Sum): string {
  if (unknown === 0) return formatCost(costUsd);
  return unknown === requests ? 'unknown' : `at least ${formatCost(costUsd)}`;
}

/** The sums of a table, the most tokens first. */
export const ranked = (sums: ReadonlyMap<string, Sum>): [name: string, sum: Sum][] =>
  [...sums].sort(([, a], [, b]) => b.input + b.output - (a.input + a.output));
