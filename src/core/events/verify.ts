/**
 * Verification of a run, streaming and pure: it is fed the exact stored lines one by one, and every line is checked in
 * full, also after a finding. It checks what can be seen in the lines; what lies beside them (blobs, files' contents) is
 * named for the adapter to check.
 *
 * What a chain cannot show is that its end was cut off or rewritten: only a head that was kept elsewhere shows that.
 */
import { messageOf } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import { EMPTY_HEAD, type Head } from './chain';
import {
  type ExternalHead,
  type Finding,
  MOST_FINDINGS,
  type NotChecked,
  oneLine,
  type VerifyReport,
} from './findings';
import { blobRefsIn } from './payload';
import type { RunEvent } from './schema';
import { findContentProblems, readStored } from './storedLine';
import {
  type Claims,
  FIRST_LINK,
  FIRST_PHASE,
  findLinkProblems,
  findOrderProblems,
  type Link,
  linkAfter,
  linkAfterUnreadable,
  type Phase,
  type Problem,
  phaseAfter,
  phaseAfterUnreadable,
} from './verifyLink';

export type { ExternalHead, Finding, NotChecked, VerifyReport } from './findings';
export { problemOf, unsigned } from './findings';

/** Bytes outside the journal that an event refers to; `seq` is the place of the event's line. */
export type Reference = { readonly seq: number; readonly sha256: string; readonly bytes: number };

/** `there` is the hash of the event that stands where the head's should, null as long as none was met. */
type HeadSearch = { readonly head: ExternalHead; readonly metAt: number | null; readonly there: string | null };

export type VerifyState = {
  readonly run: string;
  /** How many lines were looked at, and what the last readable one claims as its hash. */
  readonly head: Head;
  readonly findings: readonly Finding[];
  /** How many findings there were beyond those that are kept. */
  readonly more: number;
  readonly link: Link;
  readonly phase: Phase;
  readonly heads: readonly HeadSearch[];
};

export type VerifiedLine = {
  readonly state: VerifyState;
  /** Null when the line holds none. */
  readonly event: RunEvent | null;
  readonly refers: readonly Reference[];
};

/** Where verification of a run begins. */
export function startVerify(run: string, heads: readonly ExternalHead[] = []): VerifyState {
  // The head of a run that had no event yet is met before its first.
  const metAt = (head: ExternalHead) => (head.events === 0 && head.hash === EMPTY_HEAD.hash ? -1 : null);
  const searches = heads.map((head) => ({ head, metAt: metAt(head), there: null }));
  const [head, link, phase] = [EMPTY_HEAD, FIRST_LINK, FIRST_PHASE];
  return { run, head, findings: [], more: 0, link, phase, heads: searches };
}

/** Checks the next line, without its line feed: JSON, canonical text, schema, run, place, chain, hash, order. */
export function verifyLine(state: VerifyState, text: string, hash: Sha256): VerifiedLine {
  try {
    return checkedLine(state, text, hash);
  } catch (error) {
    // JSON that is nested deeply enough exhausts the stack, wherever somebody walks through it.
    const found = oneLine(messageOf(error));
    const problem: Problem = { kind: 'not_an_event', expected: 'an event of a known form', found };
    return { state: unreadable(state, [problem], null), event: null, refers: [] };
  }
}

function checkedLine(state: VerifyState, text: string, hash: Sha256): VerifiedLine {
  const { event, claims, problems } = readStored(text, hash);
  if (event === null || claims === null) {
    return { state: unreadable(state, problems, claims), event: null, refers: [] };
  }
  const place = state.head.events;
  const found = [...problems];
  findLinkProblems(state.link, state.run, event, found);
  findContentProblems(event, claims.contentHash, hash, found);
  findOrderProblems(state.phase, place, event, found);
  const seen: VerifyState = {
    ...state,
    head: { events: place + 1, hash: event.hash },
    link: linkAfter(state.link, claims),
    phase: phaseAfter(state.phase, event),
    heads: searched(state.heads, claims),
  };
  return { state: withProblems(seen, place, found), event, refers: referencesIn(event, place) };
}

/** Marks the next line as unreadable for a reason that the adapter found, for instance that it is not UTF-8. */
export const refuseLine = (state: VerifyState, problem: Problem): VerifyState => unreadable(state, [problem], null);

function unreadable(state: VerifyState, problems: readonly Problem[], claims: Claims | null): VerifyState {
  const place = state.head.events;
  const seen: VerifyState = {
    ...state,
    head: { events: place + 1, hash: claims?.hash ?? state.head.hash },
    link: claims === null ? linkAfterUnreadable(state.link) : linkAfter(state.link, claims),
    phase: phaseAfterUnreadable(state.phase),
    heads: claims === null ? state.heads : searched(state.heads, claims),
  };
  return withProblems(seen, place, problems);
}

/** Adds what is wrong at a place; what is too much to be listed is counted. */
export function withProblems(state: VerifyState, place: number, problems: readonly Problem[]): VerifyState {
  if (problems.length === 0) return state;
  const room = Math.max(0, MOST_FINDINGS - state.findings.length);
  const listed = problems.slice(0, room).map((problem) => ({ seq: place, ...problem }));
  return {
    ...state,
    findings: [...state.findings, ...listed],
    more: state.more + problems.length - listed.length,
  };
}

function searched(heads: readonly HeadSearch[], claims: Claims): readonly HeadSearch[] {
  if (heads.every((search) => search.metAt !== null)) return heads;
  return heads.map((search) => {
    if (search.metAt !== null) return search;
    const { hash, events } = search.head;
    const same = claims.hash === hash || claims.contentHash === hash;
    const there = events !== null && claims.seq === events - 1;
    if (same && (there || events === null)) return { ...search, metAt: claims.seq };
    return there ? { ...search, there: claims.hash } : search;
  });
}

function referencesIn(event: RunEvent, seq: number): Reference[] {
  const refers: Reference[] = blobRefsIn(event.data).map(({ blob, bytes }) => ({ seq, sha256: blob, bytes }));
  if (event.type !== 'file.changed') return refers;
  for (const version of [event.data.before, event.data.after]) {
    if (version?.kept === true) refers.push({ seq, sha256: version.sha256, bytes: version.bytes });
  }
  return refers;
}

/** The verdict, from the lines and from what the adapter found out about the bytes that they refer to. */
export function concludeVerify(
  state: VerifyState,
  outside: { readonly blobs: number; readonly notChecked: readonly NotChecked[] },
): VerifyReport {
  const events = state.head.events;
  const heads = state.heads.filter(({ metAt }) => metAt === null).map((search) => headFinding(search, events));
  // A head that is not met weighs more than the hundredth of other findings.
  const listed = [...state.findings.slice(0, Math.max(0, MOST_FINDINGS - heads.length)), ...heads];
  const findings = listed.slice(0, MOST_FINDINGS).sort((a, b) => a.seq - b.seq);
  const total = state.more + state.findings.length + heads.length;
  const more = total - findings.length;
  const notChecked: NotChecked[] = [...tailNotChecked(state), ...outside.notChecked];
  if (more > 0) notChecked.push({ kind: 'more_findings', detail: `${more} more findings are not listed` });
  return { sound: total === 0, events, blobs: outside.blobs, head: state.head.hash, findings, notChecked };
}

function headFinding({ head, there }: HeadSearch, events: number): Finding {
  const place = head.events === null ? events : Math.max(0, Math.min(head.events - 1, events));
  const where = head.events === null ? 'of an event' : `of event ${head.events - 1}`;
  const end = `an end after ${events} events`;
  return {
    seq: place,
    kind: 'head',
    expected: `the hash ${head.hash} ${where}, ${head.from}`,
    found: there === null ? end : `the hash ${there} there`,
  };
}

function tailNotChecked({ heads, head }: VerifyState): NotChecked[] {
  if (heads.length === 0) {
    const detail = 'no external head was given: a cut or rewritten tail cannot be seen';
    return [{ kind: 'external_head', detail }];
  }
  const met = heads.filter(({ metAt }) => metAt !== null);
  const newest = met.reduce((last, { metAt }) => Math.max(last, metAt ?? -1), -1);
  if (met.length === 0 || newest >= head.events - 1) return [];
  const detail = `events after ${newest} came after the newest head that was kept elsewhere: a cut or rewritten tail cannot be seen`;
  return [{ kind: 'tail', detail }];
}
