/** What a recorded change did to its file, line by line, for the timeline; bounded, so that no message is larger than a megabyte. */
import type { FileVersion } from '../../core/events/parts';
import type { DataOf } from '../../core/events/schema';
import { messageOf } from '../../core/kernel/errors';
import { type Change, type ChangeLine, MAX_CHANGE_LINES } from '../../protocol/approval';
import { formatBytes, formatCount } from '../../protocol/format';
import type { Runs } from '../runs';
import { counted, lineChange } from './change';
import { compareLines, linesOf } from './lineDiff';
import { notShown } from './notShown';

/** A version above this size is not compared line by line here. */
const MAX_BYTES = 4 * 1024 * 1024;
/** The most bytes that the lines of one message take as JSON. */
const MAX_MESSAGE = 800_000;

export type FileChange =
  | { readonly change: Change; readonly problem: '' }
  | { readonly change: null; readonly problem: string };

/** The change at an event; null when it cannot be told, and then `problem` says why in one line. Never rejects. */
export async function fileChange(
  { runId, seq }: { readonly runId: string; readonly seq: number },
  runs: Pick<Runs, 'event' | 'textByHash'>,
): Promise<FileChange> {
  try {
    const event = await runs.event(runId, seq);
    if (event.type !== 'file.changed') return untold(`event ${seq} is no change of a file`);
    return await changeOfFile(runId, event.data, runs);
  } catch (error) {
    return untold(messageOf(error));
  }
}

const untold = (problem: string): FileChange => ({ change: null, problem });

async function changeOfFile(
  runId: string,
  { path, before, after }: DataOf<'file.changed'>,
  runs: Pick<Runs, 'textByHash'>,
): Promise<FileChange> {
  const texts: string[] = [];
  for (const [version, when] of [[before, 'before the change'] as const, [after, 'after the change'] as const]) {
    const text = await textOf(runId, version, runs);
    if (typeof text !== 'string') return untold(`the content ${when} ${text.why}`);
    texts.push(text);
  }
  const [old = '', fresh = ''] = texts;
  const lines = compareLines(old, fresh);
  return {
    change: bounded(lineChange(path, whatWasDone({ before, after }, old, fresh, counted(lines)), lines, fresh)),
    problem: '',
  };
}

/** The text of a version, empty where there was no file; or why it cannot be shown. */
async function textOf(
  runId: string,
  version: FileVersion | null,
  runs: Pick<Runs, 'textByHash'>,
): Promise<string | { readonly why: string }> {
  if (version === null) return '';
  if (version.bytes > MAX_BYTES) return { why: `is too large to be compared here (${formatBytes(version.bytes)})` };
  const text = version.kept ? await runs.textByHash(runId, version.sha256) : undefined;
  return text ?? { why: notShown(version) };
}

type Versions = Pick<DataOf<'file.changed'>, 'before' | 'after'>;

function whatWasDone({ before, after }: Versions, old: string, fresh: string, words: string): string {
  if (after === null) return `Deleted the file with ${formatCount(linesOf(old).length, 'line')}`;
  if (before === null) return `Created the file with ${formatCount(linesOf(fresh).length, 'line')}`;
  return old === fresh ? 'Wrote what was there already' : `Changed the content: ${words}`;
}

/** The first lines that fit into one message. */
function bounded(change: Change): Change {
  if (change.kind !== 'file') return change;
  let room = MAX_MESSAGE;
  const fits = (line: ChangeLine): boolean => {
    room -= Buffer.byteLength(JSON.stringify(line));
    return room >= 0;
  };
  const end = change.lines.findIndex((line) => !fits(line));
  if (end === -1) return change;
  const kept = Math.min(end, MAX_CHANGE_LINES);
  return { ...change, lines: change.lines.slice(0, kept), moreLines: change.moreLines + change.lines.length - kept };
}
