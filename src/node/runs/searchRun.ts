/** Searches a run's record for a text: in the events, and in the payloads that lie beside the journal. */
import { holds, lookFor } from '../../core/events/search';
import type { RunStore } from '../store/store';
import { textByHash } from './textByHash';

/** So many events are looked at before what was found in them is told. */
const STRETCH = 500;

export type SearchedStretch = {
  /** The events of the stretch that hold the text, in order. */
  readonly seqs: readonly number[];
  /** The first event that was not looked at yet. */
  readonly next: number;
};

/**
 * The events from `from` on whose recorded data holds a text, without regard to case, a stretch of the run at a time, in order. A payload that
 * several events share is read once; one that is gone or is no text holds nothing. Throws `run_unknown`, `store_damaged`.
 */
export async function* searchRun(
  store: Pick<RunStore, 'read' | 'blobsOf'>,
  runId: string,
  query: string,
  from = 0,
): AsyncGenerator<SearchedStretch> {
  const needle = query.toLowerCase();
  const known = new Map<string, boolean>();
  const holding = async (sha256: string): Promise<boolean> => {
    const before = known.get(sha256);
    if (before !== undefined) return before;
    const text = await textByHash(store, runId, sha256);
    const found = text !== undefined && holds(needle, text);
    known.set(sha256, found);
    return found;
  };
  let [seqs, next]: [number[], number] = [[], from];
  for await (const { seq, data } of store.read(runId, { from })) {
    let { held, payloads } = lookFor(needle, data);
    for (const { blob } of payloads) held ||= await holding(blob);
    if (held) seqs.push(seq);
    next = seq + 1;
    if ((next - from) % STRETCH > 0) continue;
    yield { seqs, next };
    seqs = [];
  }
  yield { seqs, next };
}
