/** Verification of stored lines and of the bytes that they refer to; wherever the lines come from. */
import { isUtf8 } from 'node:buffer';
import { oneLine } from '../../core/events/findings';
import {
  concludeVerify,
  type ExternalHead,
  type NotChecked,
  type Reference,
  refuseLine,
  startVerify,
  type VerifiedLine,
  type VerifyReport,
  type VerifyState,
  verifyLine,
  withProblems,
} from '../../core/events/verify';
import type { Problem } from '../../core/events/verifyLink';
import { isOpenExecError, messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import { BlobChanged } from '../../core/ports/blobChanged';
import type { Blobs } from '../../core/ports/eventLog';
import type { Progress } from '../../core/ports/progress';
import { breather } from '../system/breathe';
import { readAhead } from '../system/readAhead';
import type { DeletionRecord } from './deletions';
import { MAX_LINE_BYTES, type StoredLine } from './journal';

const LINE_FEED = 10;

/** The lines of a journal that is in memory, made one by one each time that they are gone through. */
export const linesOf = (bytes: Uint8Array): Iterable<StoredLine> => ({
  *[Symbol.iterator]() {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let from = 0; from < all.length; ) {
      const feed = all.indexOf(LINE_FEED, from);
      const end = feed < 0 ? all.length : feed + 1;
      yield { bytes: all.subarray(from, end), end, complete: feed >= 0 };
      from = end;
    }
  },
});

/** Checks the next stored line in full. */
export function verifyStored(state: VerifyState, line: StoredLine, hash: Sha256): VerifiedLine {
  if (!line.complete) return refused(state, incomplete(line));
  if (line.bytes.length > MAX_LINE_BYTES) return refused(state, tooLong);
  // A decoder would replace wrong bytes silently, and two different files would look the same.
  if (!isUtf8(line.bytes)) return refused(state, { kind: 'not_utf8', expected: 'UTF-8', found: 'other bytes' });
  return verifyLine(state, line.bytes.toString('utf8', 0, line.bytes.length - 1), hash);
}

const incomplete = ({ bytes }: StoredLine): Problem => ({
  kind: 'incomplete',
  expected: 'a line feed at the end',
  found: `${bytes.length} bytes without one`,
});

const tooLong: Problem = {
  kind: 'not_an_event',
  expected: `a line of at most ${MAX_LINE_BYTES} bytes`,
  found: 'a longer one',
};

const refused = (state: VerifyState, problem: Problem): VerifiedLine => ({
  state: refuseLine(state, problem),
  event: null,
  refers: [],
});

/** Lines at hand, or a stream of lines or of batches of them. */
type StoredLines = Iterable<StoredLine> | AsyncIterable<StoredLine | readonly StoredLine[]>;

async function* batchesOf(lines: StoredLines): AsyncGenerator<Iterable<StoredLine>> {
  if (Symbol.iterator in lines) yield lines;
  else for await (const item of readAhead(lines)) yield 'complete' in item ? [item] : item;
}

/** Which deletion took a blob, by the blob's address. */
export type DeletedBlobs = ReadonlyMap<string, Pick<DeletionRecord, 'runId' | 'deletedAt'>>;

/**
 * Verifies a run: every line, then every blob and every file version that the lines refer to. `live` says that its writer
 * is at work, so that an incomplete last line is no finding; it is asked only after such a line was met, for a writer may
 * have begun while the lines were read. A missing blob that was deleted since the run's last event is no finding either.
 * `problems` are those that were seen before a line was read. Rejects with `cancelled`.
 */
export async function verifyLines(
  lines: StoredLines,
  options: {
    run: string;
    hash: Sha256;
    blobs: Blobs;
    heads: readonly ExternalHead[];
    live: () => Promise<boolean>;
    deletedBlobs?: DeletedBlobs;
    problems?: readonly Problem[];
  } & Progress,
): Promise<VerifyReport> {
  const { hash, live, deletedBlobs = new Map() } = options;
  const step = stepper(options);
  const references = new Map<string, Reference[]>();
  const notChecked: NotChecked[] = [];
  let state = withProblems(startVerify(options.run, options.heads), 0, options.problems ?? []);
  let lastAt = '';
  let torn: StoredLine | null = null;
  const look = (line: StoredLine): Promise<void> | null => {
    // Only the very last line may be one that is being written.
    if (torn !== null) state = verifyStored(state, torn, hash).state;
    torn = line.complete ? null : line;
    if (torn !== null) return null;
    const checked = verifyStored(state, line, hash);
    state = checked.state;
    if (checked.event !== null && checked.event.at > lastAt) lastAt = checked.event.at;
    for (const reference of checked.refers) note(references, reference);
    return step.after(line.bytes.length, null);
  };
  for await (const batch of batchesOf(lines)) {
    for (const line of batch) {
      const turn = look(line);
      // Not awaited where there is nothing to wait for: that would cost more than many a check.
      if (turn !== null) await turn;
    }
  }
  if (torn !== null && (await live())) notChecked.push({ kind: 'live', detail: 'the last line is being written' });
  else if (torn !== null) state = withProblems(state, state.head.events, [incomplete(torn)]);
  if (state.head.events === 0) {
    state = withProblems(state, 0, [{ kind: 'empty', expected: 'at least one event', found: 'none' }]);
  }
  // Retention takes no blob that a run which is there refers to: a deletion before the run's end excuses nothing.
  const deleted = new Map([...deletedBlobs].filter(([, { deletedAt }]) => deletedAt >= lastAt));
  const outside = await verifyBlobs(state, references, { blobs: options.blobs, deletedBlobs: deleted }, step);
  return concludeVerify(outside.state, { blobs: references.size, notChecked: [...notChecked, ...outside.notChecked] });
}

function note(references: Map<string, Reference[]>, reference: Reference): void {
  const known = references.get(reference.sha256);
  if (known === undefined) references.set(reference.sha256, [reference]);
  else if (!known.some(({ bytes }) => bytes === reference.bytes)) known.push(reference);
}

/** Every blob once, at the first event that names it; a second time where an event says another length of it. */
async function verifyBlobs(
  start: VerifyState,
  references: ReadonlyMap<string, readonly Reference[]>,
  { blobs, deletedBlobs }: { blobs: Blobs; deletedBlobs: DeletedBlobs },
  step: Stepper,
): Promise<{ state: VerifyState; notChecked: NotChecked[] }> {
  let state = start;
  const deleted: Reference[] = [];
  const total = start.head.events + references.size;
  for (const [sha256, named] of references) {
    const found = await lookUp(blobs, sha256);
    for (const reference of named) {
      if (found.state === 'missing' && deletedBlobs.has(sha256)) deleted.push(reference);
      else state = withProblems(state, reference.seq, blobProblems(reference, found));
    }
    const paused = step.after(found.state === 'there' ? found.bytes : 0, total);
    if (paused !== null) await paused;
  }
  const [first] = deleted;
  if (first === undefined) return { state, notChecked: [] };
  const by = deletedBlobs.get(first.sha256);
  const which = `the first of them ${first.sha256} of event ${first.seq}, with run ${by?.runId} at ${by?.deletedAt}`;
  const detail = `${deleted.length} blobs were deleted by retention, ${which}`;
  return { state, notChecked: [{ kind: 'blob_by_retention', detail }] };
}

type LookedUp =
  | { readonly state: 'there'; readonly bytes: number }
  | { readonly state: 'missing' | 'changed'; readonly problem: string };

async function lookUp(blobs: Blobs, sha256: string): Promise<LookedUp> {
  try {
    return { state: 'there', bytes: (await blobs.get(sha256)).length };
  } catch (error) {
    if (!isOpenExecError(error, 'blob_missing')) throw error;
    return { state: error instanceof BlobChanged ? 'changed' : 'missing', problem: oneLine(messageOf(error)) };
  }
}

function blobProblems({ sha256, bytes }: Reference, found: LookedUp): Problem[] {
  const expected = `blob ${sha256} of ${bytes} bytes`;
  switch (found.state) {
    case 'missing':
      return [{ kind: 'blob_missing', expected, found: found.problem }];
    case 'changed':
      return [{ kind: 'blob_changed', expected, found: found.problem }];
    case 'there':
      return found.bytes === bytes ? [] : [{ kind: 'blob_changed', expected, found: `${found.bytes} bytes` }];
  }
}

type Stepper = {
  /** To be called after each line or blob; something to wait for when the event loop should have a turn. */
  after(bytes: number, total: number | null): Promise<void> | null;
};

/** Bytes of work between two looks at the clock. */
const SLICE = 32 * 1024;

function stepper({ signal, onProgress }: Progress): Stepper {
  const breathe = breather();
  let done = 0;
  let worked = 0;
  const pause = async (total: number | null): Promise<void> => {
    await breathe();
    if (signal?.aborted === true) throw new OpenExecError('cancelled', 'the verification was cancelled');
    onProgress?.(done, total);
  };
  return {
    after(bytes, total) {
      done += 1;
      worked += bytes;
      if (worked < SLICE && done !== total) return null;
      worked = 0;
      return pause(total);
    },
  };
}
