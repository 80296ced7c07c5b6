/** Several runs beside each other. Pure: records of runs in, what they differ in out. */
import {
  BEGINNINGS,
  type Beginning,
  type ComparedFile,
  type ComparedNode,
  type ComparedPolicy,
  type Comparison,
  type Divergence,
  type RunMetrics,
} from '../events/comparison';
import { textOf } from '../events/payload';
import { canResume, isEnded, type RunSummary } from '../events/summary';
import type { Column } from './align';
import type { DecidedCall, RunRecord } from './record';
import type { Step } from './steps';

/** What runs differ in; of two runs the steps as aligned columns as well, of more there are none. */
export type Compared = {
  readonly comparison: Comparison;
  /** What the runs did not all begin with. */
  readonly beginnings: readonly Beginning[];
  /** Files that the runs have touched, and that are the same at the end of all. */
  readonly sameFiles: number;
  readonly aligned: Aligned | null;
};
export type Aligned = { readonly a: readonly Step[]; readonly b: readonly Step[]; readonly columns: readonly Column[] };

/** A record, and where its run first goes another way than the first one. */
export type ComparedRun = { readonly record: RunRecord; readonly firstDivergence: Divergence | null };

/** What two or more runs differ in, in the order of the runs. */
export function compareRecords(runs: readonly ComparedRun[]): Comparison {
  const records = runs.map(({ record }) => record);
  return {
    firstDivergence: earliest(runs.map(({ firstDivergence }) => firstDivergence)),
    nodes: nodesOf(records),
    metrics: runs.map(metricsOf),
    files: differingFiles(records),
    policy: differingDecisions(records),
  };
}

/** What the runs did not all begin with. */
export function differingBeginnings(records: readonly RunRecord[]): Beginning[] {
  return BEGINNINGS.filter((what) => new Set(records.map((record) => beginningOf(record, what))).size > 1);
}

/** How many files the runs have touched that are the same at the end of all. */
export function countSameFiles(records: readonly RunRecord[]): number {
  const touched = new Set(records.flatMap(({ summary }) => summary.filesChanged));
  for (const { path } of differingFiles(records)) touched.delete(path);
  return touched.size;
}

function beginningOf({ origin }: RunRecord, what: Beginning): string {
  switch (what) {
    case 'task':
      return typeof origin.task === 'string' ? textOf(origin.task) : origin.task.blob;
    case 'blueprint':
      return origin.blueprint.hash;
    case 'policy':
      return origin.policy.snapshot;
    case 'model':
      return `${origin.model.provider}:${origin.model.name}`;
    case 'files':
      return origin.workspace.baseTree;
    case 'engine':
      return String(origin.flags.engine);
  }
}

function earliest(divergences: readonly (Divergence | null)[]): Divergence | null {
  let found: Divergence | null = null;
  for (const one of divergences) if (one !== null && (found === null || one.equalSteps < found.equalSteps)) found = one;
  return found;
}

function metricsOf({ record, firstDivergence }: ComparedRun): RunMetrics {
  const { summary, origin, attempts, approvals, ms } = record;
  const { runId, task, blueprint, model, startedAt, status, outcome, events } = summary;
  const { denials, modelCalls, tokens, costUsd } = summary;
  return {
    ...{ run: runId, task, blueprint, model, policy: origin.policy.id, startedAt, status, outcome },
    success: hasEnded(summary) ? status === 'succeeded' : null,
    ...{ events, attempts, denials, approvals, modelCalls, tokens, costUsd, ms, firstDivergence },
  };
}

const hasEnded = (summary: RunSummary): boolean => isEnded(summary.status) && !canResume(summary);

function nodesOf(records: readonly RunRecord[]): ComparedNode[] {
  const names = new Set(records.flatMap(({ nodes }) => [...nodes.keys()]));
  return [...names].map((node) => ({ node, runs: records.map(({ nodes }) => nodes.get(node) ?? null) }));
}

/** Calls that were decided otherwise, and those of some runs alone that were not simply allowed. */
function differingDecisions(records: readonly RunRecord[]): ComparedPolicy[] {
  const keys = new Set(records.flatMap(({ decided }) => [...decided.keys()]));
  const found: ComparedPolicy[] = [];
  for (const key of keys) {
    const runs = records.map(({ decided }) => decided.get(key));
    const [call] = runs.filter((made) => made !== undefined);
    if (call === undefined || !isDecidedOtherwise(runs)) continue;
    const { node, tool, path } = call;
    found.push({ node, tool, path, runs: runs.map((made) => [...(made?.decisions ?? [])]) });
  }
  return found;
}

function isDecidedOtherwise(runs: readonly (DecidedCall | undefined)[]): boolean {
  const made = runs.filter((run) => run !== undefined);
  const ways = new Set(made.map(wayOf));
  if (ways.size > 1) return true;
  return made.length < runs.length && made.some(({ decisions }) => decisions.some((one) => one.decision !== 'allow'));
}

/** Which decisions by which rules, whatever their order and number. */
const wayOf = ({ decisions }: DecidedCall): string =>
  JSON.stringify(decisions.map(({ decision, rule }) => `${decision} ${rule}`).sort());

type FileOfRun = ComparedFile['runs'][number];

/** The files that are not the same at the end of all runs, sorted by path. */
function differingFiles(records: readonly RunRecord[]): ComparedFile[] {
  const touched = records.map(({ summary }) => new Map(summary.touched.map((file) => [file.path, file])));
  const paths = [...new Set(touched.flatMap((files) => [...files.keys()]))].sort();
  const kept = (sha256: string): boolean => records.some((record) => record.kept.has(sha256));
  const found: ComparedFile[] = [];
  for (const path of paths) {
    const runs = records.map((_, at) => fileOfRun(path, at, records, touched, kept));
    if (new Set(runs.map(sameness)).size > 1) found.push({ path, runs });
  }
  return found;
}

type Touched = ReadonlyMap<string, RunSummary['touched'][number]>;

function fileOfRun(
  path: string,
  at: number,
  records: readonly RunRecord[],
  touched: readonly Touched[],
  isKept: (sha256: string) => boolean,
): FileOfRun {
  const file = touched[at]?.get(path);
  if (file !== undefined) {
    const { before, after } = file;
    const state = before === after ? 'untouched' : before === null ? 'created' : after === null ? 'deleted' : 'changed';
    return { state, sha256: after, kept: after !== null && isKept(after) };
  }
  // Runs that began with the same files have the same where none of them touched it.
  const base = records[at]?.summary.baseTree;
  const twin = records.findIndex(({ summary }, place) => summary.baseTree === base && touched[place]?.has(path));
  if (twin < 0) return { state: 'unknown', sha256: null, kept: false };
  const sha256 = touched[twin]?.get(path)?.before ?? null;
  return { state: 'untouched', sha256, kept: sha256 !== null && isKept(sha256) };
}

const sameness = ({ sha256, state }: FileOfRun): string => sha256 ?? (state === 'unknown' ? 'not known' : 'none');
