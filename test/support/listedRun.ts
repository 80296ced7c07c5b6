/** A run as windows list it, as plain as one can be; what a test is about is given. */
import { sha256Schema } from '../../src/core/kernel/hash';
import type { ListedRun } from '../../src/vscode/runs';

const HASH = sha256Schema.parse('0'.repeat(64));

export const listedRun = (given: Partial<ListedRun> = {}): ListedRun => ({
  runId: 'run',
  status: 'succeeded',
  outcome: null,
  reason: '',
  task: 'Mend it',
  blueprint: 'fix',
  model: 'anthropic:small',
  policyHash: HASH,
  currentNode: null,
  attempt: 1,
  startedAt: '2026-11-23T09:00:00.000Z',
  endedAt: '2026-11-23T09:03:05.000Z',
  events: 42,
  head: HASH,
  tokens: 1200,
  modelCalls: 3,
  costUsd: 0.12,
  denials: 0,
  outsideToolset: 0,
  requests: 3,
  bytesSent: 2048,
  redactions: 0,
  filesChanged: [],
  branch: null,
  commit: null,
  tree: null,
  baseCommit: 'base',
  baseTree: 'base-tree',
  result: 'none',
  openApprovals: [],
  touched: [],
  readOnly: false,
  imported: false,
  ...given,
});
