/**
 * The schema of the index of a store, as the steps that lead to it. A step is never changed once it was released: add
 * another one.
 */
import type { Steps } from './migrate';

const VERSION_1 = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE runs ("run_id" TEXT PRIMARY KEY, "status", "outcome", "reason", "task", "blueprint", "model", "policy_hash",
  "current_node", "attempt", "started_at", "ended_at", "events", "head", "tokens", "model_calls", "cost_usd", "denials",
  "files_changed", "branch", "commit", "tree", "base_commit", "base_tree", "result", "open_approvals", "touched",
  journal_bytes INTEGER NOT NULL);
`;

const COLUMNS = `run_id, status, outcome, reason, task, blueprint, model, policy_hash, current_node, attempt, started_at,
  ended_at, events, head, tokens, model_calls, cost_usd, denials, files_changed, branch, "commit", tree, base_commit,
  base_tree, result, open_approvals, touched, journal_bytes`;

/** Denials are not known from version 1; a run whose rows do not add up is read again from its journal. */
const VERSION_2 = `
ALTER TABLE runs RENAME TO runs_1;
CREATE TABLE runs (run_id TEXT PRIMARY KEY, status TEXT NOT NULL, outcome TEXT, reason TEXT NOT NULL, task TEXT NOT NULL,
  blueprint TEXT NOT NULL, model TEXT NOT NULL, policy_hash TEXT NOT NULL, current_node TEXT, attempt INTEGER NOT NULL,
  started_at TEXT NOT NULL, ended_at TEXT, events INTEGER NOT NULL, head TEXT NOT NULL, tokens INTEGER NOT NULL,
  model_calls INTEGER NOT NULL, cost_usd REAL, denials INTEGER NOT NULL, files_changed TEXT NOT NULL, branch TEXT,
  "commit" TEXT, tree TEXT, base_commit TEXT NOT NULL, base_tree TEXT NOT NULL, result TEXT NOT NULL,
  open_approvals TEXT NOT NULL, touched TEXT NOT NULL, journal_bytes INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO runs SELECT ${COLUMNS} FROM runs_1;
DROP TABLE runs_1;
CREATE TABLE denials (run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, node TEXT, tool TEXT NOT NULL,
  capability TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (run_id, seq))
  WITHOUT ROWID;
CREATE TABLE deletions (run_id TEXT NOT NULL, deleted_at TEXT NOT NULL, reason TEXT NOT NULL, events INTEGER NOT NULL,
  head TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, blobs INTEGER NOT NULL,
  PRIMARY KEY (run_id, deleted_at)) WITHOUT ROWID;
CREATE INDEX runs_by_started_at ON runs (started_at);
CREATE INDEX denials_by_at ON denials (at);
`;

/** A run whose denials are not all known is read again from its journal, and counted there. */
const VERSION_3 = `
ALTER TABLE runs ADD COLUMN outside_toolset INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET outside_toolset = (SELECT count(*) FROM denials
  WHERE denials.run_id = runs.run_id AND rule = 'toolset');
`;

/** What left for models is not known from version 3: a run without a row is read again from its journal. */
const VERSION_4 = `
ALTER TABLE runs ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN bytes_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN redactions INTEGER NOT NULL DEFAULT 0;
DELETE FROM runs;
`;

export const INDEX_STEPS: Steps = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];
