/**
 * One run as a SQLite database, for people and tools that ask questions. Built from the journal's lines alone; the journal
 * stays the evidence. Times are UTC in ISO 8601, costs US dollars, payloads text or `blob:SHA256`.
 */
import type { Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import { type BlobRef, blobRefsIn, type Payload } from '../../../core/events/payload';
import { eventSchema, type RunEvent } from '../../../core/events/schema';
import { OpenExecError } from '../../../core/kernel/errors';
import { canonicalize } from '../../../core/kernel/json';
import { writeDurably } from '../../system/durable';

const RUN_SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, node TEXT, attempt INTEGER,
  cause INTEGER, data TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE nodes (started_seq INTEGER PRIMARY KEY, node TEXT, attempt INTEGER, kind TEXT, does TEXT,
  finished_seq INTEGER, outcome TEXT, reason TEXT, next TEXT, why TEXT);
CREATE TABLE model_calls (requested_seq INTEGER PRIMARY KEY, node TEXT, attempt INTEGER, turn INTEGER, retry INTEGER,
  provider TEXT, model TEXT, signature TEXT, ended_seq INTEGER, failure TEXT, input_tokens INTEGER,
  output_tokens INTEGER, cached_tokens INTEGER, cost_usd REAL, stop TEXT, ms INTEGER);
CREATE TABLE tool_calls (requested_seq INTEGER PRIMARY KEY, call TEXT NOT NULL, node TEXT, attempt INTEGER, tool TEXT,
  origin TEXT, input TEXT, decided_seq INTEGER, capability TEXT, decision TEXT, rule TEXT, layer TEXT,
  decision_reason TEXT, finished_seq INTEGER, outcome TEXT, output TEXT, exit_code INTEGER, confinement TEXT,
  ms INTEGER);
CREATE INDEX tool_calls_by_call ON tool_calls (call);
CREATE TABLE files (seq INTEGER PRIMARY KEY, call TEXT, path TEXT NOT NULL, before TEXT, after TEXT, how TEXT);
CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, media TEXT NOT NULL, first_seq INTEGER NOT NULL)
  WITHOUT ROWID;
`;

const EVENT = 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
const BLOB = 'INSERT OR IGNORE INTO blobs VALUES (?, ?, ?, ?)';
const META = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
const NODE = 'INSERT INTO nodes (started_seq, node, attempt, kind, does) VALUES (?, ?, ?, ?, ?)';
const NODE_END = `UPDATE nodes SET finished_seq = ?, outcome = ?, reason = ?, next = ?, why = ?
  WHERE started_seq = (SELECT max(started_seq) FROM nodes WHERE node IS ? AND finished_seq IS NULL)`;
const MODEL = `INSERT INTO model_calls (requested_seq, node, attempt, turn, retry, provider, model, signature)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const MODEL_END = `UPDATE model_calls SET ended_seq = ?, failure = ?, input_tokens = ?, output_tokens = ?,
  cached_tokens = ?, cost_usd = ?, stop = ?, ms = ?
  WHERE requested_seq = (SELECT max(requested_seq) FROM model_calls WHERE ended_seq IS NULL)`;
const TOOL = `INSERT INTO tool_calls (requested_seq, call, node, attempt, tool, origin, input) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const OF_CALL = 'WHERE requested_seq = (SELECT max(requested_seq) FROM tool_calls WHERE call = ?)';
const DECISION = `UPDATE tool_calls SET decided_seq = ?, capability = ?, decision = ?, rule = ?, layer = ?,
  decision_reason = ? ${OF_CALL}`;
const TOOL_END = `UPDATE tool_calls SET finished_seq = ?, outcome = ?, output = ?, exit_code = ?, confinement = ?,
  ms = ? ${OF_CALL}`;
const FILE = 'INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)';

export interface RunDatabase {
  /** Adds events, given as lines of the journal, in one transaction. Throws `store_worker` when they do not follow. */
  add(lines: readonly string[]): void;
  /** Writes the whole database to a file, durably. */
  writeTo(file: string): Promise<void>;
  close(): void;
}

/** An empty database of a run, in memory. */
export function openRunDatabase(sql: SqlJsStatic, run: string): RunDatabase {
  const database = new sql.Database();
  database.exec(SCHEMA);
  const statements = new Map<string, Statement>();
  let events = 0;

  const put = (text: string, ...values: SqlValue[]): void => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    statement.run(values);
  };
  put(META, 'schema', RUN_SCHEMA_VERSION);
  put(META, 'run', run);

  return {
    add(lines) {
      const parsed = lines.map((line) => eventSchema.parse(JSON.parse(line)));
      inTransaction(database, () => {
        for (const event of parsed) {
          if (event.run !== run || event.seq !== events) {
            throw new OpenExecError(
              'store_worker',
              `event ${event.run}/${event.seq} does not follow ${run}/${events - 1}`,
            );
          }
          insert(put, event);
          events += 1;
          put(META, 'events', events);
          put(META, 'head', event.hash);
        }
      });
    },
    writeTo: (file) => writeDurably(file, database.export()),
    close: () => database.close(),
  };
}

function inTransaction(database: Database, work: () => void): void {
  database.exec('BEGIN');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

type Put = (text: string, ...values: SqlValue[]) => void;

const shown = (payload: Payload): string => (typeof payload === 'string' ? payload : `blob:${payload.blob}`);

function insert(put: Put, event: RunEvent): void {
  const { seq, at, type, prev, hash } = event;
  const [node, attempt] = [event.node ?? null, event.attempt ?? null];
  put(EVENT, seq, at, type, node, attempt, event.cause ?? null, canonicalize(event.data), prev, hash);
  for (const { blob, bytes, media } of referencesIn(event)) put(BLOB, blob, bytes, media, seq);
  const row = rowOf(event, node, attempt);
  if (row !== null) put(...row);
}

type Row = [text: string, ...values: SqlValue[]];

/** The statement that puts an event's meaning into its table; null for those that stand in `events` alone. */
function rowOf(event: RunEvent, node: string | null, attempt: number | null): Row | null {
  const { seq } = event;
  switch (event.type) {
    case 'node.started':
      return [NODE, seq, node, attempt, event.data.kind, event.data.does];
    case 'node.finished': {
      const { outcome, reason, next, why } = event.data;
      return [NODE_END, seq, outcome, reason, next, why, node];
    }
    case 'model.requested': {
      const { turn, retry, provider, model, signature } = event.data;
      return [MODEL, seq, node, attempt, turn, retry, provider, model, signature];
    }
    case 'model.responded': {
      const { usage, costUsd, stop, ms } = event.data;
      return [MODEL_END, seq, null, usage.input, usage.output, usage.cached, costUsd, stop, ms];
    }
    case 'model.failed':
      return [MODEL_END, seq, event.data.code, null, null, null, null, null, event.data.ms];
    case 'tool.requested': {
      const { call, tool, origin, input } = event.data;
      return [TOOL, seq, call, node, attempt, tool, origin, shown(input)];
    }
    case 'policy.decided': {
      const { call, capability, decision, rule, layer, reason } = event.data;
      return [DECISION, seq, capability, decision, rule, layer, reason, call];
    }
    case 'tool.finished': {
      const { call, outcome, output, exitCode, confinement, ms } = event.data;
      return [TOOL_END, seq, outcome, shown(output), exitCode, confinement, ms, call];
    }
    case 'file.changed': {
      const { call, path, before, after, how } = event.data;
      return [FILE, seq, call, path, before?.sha256 ?? null, after?.sha256 ?? null, how];
    }
    default:
      return null;
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
