/** Reading one stored line for verification: is it the canonical text of an event, and which hash does its content give? */
import { messageOf } from '../kernel/errors';
import { type Sha256, sha256Schema } from '../kernel/hash';
import { canonicalize, isCanonical } from '../kernel/json';
import { textWithoutHash } from './chain';
import { oneLine } from './findings';
import { parseEvent } from './parseEvent';
import type { Payload } from './payload';
import type { RunEvent } from './schema';
import type { Claims, Problem } from './verifyLink';

/** An event that was read, with the text that JSON.parse made this very value of; null where a schema made another of it. */
export type ReadEvent = { readonly event: RunEvent; readonly text: string | null };

export type StoredText = {
  /** The event, null when the text holds none of a known form. */
  readonly event: RunEvent | null;
  /** What the text says of itself; null when that cannot be read either. */
  readonly claims: Claims | null;
  readonly problems: readonly Problem[];
};

/** Reads the text of a line, without its line feed. Never throws for a bad one. */
export function readStored(text: string, hash: Sha256): StoredText {
  let value: unknown;
  let canonical: boolean;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { event: null, claims: null, problems: [notAnEvent('canonical JSON', messageOf(error))] };
  }
  try {
    canonical = isCanonical(text, value);
  } catch (error) {
    return { event: null, claims: null, problems: [notCanonical(messageOf(error))] };
  }
  const parsed = parseEvent(value);
  if (parsed.success && canonical)
    return { event: parsed.data, claims: claimsIn(text, parsed.data, hash), problems: [] };
  const problems = canonical
    ? []
    : [notCanonical(`other text from character ${differsAt(canonicalize(value), text)} on`)];
  const claims = claimsOf(value, hash);
  if (parsed.success) return { event: parsed.data, claims, problems };
  const issue = parsed.error.issues[0];
  const found = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  return { event: null, claims, problems: [...problems, notAnEvent('an event of a known form', found)] };
}

/** The hash is over the stored text itself: nothing may hide from it. */
const claimsIn = (text: string, { seq, hash: claimed }: RunEvent, hash: Sha256): Claims => ({
  seq,
  hash: claimed,
  contentHash: hash(textWithoutHash(text)),
});

const notAnEvent = (expected: string, found: string): Problem => ({
  kind: 'not_an_event',
  expected,
  found: oneLine(found),
});

const notCanonical = (found: string): Problem => ({
  kind: 'not_canonical',
  expected: 'the canonical text of the event',
  found: oneLine(found),
});

/** Over the value as it was read, not as a schema returned it: nothing may hide from the hash. */
function claimsOf(value: unknown, hash: Sha256): Claims | null {
  if (typeof value !== 'object' || value === null || !('hash' in value) || !('seq' in value)) return null;
  const { hash: claimed, ...open } = value;
  if (!sha256Schema.safeParse(claimed).success || !Number.isSafeInteger(open.seq)) return null;
  return { seq: Number(open.seq), hash: String(claimed), contentHash: hash(canonicalize(open)) };
}

function differsAt(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** Adds what is wrong with an event's content, wherever it stands. */
export function findContentProblems(event: RunEvent, contentHash: string, hash: Sha256, problems: Problem[]): void {
  if (event.hash !== contentHash) problems.push({ kind: 'hash', expected: contentHash, found: event.hash });
  if (event.type !== 'run.started') return;
  // What a run started with carries the hashes of policy and blueprint; they must be those of what stands beside them.
  const { policy, blueprint } = event.data;
  const addressOf = (payload: Payload): string => (typeof payload === 'string' ? hash(payload) : payload.blob);
  for (const [what, named, held] of [
    ['policy', policy.snapshot, addressOf(policy.content)],
    ['blueprint', blueprint.hash, addressOf(blueprint.definition)],
  ] as const) {
    if (named !== held)
      problems.push({ kind: 'frozen', expected: `the ${what} ${named}`, found: `the ${what} ${held}` });
  }
}
