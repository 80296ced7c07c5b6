/**
 * Verification of a run, streaming and pure: it is fed the exact stored lines one by one, and every line is checked in
 * full. It checks what can be seen in the lines; what lies beside them (blobs, files' contents) is named for the adapter
 * to check.
 *
 * What a chain cannot show is that its end was cut off or rewritten: only a head that was kept elsewhere shows that.
 */

import { messageOf } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import { canonicalize } from '../kernel/json';
import { EMPTY_HEAD, type Head, headAfter } from './chain';
import type { FileVersion } from './parts';
import { blobRefsIn, type Payload } from './payload';
import { type EventType, eventSchema, type RunEvent } from './schema';

export type BadEvent = { readonly seq: number; readonly problem: string };

export type VerifyReport = {
  readonly ok: boolean;
  /** How many events are sound, counted from the first. */
  readonly events: number;
  /** How many different blobs these refer to. */
  readonly blobs: number;
  /** Hash of the last sound event. */
  readonly head: string;
  readonly firstBad: BadEvent | null;
  /** What could not be checked, said as plainly as what was. */
  readonly notChecked: readonly string[];
};

/** Bytes outside the journal that an event refers to. */
export type Reference = { readonly seq: number; readonly sha256: string; readonly bytes: number };

export type VerifyState = {
  readonly run: string;
  /** A head that was kept outside the run's folder, and at which seq it was met. */
  readonly external: { readonly hash: string; readonly metAt: number | null } | null;
  readonly head: Head;
  readonly ended: boolean;
  readonly firstBad: BadEvent | null;
};

export type VerifiedLine = {
  readonly state: VerifyState;
  /** The event, null when the line is bad or comes after a bad one. */
  readonly event: RunEvent | null;
  readonly refers: readonly Reference[];
};

/** Where verification of a run begins; `head` is a hash that was kept elsewhere, if there is one. */
export function startVerify(run: string, head?: string): VerifyState {
  const external = head === undefined ? null : { hash: head, metAt: null };
  return { run, external, head: EMPTY_HEAD, ended: false, firstBad: null };
}

/**
 * Checks the next line, with its line feed: JSON, canonical text, schema, place, run, chain, order. After the first bad
 * line nothing is looked at any more, for what follows hangs in the air.
 */
export function verifyLine(state: VerifyState, line: string, hash: Sha256): VerifiedLine {
  if (state.firstBad !== null) return { state, event: null, refers: [] };
  const checked = check(state, line, hash);
  if (typeof checked === 'string') return { state: refuseLine(state, checked), event: null, refers: [] };
  const { seq } = checked;
  const met = state.external?.hash === checked.hash;
  return {
    state: {
      ...state,
      external: met ? { hash: checked.hash, metAt: seq } : state.external,
      head: headAfter(checked),
      ended: state.ended || ENDINGS.has(checked.type),
    },
    event: checked,
    refers: [
      ...blobRefsIn(checked.data).map(({ blob, bytes }) => ({ seq, sha256: blob, bytes })),
      ...fileVersionsIn(checked).map(({ sha256, bytes }) => ({ seq, sha256, bytes })),
    ],
  };
}

/** Marks the next line as bad for a reason that the adapter found, for instance that it is not UTF-8. */
export function refuseLine(state: VerifyState, problem: string): VerifyState {
  return { ...state, firstBad: state.firstBad ?? { seq: state.head.events, problem } };
}

/** The verdict, from the lines and from what the adapter found out about the bytes that they refer to. */
export function concludeVerify(
  state: VerifyState,
  outside: { readonly blobs: number; readonly firstBad: BadEvent | null },
): VerifyReport {
  const bad = [state.firstBad, outside.firstBad, badHead(state)].filter((found) => found !== null);
  const firstBad = bad.reduce<BadEvent | null>((a, b) => (a !== null && a.seq <= b.seq ? a : b), null);
  return {
    ok: firstBad === null,
    events: state.head.events,
    blobs: outside.blobs,
    head: state.head.hash,
    firstBad,
    notChecked: notChecked(state),
  };
}

const ENDINGS: ReadonlySet<EventType> = new Set<EventType>(['run.finished', 'run.cancelled', 'run.interrupted']);
const AFTER_END: ReadonlySet<EventType> = new Set<EventType>(['result.requested', 'result.finished']);

/** The event that the line holds, or what is wrong with it. */
function check(state: VerifyState, line: string, hash: Sha256): RunEvent | string {
  if (!line.endsWith('\n')) return 'the last line is incomplete: a write was interrupted, or its end was cut off';
  let value: unknown;
  try {
    value = JSON.parse(line);
    if (`${canonicalize(value)}\n` !== line) return 'the line is not the canonical text of its event';
  } catch (error) {
    return `the line is not canonical JSON: ${messageOf(error)}`;
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `not an event of a known form: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd();
  }
  return (
    checkPlace(state, parsed.data) ??
    checkHash(value, parsed.data, hash) ??
    checkOrder(state, parsed.data) ??
    checkFrozen(parsed.data, hash) ??
    parsed.data
  );
}

function checkPlace(state: VerifyState, event: RunEvent): string | null {
  if (event.run !== state.run) return `the event belongs to run ${event.run}`;
  if (event.seq !== state.head.events) return `seq is ${event.seq} where ${state.head.events} is due`;
  if (event.prev !== state.head.hash) return 'prev is not the hash of the event before';
  return null;
}

function checkHash(value: unknown, event: RunEvent, hash: Sha256): string | null {
  // Over the value as it was read, not as the schema returned it: nothing may hide from the hash.
  const { hash: claimed, ...open } = value as { hash: string };
  return claimed === event.hash && hash(canonicalize(open)) === claimed ? null : 'hash is not the hash of the content';
}

function checkOrder(state: VerifyState, event: RunEvent): string | null {
  if ((event.type === 'run.started') !== (event.seq === 0)) return `${event.type} cannot stand at ${event.seq}`;
  if (state.ended && !AFTER_END.has(event.type)) return `${event.type} comes after the end of the run`;
  if (event.cause !== undefined && event.cause >= event.seq) return `cause ${event.cause} is not an earlier event`;
  return null;
}

/** What a run started with carries the hashes of policy and blueprint; they must be the hashes of what stands beside them. */
function checkFrozen(event: RunEvent, hash: Sha256): string | null {
  if (event.type !== 'run.started') return null;
  const { policy, blueprint } = event.data;
  const addressOf = (payload: Payload): string => (typeof payload === 'string' ? hash(payload) : payload.blob);
  if (addressOf(policy.content) !== policy.snapshot) return 'the policy is not the one whose hash the run names';
  if (addressOf(blueprint.definition) !== blueprint.hash)
    return 'the blueprint is not the one whose hash the run names';
  return null;
}

function fileVersionsIn(event: RunEvent): FileVersion[] {
  if (event.type !== 'file.changed') return [];
  return [event.data.before, event.data.after].filter((version) => version !== null).filter(({ kept }) => kept);
}

function badHead(state: VerifyState): BadEvent | null {
  if (state.external === null || state.external.metAt !== null || state.firstBad !== null) return null;
  const problem = `the head ${state.external.hash} that was kept elsewhere is not in this chain: its end was cut or rewritten`;
  return { seq: state.head.events, problem };
}

function notChecked(state: VerifyState): string[] {
  if (state.firstBad !== null) return [`nothing after event ${state.firstBad.seq} was checked`];
  if (state.external === null) return ['no external head was given: a cut or rewritten tail cannot be seen'];
  const { metAt } = state.external;
  if (metAt === null || metAt === state.head.events - 1) return [];
  return [`events after ${metAt} came after the head that was given: a cut or rewritten tail cannot be seen`];
}
