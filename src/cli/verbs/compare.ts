import type { Compared } from '../../core/compare/compare';
import {
  type Beginning,
  type ComparedFile,
  type ComparedNode,
  type ComparedPolicy,
  MAX_COMPARED,
  MIN_COMPARED,
  type RunMetrics,
} from '../../core/events/comparison';
import { checkRuns, compareRuns } from '../../node/runs/compareRuns';
import { formatCost, formatCount, formatDuration, formatNumber, oneLine } from '../../protocol/format';
import { headerWriter } from '../../protocol/headers';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { parseFlags } from '../flags';
import { print, table } from '../output';

/** `compare`: two to six runs beside each other. A question, not a check: a difference is an answer, and exits with 0. */
export async function compare(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'compare', [MIN_COMPARED, MAX_COMPARED], 'the id of a run');
  checkRuns(flags.names);
  const { store } = await openRuntime(flags, 'existing');
  try {
    const compared = await compareRuns(store, flags.names, { titles });
    print(flags, compared.comparison, () => forPeople(compared));
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

function titles() {
  const headerOf = headerWriter();
  return (event: Parameters<typeof headerOf>[0]): string => headerOf(event).title;
}

function forPeople({ comparison, beginnings, sameFiles }: Compared): string {
  const { firstDivergence, metrics, nodes, files, policy } = comparison;
  const runs = metrics.map((run, at) => [
    `${at + 1}`,
    run.run,
    run.blueprint,
    run.model,
    run.policy,
    oneLine(run.task, 50),
  ]);
  const head = ['', ...metrics.map((_, at) => `run ${at + 1}`)];
  const parts = [
    table(runs),
    begunText(beginnings),
    firstDivergence === null ? 'The runs are the same, step by step.' : divergences(metrics),
    table([head, ...figures(metrics)]),
    section('Nodes', nodes.length === 0 ? [] : [head, ...nodes.map(nodeRow)], 'No node was visited.'),
    section('Decisions', policy.length === 0 ? [] : [head, ...policy.map(policyRow)], 'No call was decided otherwise.'),
    section('Files', files.length === 0 ? [] : [head, ...files.map(fileRow)], filesText(sameFiles)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const section = (title: string, rows: readonly (readonly string[])[], none: string): string =>
  `${title}\n${rows.length === 0 ? none : table(rows)}`;

const begunText = (beginnings: readonly Beginning[]): string =>
  beginnings.length === 0 ? '' : `They did not begin with the same: ${beginnings.join(', ')}.`;

const filesText = (same: number): string =>
  same === 0 ? 'No file differs.' : `No file differs; ${formatCount(same, 'changed file')} the same.`;

function divergences(metrics: readonly RunMetrics[]): string {
  return metrics
    .slice(1)
    .map(({ firstDivergence }, at) => {
      const text = firstDivergence?.text ?? 'the same as the first run, step by step.';
      return metrics.length === 2 ? text : `Run ${at + 2} against run 1: ${text}`;
    })
    .join('\n');
}

function figures(metrics: readonly RunMetrics[]): string[][] {
  const row = (name: string, of: (run: RunMetrics) => string): string[] => [name, ...metrics.map(of)];
  return [
    row('status', ({ status }) => status),
    row('attempts', ({ attempts }) => formatNumber(attempts)),
    row('denials', ({ denials }) => formatNumber(denials)),
    row('approvals', ({ approvals }) => formatNumber(approvals)),
    row('model calls', ({ modelCalls }) => formatNumber(modelCalls)),
    row('tokens', ({ tokens }) => formatNumber(tokens)),
    row('cost', ({ costUsd }) => formatCost(costUsd)),
    row('time', ({ ms }) => formatDuration(ms)),
  ];
}

function nodeRow({ node, runs }: ComparedNode): string[] {
  const cells = runs.map((run) => {
    if (run === null) return '-';
    const times = run.visits === 1 ? '' : ` (${run.visits} visits)`;
    return `${run.outcome ?? 'not finished'}${times}`;
  });
  return [node, ...cells];
}

function policyRow({ node, tool, path, runs }: ComparedPolicy): string[] {
  const cells = runs.map((decisions) =>
    decisions.length === 0 ? '-' : decisions.map(({ decision, rule }) => `${decision} (${rule})`).join(', '),
  );
  return [[node, tool, path === null ? null : oneLine(path, 50)].filter((word) => word !== null).join(' '), ...cells];
}

function fileRow({ path, runs }: ComparedFile): string[] {
  return [path, ...runs.map(({ state, sha256 }) => (sha256 === null ? state : `${state} ${sha256.slice(0, 8)}`))];
}
