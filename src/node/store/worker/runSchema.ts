/**
 * The schema of a run's database, as the steps that lead to it. Every table carries `run_id`, so that the files of several
 * runs can be attached and their rows put together. A step is never changed once it was released: add another one.
 */
import type { Steps } from './migrate';

/** A payload as it is shown in a column: its text, or where it lies. */
const shown = (path: string): string => `CASE json_type(data, '${path}') WHEN 'object'
  THEN 'blob:' || json_extract(data, '${path}.blob') ELSE json_extract(data, '${path}') END`;

const VERSION_1 = `
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

const TABLES_2 = `
CREATE TABLE runs (run_id TEXT PRIMARY KEY, status TEXT NOT NULL, outcome TEXT, reason TEXT NOT NULL, task TEXT NOT NULL,
  blueprint TEXT NOT NULL, model TEXT NOT NULL, policy_hash TEXT NOT NULL, current_node TEXT, attempt INTEGER NOT NULL,
  started_at TEXT NOT NULL, ended_at TEXT, events INTEGER NOT NULL, head TEXT NOT NULL, tokens INTEGER NOT NULL,
  model_calls INTEGER NOT NULL, cost_usd REAL, denials INTEGER NOT NULL, files_changed TEXT NOT NULL, branch TEXT,
  "commit" TEXT, tree TEXT, base_commit TEXT NOT NULL, base_tree TEXT NOT NULL, result TEXT NOT NULL,
  open_approvals TEXT NOT NULL, touched TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, at TEXT NOT NULL, type TEXT NOT NULL, node TEXT,
  attempt INTEGER, cause INTEGER, data TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE nodes (started_seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, started_at TEXT NOT NULL, node TEXT,
  attempt INTEGER, kind TEXT NOT NULL, does TEXT NOT NULL, finished_seq INTEGER, finished_at TEXT, outcome TEXT,
  reason TEXT, next TEXT, why TEXT);
CREATE TABLE model_calls (requested_seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, requested_at TEXT NOT NULL, node TEXT,
  attempt INTEGER, turn INTEGER NOT NULL, retry INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
  signature TEXT NOT NULL, ended_seq INTEGER, failure TEXT, input_tokens INTEGER, output_tokens INTEGER,
  cached_tokens INTEGER, cost_usd REAL, stop TEXT, ms INTEGER);
CREATE TABLE tool_calls (requested_seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, requested_at TEXT NOT NULL,
  call TEXT NOT NULL, node TEXT, attempt INTEGER, tool TEXT NOT NULL, origin TEXT NOT NULL, input TEXT NOT NULL,
  decided_seq INTEGER, capability TEXT, decision TEXT, finished_seq INTEGER, outcome TEXT, output TEXT,
  exit_code INTEGER, confinement TEXT, ms INTEGER);
CREATE TABLE policy_decisions (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, at TEXT NOT NULL, node TEXT,
  attempt INTEGER, call TEXT NOT NULL, tool TEXT NOT NULL, capability TEXT NOT NULL, decision TEXT NOT NULL,
  rule TEXT NOT NULL, layer TEXT NOT NULL, reason TEXT NOT NULL, target TEXT NOT NULL, snapshot TEXT NOT NULL);
CREATE TABLE approvals (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, approval TEXT NOT NULL, requested_at TEXT,
  call TEXT, title TEXT, detail TEXT, snapshot TEXT, resolved_seq INTEGER, resolved_at TEXT, verdict TEXT, "by" TEXT,
  reason TEXT);
CREATE TABLE files (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, at TEXT NOT NULL, call TEXT NOT NULL,
  path TEXT NOT NULL, before TEXT, after TEXT, how TEXT NOT NULL);
CREATE TABLE artifacts (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, at TEXT NOT NULL, node TEXT, call TEXT NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, media TEXT NOT NULL, content TEXT NOT NULL, summary TEXT NOT NULL);
CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, run_id TEXT NOT NULL, bytes INTEGER NOT NULL, media TEXT NOT NULL,
  first_seq INTEGER NOT NULL) WITHOUT ROWID;
`;

const RUN_ID = `(SELECT value FROM meta WHERE key = 'run')`;
const atOf = (seq: string): string => `(SELECT at FROM events_1 WHERE events_1.seq = ${seq})`;

/** What the tables of version 1 do not hold is taken from the events. The row in `runs` is folded by the code. */
const ROWS_2 = `
INSERT INTO events SELECT seq, ${RUN_ID}, at, type, node, attempt, cause, data, prev, hash FROM events_1;
INSERT INTO nodes SELECT started_seq, ${RUN_ID}, ${atOf('started_seq')}, node, attempt, kind, does, finished_seq,
  ${atOf('finished_seq')}, outcome, reason, next, why FROM nodes_1;
INSERT INTO model_calls SELECT requested_seq, ${RUN_ID}, ${atOf('requested_seq')}, node, attempt, turn, retry, provider,
  model, signature, ended_seq, failure, input_tokens, output_tokens, cached_tokens, cost_usd, stop, ms FROM model_calls_1;
INSERT INTO tool_calls SELECT requested_seq, ${RUN_ID}, ${atOf('requested_seq')}, call, node, attempt, tool, origin,
  input, decided_seq, capability, decision, finished_seq, outcome, output, exit_code, confinement, ms FROM tool_calls_1;
INSERT INTO policy_decisions SELECT seq, ${RUN_ID}, at, node, attempt, json_extract(data, '$.call'),
  json_extract(data, '$.tool'), json_extract(data, '$.capability'), json_extract(data, '$.decision'),
  json_extract(data, '$.rule'), json_extract(data, '$.layer'), json_extract(data, '$.reason'),
  coalesce((SELECT coalesce((SELECT group_concat(json_extract(path.value, '$.asked'), ', ')
      FROM json_each(data, '$.facts.paths') AS path), substr(${shown('$.input')}, 1, 300))
    FROM events_1 AS asked WHERE asked.type = 'tool.requested' AND asked.seq < decided.seq
      AND json_extract(asked.data, '$.call') = json_extract(decided.data, '$.call')
    ORDER BY asked.seq DESC LIMIT 1), ''),
  json_extract(data, '$.snapshot') FROM events_1 AS decided WHERE type = 'policy.decided';
INSERT INTO approvals SELECT seq, ${RUN_ID}, json_extract(data, '$.approval'), at, json_extract(data, '$.call'),
  json_extract(data, '$.title'), ${shown('$.detail')}, json_extract(data, '$.snapshot'), NULL, NULL, NULL, NULL, NULL
  FROM events_1 WHERE type = 'approval.requested';
UPDATE approvals SET resolved_seq = (SELECT min(seq) FROM events_1 WHERE type = 'approval.resolved'
  AND seq > approvals.seq AND json_extract(data, '$.approval') = approval);
INSERT INTO approvals SELECT seq, ${RUN_ID}, json_extract(data, '$.approval'), NULL, NULL, NULL, NULL, NULL, seq, NULL,
  NULL, NULL, NULL FROM events_1 WHERE type = 'approval.resolved'
  AND seq NOT IN (SELECT resolved_seq FROM approvals WHERE resolved_seq IS NOT NULL);
UPDATE approvals SET (resolved_at, verdict, "by", reason) = (SELECT at, json_extract(data, '$.verdict'),
  json_extract(data, '$.by'), json_extract(data, '$.reason') FROM events_1 WHERE events_1.seq = resolved_seq)
  WHERE resolved_seq IS NOT NULL;
INSERT INTO files SELECT seq, ${RUN_ID}, ${atOf('files_1.seq')}, call, path, before, after, how FROM files_1;
INSERT INTO artifacts SELECT seq, ${RUN_ID}, at, node, json_extract(data, '$.call'), json_extract(data, '$.name'),
  json_extract(data, '$.kind'), json_extract(data, '$.media'), ${shown('$.content')}, json_extract(data, '$.summary')
  FROM events_1 WHERE type = 'artifact.created';
INSERT INTO blobs SELECT sha256, ${RUN_ID}, bytes, media, first_seq FROM blobs_1;
`;

const INDEXES_2 = `
CREATE INDEX events_by_type ON events (type);
CREATE INDEX tool_calls_by_call ON tool_calls (call);
CREATE INDEX policy_decisions_by_decision ON policy_decisions (decision, capability);
CREATE INDEX approvals_by_approval ON approvals (approval);
CREATE INDEX files_by_path ON files (path);
`;

const OLD = ['events', 'nodes', 'model_calls', 'tool_calls', 'files', 'blobs'];
const VERSION_2 = [
  ...OLD.map((table) => `ALTER TABLE ${table} RENAME TO ${table}_1;`),
  TABLES_2,
  ROWS_2,
  ...OLD.map((table) => `DROP TABLE ${table}_1;`),
  INDEXES_2,
].join('\n');

/** Counted from what the tables hold already; the row in `runs` is folded by the code where there is none. */
const VERSION_3 = `
ALTER TABLE runs ADD COLUMN outside_toolset INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET outside_toolset = (SELECT count(*) FROM policy_decisions
  WHERE policy_decisions.run_id = runs.run_id AND decision = 'deny' AND rule = 'toolset' AND layer = 'built in');
`;

const SENT = `FROM events WHERE events.run_id = runs.run_id AND type = 'egress.sent'`;
const REDACTED = `FROM events, json_each(events.data, '$.parts') AS part, json_each(part.value, '$.redactions') AS kind
  WHERE events.run_id = runs.run_id AND events.type = 'egress.sent'`;

/** What left for models, counted from the events. */
const VERSION_4 = `
ALTER TABLE runs ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN bytes_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN redactions INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET requests = (SELECT count(*) ${SENT}),
  bytes_sent = (SELECT coalesce(sum(json_extract(data, '$.bytes')), 0) ${SENT}),
  redactions = (SELECT coalesce(sum(kind.value), 0) ${REDACTED});
`;

export const RUN_STEPS: Steps = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];
