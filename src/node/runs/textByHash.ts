/** A content that a run's record names by its hash, as text. */
import { isOpenExecError } from '../../core/kernel/errors';
import type { RunStore } from '../store/store';
import { decode } from '../tools/text';

/** The text; undefined when the bytes are not in the run's store, have changed there, or are no text. */
export async function textByHash(
  store: Pick<RunStore, 'blobsOf'>,
  runId: string,
  sha256: string,
): Promise<string | undefined> {
  const blobs = await store.blobsOf(runId);
  try {
    const text = decode(await blobs.get(sha256));
    return text.ok ? text.value : undefined;
  } catch (error) {
    if (isOpenExecError(error)) return undefined;
    throw error;
  }
}
