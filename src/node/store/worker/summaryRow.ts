/** A run's summary as a row of a table `runs`: each member in its column, lists as JSON. */
import type { SqlValue } from 'sql.js';
import { type RunSummary, runSummarySchema } from '../../../core/events/summary';

/** A new member of the summary needs a column, and with that a step of the schemas. */
const COLUMN_OF: Readonly<Record<keyof RunSummary, string>> = {
  runId: 'run_id',
  status: 'status',
  outcome: 'outcome',
  reason: 'reason',
  task: 'task',
  blueprint: 'blueprint',
  model: 'model',
  policyHash: 'policy_hash',
  currentNode: 'current_node',
  attempt: 'attempt',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  events: 'events',
  head: 'head',
  tokens: 'tokens',
  modelCalls: 'model_calls',
  costUsd: 'cost_usd',
  denials: 'denials',
  outsideToolset: 'outside_toolset',
  requests: 'requests',
  bytesSent: 'bytes_sent',
  redactions: 'redactions',
  filesChanged: 'files_changed',
  branch: 'branch',
  commit: '"commit"',
  tree: 'tree',
  baseCommit: 'base_commit',
  baseTree: 'base_tree',
  result: 'result',
  openApprovals: 'open_approvals',
  touched: 'touched',
};
const MEMBERS = Object.keys(COLUMN_OF) as (keyof RunSummary)[];
const LISTS: ReadonlySet<string> = new Set<keyof RunSummary>(['filesChanged', 'openApprovals', 'touched']);

/** The columns' names, in the order of the values that `summaryValues` gives and `summaryOf` takes. */
export const SUMMARY_COLUMNS = Object.values(COLUMN_OF).join(', ');

export const summaryValues = (summary: RunSummary): SqlValue[] =>
  MEMBERS.map((member) => {
    const value = summary[member];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });

/** The summary in a row. Throws when it is none. */
export function summaryOf(values: readonly SqlValue[]): RunSummary {
  const members = MEMBERS.map((member, at) => [
    member,
    LISTS.has(member) ? JSON.parse(String(values[at])) : values[at],
  ]);
  const summary = runSummarySchema.parse(Object.fromEntries(members));
  // Earlier versions wrote them in the order of the last change.
  return { ...summary, touched: summary.touched.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
