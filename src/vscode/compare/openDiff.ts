/** A file as two runs left it, in VS Code's own difference editor. */
import type { ComparedFile } from '../../protocol/compare';
import type { Documents, Side } from '../documents';
import { info } from '../messages';
import type { Runs } from '../runs';

type FileOfRun = ComparedFile['runs'][number];

/** Opens the file of the first run beside that of the run at `place`; says so when a content is not kept or no text. */
export async function openDiff(
  file: ComparedFile,
  place: number,
  runIds: readonly string[],
  { runs, documents }: { readonly runs: Runs; readonly documents: Documents },
): Promise<void> {
  const sides: Side[] = [];
  for (const at of [0, place]) {
    const [version, runId] = [file.runs[at], runIds[at]];
    if (version === undefined || runId === undefined) return;
    const text = await textOf(version, runId, runIds, runs);
    if (text === undefined) {
      void info(`OpenExec: ${file.path} cannot be shown: its content in run ${at + 1} ${why(version)}.`);
      return;
    }
    sides.push({ folder: `compare/${runId}`, name: file.path, text });
  }
  const [left, right] = sides;
  if (left === undefined || right === undefined) return;
  await documents.diff([left, right], `${file.path} (run 1 ↔ run ${place + 1})`);
}

/** Where there is no file the text is empty. */
async function textOf(
  { sha256, kept, state }: FileOfRun,
  runId: string,
  runIds: readonly string[],
  runs: Runs,
): Promise<string | undefined> {
  if (sha256 === null) return state === 'unknown' ? undefined : '';
  if (!kept) return undefined;
  // What a run left untouched lies in the store of the run that changed it, which may be another window's.
  for (const id of [runId, ...runIds]) {
    const text = await runs.textByHash(id, sha256);
    if (text !== undefined) return text;
  }
  return undefined;
}

const why = ({ state, kept }: FileOfRun): string =>
  state === 'unknown'
    ? 'is not known, for it began with other files and did not touch it'
    : kept
      ? 'is no text, or its bytes are gone'
      : 'is not kept, because it holds what looks like a secret or is protected';
