/** Reading journals: as events, in recovery, and in verification. Nothing here repairs anything but an incomplete last line. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { EMPTY_HEAD, type Head } from '../../core/events/chain';
import { eventSchema, type RunEvent } from '../../core/events/schema';
import {
  type BadEvent,
  concludeVerify,
  type Reference,
  refuseLine,
  startVerify,
  type VerifiedLine,
  type VerifyReport,
  type VerifyState,
  verifyLine,
} from '../../core/events/verify';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import { diskFailure } from '../system/durable';
import { journalLines, type StoredLine } from './journal';

/** An event and the length of the journal up to the end of its line. */
type PlacedEvent = { readonly event: RunEvent; readonly end: number };

/** Where a reader starts: byte `offset`, at which event `seq` begins. */
type ReadFrom = { readonly offset: number; readonly seq: number };

/**
 * The complete lines of a journal as events in stored form, schema-checked and without holes; an incomplete last line is
 * one that is being written and is left out. Lines before `range.from` are passed over unread. Throws `journal_corrupt`.
 */
export async function* readEvents(
  file: string,
  run: string,
  range: { from?: number; to?: number } = {},
  start: ReadFrom = { offset: 0, seq: 0 },
): AsyncGenerator<PlacedEvent> {
  let seq = start.seq;
  for await (const line of journalLines(file, start.offset)) {
    if (!line.complete || seq > (range.to ?? Number.POSITIVE_INFINITY)) return;
    if (seq >= (range.from ?? 0)) yield { event: parseLine(file, run, seq, line), end: line.end };
    seq += 1;
  }
}

function parseLine(file: string, run: string, seq: number, line: StoredLine): RunEvent {
  let value: unknown;
  try {
    value = JSON.parse(line.bytes.toString('utf8'));
  } catch (cause) {
    throw corrupt(file, seq, 'not JSON', cause);
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) throw corrupt(file, seq, 'not an event of a known form', parsed.error);
  if (parsed.data.run !== run) throw corrupt(file, seq, `an event of run ${parsed.data.run}`);
  if (parsed.data.seq !== seq) throw corrupt(file, seq, `seq is ${parsed.data.seq} where ${seq} is due`);
  return parsed.data;
}

const corrupt = (file: string, seq: number, problem: string, cause?: unknown): OpenExecError =>
  new OpenExecError('journal_corrupt', `${file} line ${seq + 1}: ${problem}; the journal is left as it is`, { cause });

type Recovered = { readonly head: Head; readonly bytes: number };

/**
 * Makes a journal ready to be continued: checks every line in full, and cuts off an incomplete last line, which was never
 * acknowledged. Throws `journal_corrupt` for anything else that is wrong, and changes nothing then.
 */
export async function recoverJournal(
  file: string,
  run: string,
  hash: Sha256,
  onEvent: (event: RunEvent) => void,
): Promise<Recovered> {
  let state = startVerify(run);
  let bytes = 0;
  let torn = false;
  for await (const line of journalLines(file)) {
    if (!line.complete) {
      torn = true;
      break;
    }
    const checked = checkStored(state, line, hash);
    state = checked.state;
    if (checked.event === null) throw corrupt(file, state.head.events, state.firstBad?.problem ?? 'unreadable');
    bytes = line.end;
    onEvent(checked.event);
  }
  if (torn) await cutAt(file, bytes);
  return { head: state.head.events === 0 ? EMPTY_HEAD : state.head, bytes };
}

function checkStored(state: VerifyState, line: StoredLine, hash: Sha256): VerifiedLine {
  // A decoder would replace wrong bytes silently, and two different files would look the same.
  if (!isUtf8(line.bytes)) return { state: refuseLine(state, 'the line is not UTF-8'), event: null, refers: [] };
  return verifyLine(state, line.bytes.toString('utf8'), hash);
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

/**
 * Verifies a run: every line, then every blob and every file version that the lines refer to. `live` says that its writer
 * is at work, so that an incomplete last line is no finding. Throws `run_unknown`.
 */
export async function verifyJournal(
  file: string,
  run: string,
  options: { hash: Sha256; blobs: Blobs; head?: string | undefined; live: boolean },
): Promise<VerifyReport> {
  let state = startVerify(run, options.head);
  const references = new Map<string, Reference>();
  for await (const line of journalLines(file)) {
    if (!line.complete && options.live) break;
    const checked = checkStored(state, line, options.hash);
    state = checked.state;
    if (state.firstBad !== null) break;
    for (const reference of checked.refers) {
      const key = `${reference.sha256} ${reference.bytes}`;
      if (!references.has(key)) references.set(key, reference);
    }
  }
  if (state.head.events === 0 && state.firstBad === null) state = refuseLine(state, 'the journal is empty');
  const blobs = new Set([...references.values()].map((reference) => reference.sha256)).size;
  return concludeVerify(state, { blobs, firstBad: await firstBadReference([...references.values()], options.blobs) });
}

/** References come in the order of their events, so that the first bad one found is the first there is. */
async function firstBadReference(references: readonly Reference[], blobs: Blobs): Promise<BadEvent | null> {
  for (const { seq, sha256, bytes } of references) {
    try {
      const found = (await blobs.get(sha256)).length;
      if (found !== bytes) return { seq, problem: `blob ${sha256} has ${found} bytes, the event says ${bytes}` };
    } catch (error) {
      return { seq, problem: messageOf(error) };
    }
  }
  return null;
}
