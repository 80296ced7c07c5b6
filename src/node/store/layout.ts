/** Where things lie in a store, and which names a run may have. */
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';

const RUN_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** True when the text can be a run's id and with that a folder's name; names of dots alone are not. */
export const isRunId = (text: string): boolean => RUN_ID.test(text) && !/^\.+$/.test(text);

/** Throws `run_unknown` for a text that cannot be a run's id. */
export function checkRunId(run: string): void {
  if (isRunId(run)) return;
  throw new OpenExecError(
    'run_unknown',
    `${JSON.stringify(run.slice(0, 120))} cannot be the id of a run; see the list of runs`,
  );
}

export const runsFolder = (root: string): string => path.join(root, 'runs');
export const runFolder = (root: string, run: string): string => path.join(root, 'runs', run);
export const journalFile = (root: string, run: string): string => path.join(root, 'runs', run, 'journal.jsonl');
export const lockFile = (root: string, run: string): string => path.join(root, 'runs', run, 'lock');
export const runDatabaseFile = (root: string, run: string): string => path.join(root, 'runs', run, 'run.sqlite');
export const blobsFolder = (root: string): string => path.join(root, 'blobs');
export const INDEX_NAME = 'index.sqlite';
export const indexFile = (root: string): string => path.join(root, INDEX_NAME);
