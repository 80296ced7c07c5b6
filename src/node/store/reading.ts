/** Reading journals: as events, and in recovery. Nothing here repairs anything but an incomplete last line and space. */
import { open } from 'node:fs/promises';
import { EMPTY_HEAD, type Head } from '../../core/events/chain';
import { parseEvent } from '../../core/events/parseEvent';
import type { RunEvent } from '../../core/events/schema';
import type { ReadEvent } from '../../core/events/storedLine';
import { problemOf, startVerify } from '../../core/events/verify';
import type { Phase } from '../../core/events/verifyLink';
import { OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import { breather } from '../system/breathe';
import { diskFailure } from '../system/durable';
import { type JournalEnd, MAX_LINE_BYTES, type StoredLine, storedBatches, storedLines } from './journal';
import { segmentFile } from './layout';
import type { ReadFrom } from './offsets';
import { segmentsOf } from './segments';
import { verifyStored } from './verifying';

/** An event as it was read, and the length of the journal up to the end of its line. */
type PlacedEvent = ReadEvent & { readonly end: number };

/**
 * The complete lines of a journal as events in stored form, schema-checked and without holes; an incomplete last line is
 * one that is being written and is left out. Lines before `range.from` are passed over unread. Throws `journal_corrupt`.
 */
export async function* readEvents(
  root: string,
  run: string,
  range: { from?: number; to?: number } = {},
  start: ReadFrom = { offset: 0, seq: 0 },
): AsyncGenerator<PlacedEvent> {
  for await (const batch of readEventBatches(root, run, range, start)) yield* batch;
}

/** The same events, as many at once as are read at once: waiting for each by itself takes longer than reading it. */
export async function* readEventBatches(
  root: string,
  run: string,
  { from = 0, to = Number.POSITIVE_INFINITY }: { from?: number; to?: number } = {},
  start: ReadFrom = { offset: 0, seq: 0 },
): AsyncGenerator<readonly PlacedEvent[]> {
  let seq = start.seq;
  let torn = false;
  for await (const lines of storedBatches(root, run, start.offset)) {
    const batch: PlacedEvent[] = [];
    try {
      for (const line of lines) {
        if (seq > to) break;
        if (torn) throw corrupt(root, run, seq, 'the line is incomplete though others follow');
        torn = !line.complete;
        if (torn) continue;
        if (seq >= from) batch.push(parseLine(root, run, seq, line));
        seq += 1;
      }
    } catch (error) {
      // What stands before the damage is given all the same.
      if (batch.length > 0) yield batch;
      throw error;
    }
    if (batch.length > 0) yield batch;
    if (seq > to) return;
  }
}

function parseLine(root: string, run: string, seq: number, line: StoredLine): PlacedEvent {
  if (line.bytes.length > MAX_LINE_BYTES) throw corrupt(root, run, seq, 'the line is too long');
  // Without its line feed.
  const text = line.bytes.toString('utf8', 0, line.bytes.length - 1);
  let value: unknown;
  let parsed: ReturnType<typeof parseEvent>;
  try {
    // Both give up on JSON that is nested too deeply.
    value = JSON.parse(text);
    parsed = parseEvent(value);
  } catch (cause) {
    throw corrupt(root, run, seq, 'not JSON', cause);
  }
  if (!parsed.success) throw corrupt(root, run, seq, 'not an event of a known form', parsed.error);
  if (parsed.data.run !== run) throw corrupt(root, run, seq, `an event of run ${parsed.data.run}`);
  if (parsed.data.seq !== seq) throw corrupt(root, run, seq, `seq is ${parsed.data.seq} where ${seq} is due`);
  return { event: parsed.data, text: parsed.data === value ? text : null, end: line.end };
}

/** Lines are counted through all segments, so that the line's number says the event's place in the run. */
function corrupt(root: string, run: string, seq: number, problem: string, cause?: unknown): OpenExecError {
  const where = `${segmentFile(root, run, 1)} line ${seq + 1}`;
  return new OpenExecError('journal_corrupt', `${where}: ${problem}; the journal is left as it is`, { cause });
}

type Recovered = { readonly head: Head; readonly phase: Phase; readonly end: JournalEnd };

/**
 * Makes a journal ready to be continued: checks every line in full, and cuts off an incomplete last line, which was never
 * acknowledged, and the space that the writer had made. Throws `journal_corrupt` for anything else that is wrong, and changes nothing then.
 */
export async function recoverJournal(
  root: string,
  run: string,
  hash: Sha256,
  onEvent: (event: RunEvent, end: number) => void,
): Promise<Recovered> {
  const segments = await segmentsOf(root, run);
  let state = startVerify(run);
  let total = 0;
  let inLast = 0;
  let torn = false;
  const last = segments.at(-1) ?? { number: 1, file: segmentFile(root, run, 1), size: 0, space: 0 };
  const before = segments.slice(0, -1).reduce((length, { size }) => length + size, 0);
  const rest = breather();
  for await (const line of storedLines(root, run)) {
    if (torn) throw corrupt(root, run, state.head.events, 'the line is incomplete though others follow');
    torn = !line.complete;
    if (torn) continue;
    const { state: next, event } = verifyStored(state, line, hash);
    const [problem] = next.findings;
    if (problem !== undefined) throw corrupt(root, run, problem.seq, problemOf(problem));
    state = next;
    total = line.end;
    if (total > before) inLast += 1;
    if (event !== null) onEvent(event, total);
    await rest();
  }
  if (total < before) throw corrupt(root, run, state.head.events, 'the line is incomplete though others follow');
  const end = { segment: last.number, bytes: total - before, events: inLast, total };
  if (torn || last.space > 0) await cutAt(last.file, end.bytes);
  return { head: state.head.events === 0 ? EMPTY_HEAD : state.head, phase: state.phase, end };
}

async function cutAt(file: string, length: number): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      await handle.truncate(length);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskFailure('the end of the journal', file, error);
  }
}
