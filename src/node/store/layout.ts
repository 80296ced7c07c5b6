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
export const lockFile = (root: string, run: string): string => path.join(root, 'runs', run, 'lock');
export const runDatabaseFile = (root: string, run: string): string => path.join(root, 'runs', run, 'run.sqlite');
/** Says of a run that it came out of a bundle. */
export const importedFile = (root: string, run: string): string => path.join(root, 'runs', run, 'imported.json');
export const blobsFolder = (root: string): string => path.join(root, 'blobs');
/** Runs on their way in; moved to their place in one step, so that nobody ever sees half of one. */
export const incomingFolder = (root: string): string => path.join(root, 'incoming');
/** What was deleted and is on its way out. */
export const trashFolder = (root: string): string => path.join(root, 'trash');

export const INDEX_NAME = 'index.sqlite';
export const indexFile = (root: string): string => path.join(root, INDEX_NAME);

const SEGMENT = /^journal(?:-([2-9]|[1-9]\d+))?\.jsonl$/;

/** The journal's segment `number`, counted from 1. */
export const segmentFile = (root: string, run: string, number: number): string =>
  path.join(runFolder(root, run), number === 1 ? 'journal.jsonl' : `journal-${number}.jsonl`);

/** The number of the segment that a file's name says it is; null for any other file. */
export function segmentNumber(name: string): number | null {
  const match = SEGMENT.exec(name);
  return match === null ? null : Number(match[1] ?? 1);
}
