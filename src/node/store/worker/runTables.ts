/** What an event says, put into the tables of a run's database. Costs are US dollars, payloads text or `blob:SHA256`. */
import type { Database, SqlValue, Statement } from 'sql.js';
import { type BlobRef, blobRefsIn } from '../../../core/events/payload';
import type { DataOf, RunEvent } from '../../../core/events/schema';
import { canonicalize } from '../../../core/kernel/json';
import { followCalls, type OpenTargets, shown, targetOf } from '../denials';

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

const EVENT = `INSERT INTO events VALUES (${marks(10)})`;
const BLOB = `INSERT OR IGNORE INTO blobs VALUES (${marks(5)})`;
const NODE = `INSERT INTO nodes (started_seq, run_id, started_at, node, attempt, kind, does) VALUES (${marks(7)})`;
const NODE_END = `UPDATE nodes SET finished_seq = ?, finished_at = ?, outcome = ?, reason = ?, next = ?, why = ?
  WHERE started_seq = (SELECT max(started_seq) FROM nodes WHERE node IS ? AND finished_seq IS NULL)`;
const MODEL = `INSERT INTO model_calls (requested_seq, run_id, requested_at, node, attempt, turn, retry, provider, model,
  signature) VALUES (${marks(10)})`;
const MODEL_END = `UPDATE model_calls SET ended_seq = ?, failure = ?, input_tokens = ?, output_tokens = ?,
  cached_tokens = ?, cost_usd = ?, stop = ?, ms = ?
  WHERE requested_seq = (SELECT max(requested_seq) FROM model_calls WHERE ended_seq IS NULL)`;
const TOOL = `INSERT INTO tool_calls (requested_seq, run_id, requested_at, call, node, attempt, tool, origin, input)
  VALUES (${marks(9)})`;
const OF_CALL = 'WHERE requested_seq = (SELECT max(requested_seq) FROM tool_calls WHERE call = ?)';
const DECIDED = `UPDATE tool_calls SET decided_seq = ?, capability = ?, decision = ? ${OF_CALL}`;
const DECISION = `INSERT INTO policy_decisions VALUES (${marks(14)})`;
const REQUEST = `SELECT data FROM events WHERE seq = (SELECT max(requested_seq) FROM tool_calls WHERE call = ?)`;
const TOOL_END = `UPDATE tool_calls SET finished_seq = ?, outcome = ?, output = ?, exit_code = ?, confinement = ?,
  ms = ? ${OF_CALL}`;
const APPROVAL = `INSERT INTO approvals (seq, run_id, approval, requested_at, call, title, detail, snapshot)
  VALUES (${marks(8)})`;
const RESOLVED = `UPDATE approvals SET resolved_seq = ?, resolved_at = ?, verdict = ?, "by" = ?, reason = ?
  WHERE seq = (SELECT max(seq) FROM approvals WHERE approval = ? AND resolved_seq IS NULL)`;
/** One that was answered without having been put to anybody, for what it asks was agreed to before. */
const AGREED = `INSERT INTO approvals (resolved_seq, resolved_at, verdict, "by", reason, approval, seq, run_id)
  SELECT ${marks(8)} WHERE changes() = 0`;
const FILE = `INSERT INTO files VALUES (${marks(8)})`;
const ARTIFACT = `INSERT INTO artifacts VALUES (${marks(10)})`;

export interface RunTables {
  /** Inserts an event and what it means; the caller holds the transaction. */
  insert(event: RunEvent): void;
}

/** The tables of an open database of the newest schema. */
export function runTables(database: Database): RunTables {
  const statements = new Map<string, Statement>();
  const targets: OpenTargets = new Map();
  const prepared = (text: string): Statement => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const put: Put = (text, ...values) => prepared(text).run(values);
  /** A call whose request was inserted in an earlier session is looked up in what was stored then. */
  const target = (call: string): string => {
    const known = targets.get(call);
    if (known !== undefined) return known;
    const [data] = prepared(REQUEST).get([call]);
    return data === undefined ? '' : targetOf(JSON.parse(String(data)) as DataOf<'tool.requested'>);
  };
  return {
    insert(event) {
      followCalls(targets, event);
      const { seq, run, at, type, prev, hash } = event;
      const [node, attempt, cause] = [event.node ?? null, event.attempt ?? null, event.cause ?? null];
      put(EVENT, seq, run, at, type, node, attempt, cause, canonicalize(event.data), prev, hash);
      for (const { blob, bytes, media } of referencesIn(event)) put(BLOB, blob, run, bytes, media, seq);
      insertMeaning(put, event, { node, attempt, target });
    },
  };
}

type Put = (text: string, ...values: SqlValue[]) => void;
type Where = {
  readonly node: string | null;
  readonly attempt: number | null;
  readonly target: (call: string) => string;
};

function insertMeaning(put: Put, event: RunEvent, { node, attempt, target }: Where): void {
  const { seq, run, at } = event;
  switch (event.type) {
    case 'node.started':
      put(NODE, seq, run, at, node, attempt, event.data.kind, event.data.does);
      return;
    case 'node.finished': {
      const { outcome, reason, next, why } = event.data;
      put(NODE_END, seq, at, outcome, reason, next, why, node);
      return;
    }
    case 'model.requested': {
      const { turn, retry, provider, model, signature } = event.data;
      put(MODEL, seq, run, at, node, attempt, turn, retry, provider, model, signature);
      return;
    }
    case 'model.responded': {
      const { usage, costUsd, stop, ms } = event.data;
      put(MODEL_END, seq, null, usage.input, usage.output, usage.cached, costUsd, stop, ms);
      return;
    }
    case 'model.failed':
      put(MODEL_END, seq, event.data.code, null, null, null, null, null, event.data.ms);
      return;
    case 'tool.requested': {
      const { call, tool, origin, input } = event.data;
      put(TOOL, seq, run, at, call, node, attempt, tool, origin, shown(input));
      return;
    }
    case 'policy.decided': {
      const { call, tool, capability, decision, rule, layer, reason, snapshot } = event.data;
      put(DECIDED, seq, capability, decision, call);
      const what = [call, tool, capability, decision, rule, layer, reason, target(call), snapshot];
      put(DECISION, seq, run, at, node, attempt, ...what);
      return;
    }
    case 'tool.finished': {
      const { call, outcome, output, exitCode, confinement, ms } = event.data;
      put(TOOL_END, seq, outcome, shown(output), exitCode, confinement, ms, call);
      return;
    }
    case 'approval.requested': {
      const { approval, call, title, detail, snapshot } = event.data;
      put(APPROVAL, seq, run, approval, at, call, title, shown(detail), snapshot);
      return;
    }
    case 'approval.resolved': {
      const { approval, verdict, by, reason } = event.data;
      put(RESOLVED, seq, at, verdict, by, reason, approval);
      put(AGREED, seq, at, verdict, by, reason, approval, seq, run);
      return;
    }
    case 'file.changed': {
      const { call, path, before, after, how } = event.data;
      put(FILE, seq, run, at, call, path, before?.sha256 ?? null, after?.sha256 ?? null, how);
      return;
    }
    case 'artifact.created': {
      const { call, name, kind, media, content, summary } = event.data;
      put(ARTIFACT, seq, run, at, node, call, name, kind, media, shown(content), summary);
      return;
    }
    default:
      // The rest stands in `events`, and in the run's own row.
      return;
  }
}

function referencesIn(event: RunEvent): BlobRef[] {
  const refs = blobRefsIn(event.data);
  if (event.type !== 'file.changed') return refs;
  const versions = [event.data.before, event.data.after].filter((version) => version !== null);
  return [
    ...refs,
    ...versions.map(({ sha256, bytes }) => ({ blob: sha256, bytes, media: 'application/octet-stream' })),
  ];
}
