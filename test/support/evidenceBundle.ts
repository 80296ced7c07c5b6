/** Small runs in bundles, made and unmade in memory, for tests of what reads them. */

import { lineOf } from '../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { manifestOf } from '../../src/core/evidence/check';
import { blobEntry, JOURNAL, MANIFEST, SIGNATURE } from '../../src/core/evidence/format';
import { canonicalize } from '../../src/core/kernel/json';
import { derive, measure, referredBlobs } from '../../src/node/evidence/bundle';
import { pack } from '../../src/node/evidence/container';
import { signManifest } from '../../src/node/evidence/signingKey';
import { sha256 } from '../../src/node/system/sha256';
import { chain, fileChanged, finished, nodeStarted, origin } from './eventChain';

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const RUN = 'small-run';

/** A run of a few events with two blobs. */
export const smallRun: readonly EventBody[] = [
  origin(),
  nodeStarted('implement'),
  fileChanged('a.txt', 'one', 'two'),
  finished,
];
export const smallBlobs = ['one', 'two'];

/** The entries of the bundle of these events; `change` may put in others before the manifest is made. */
export async function entriesOf(
  bodies: readonly EventBody[] | readonly RunEvent[],
  texts: readonly string[],
  { key, change = () => undefined }: { key?: string; change?: (entries: Map<string, Uint8Array>) => void } = {},
): Promise<Map<string, Uint8Array>> {
  const events = chain(RUN, bodies as readonly EventBody[]);
  const journal = encode(events.map(lineOf).join(''));
  const entries = new Map([[JOURNAL, journal]]);
  for (const text of texts) entries.set(blobEntry(sha256(text)), encode(text));
  const { files, versions } = await derive(journal, entries, {});
  for (const [name, text] of Object.entries(files)) entries.set(name, encode(text));
  change(entries);
  await seal(entries, events, versions, key);
  return entries;
}

async function seal(
  entries: Map<string, Uint8Array>,
  events: readonly RunEvent[],
  versions: Parameters<typeof manifestOf>[1],
  key: string | undefined,
): Promise<void> {
  const journal = entries.get(JOURNAL) ?? new Uint8Array();
  const blobs = (await referredBlobs(journal, {})).size;
  const recorded = { runId: RUN, events: events.length, blobs, head: events.at(-1)?.hash ?? '' };
  entries.set(MANIFEST, encode(canonicalize(manifestOf(recorded, versions, await measure(entries, {})))));
  if (key === undefined) return;
  entries.set(SIGNATURE, encode(canonicalize(signManifest(entries.get(MANIFEST) ?? new Uint8Array(), key))));
}

/** The bundle of the small run. */
export const smallBundle = async (key?: string): Promise<Uint8Array> =>
  await pack(await entriesOf(smallRun, smallBlobs, key === undefined ? {} : { key }));
