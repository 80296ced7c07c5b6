/** Freezing: what a run's decisions depend on, as canonical text and its hash. */

import { OpenExecError } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import { canonicalize } from '../kernel/json';
import { type Snapshot, snapshotSchema } from './schema';

export type FrozenSnapshot = { readonly content: string; readonly hash: string };

/** The canonical text (RFC 8785) of a snapshot and its SHA-256. */
export function freeze(snapshot: Snapshot, hash: Sha256): FrozenSnapshot {
  const content = canonicalize(snapshot);
  return { content, hash: hash(content) };
}

/** Reads a frozen snapshot back; `policy_invalid` when the text is not one. */
export function thaw(content: string): Snapshot {
  try {
    return snapshotSchema.parse(JSON.parse(content));
  } catch (cause) {
    throw new OpenExecError('policy_invalid', 'the policy snapshot of the run cannot be read', { cause });
  }
}
