/** What is sent to the page "Compare Runs": bounded lists, and the aligned columns page by page. Pure. */
import type { Aligned, Compared } from '../../core/compare/compare';
import type { Step } from '../../core/compare/steps';
import {
  type CompareCell,
  type ComparedMessage,
  type CompareHostMessage,
  type CompareRow,
  type CompareView,
  MAX_LISTED,
  MAX_WORDS,
  PAGE,
} from '../../protocol/compare';
import { oneLine } from '../../protocol/format';

/** The most different decisions over one call that are shown of a run. */
const MAX_DECISIONS = 5;

/** The comparison without its columns. */
export function comparedMessage({ comparison, beginnings, sameFiles, aligned }: Compared): ComparedMessage {
  const { firstDivergence, metrics, nodes, policy, files } = comparison;
  const different = aligned === null ? [] : differentPlaces(aligned);
  const [first = null] = different;
  return {
    type: 'compared',
    firstDivergence,
    metrics: [...metrics],
    beginnings: [...beginnings],
    nodes: nodes.slice(0, MAX_LISTED).map((one) => ({ ...one, node: cut(one.node) })),
    policy: policy.slice(0, MAX_LISTED).map((one) => ({
      ...one,
      path: one.path === null ? null : cut(one.path),
      runs: one.runs.map((decisions) =>
        decisions.slice(0, MAX_DECISIONS).map((decision) => ({ ...decision, rule: oneLine(decision.rule, 80) })),
      ),
    })),
    files: files.slice(0, MAX_LISTED).map((one) => ({ ...one, path: cut(one.path) })),
    more: { nodes: beyond(nodes), policy: beyond(policy), files: beyond(files) },
    sameFiles,
    columns: aligned === null ? null : { all: aligned.columns.length, different: different.length, first },
  };
}

/** Gives pages of a comparison's columns; what differs is looked for once. */
export class ColumnPages {
  readonly #aligned: Aligned;
  readonly #different: readonly number[];

  constructor(aligned: Aligned) {
    this.#aligned = aligned;
    this.#different = differentPlaces(aligned);
  }

  /** The columns of a view from a place on, at most one page of them. */
  page(view: CompareView, from: number): Extract<CompareHostMessage, { type: 'rows' }> {
    const { columns } = this.#aligned;
    const length = view === 'all' ? columns.length : this.#different.length;
    const rows: CompareRow[] = [];
    for (let at = from; at < Math.min(from + PAGE, length); at += 1) {
      const place = view === 'all' ? at : this.#different[at];
      if (place !== undefined) rows.push(rowOf(this.#aligned, place));
    }
    return { type: 'rows', view, from, rows };
  }
}

function rowOf({ a, b, columns }: Aligned, place: number): CompareRow {
  const column = columns[place];
  const [one, other] = [a[column?.a ?? -1] ?? null, b[column?.b ?? -1] ?? null];
  const state = one === null ? 'second' : other === null ? 'first' : one.content === other.content ? 'same' : 'changed';
  return { state, cells: [cellOf(one), cellOf(other)] };
}

function differentPlaces({ a, b, columns }: Aligned): number[] {
  const places: number[] = [];
  columns.forEach((column, place) => {
    const isSame = column.a !== null && column.b !== null && a[column.a]?.content === b[column.b]?.content;
    if (!isSame) places.push(place);
  });
  return places;
}

function cellOf(step: Step | null): CompareCell | null {
  if (step === null) return null;
  const { seq, type, node, title } = step;
  return { seq, type, node: node === null ? null : cut(node), title: cut(title) };
}

const cut = (text: string): string => oneLine(text, MAX_WORDS);
const beyond = (list: readonly unknown[]): number => Math.max(0, list.length - MAX_LISTED);
