import type { BlobRef } from '../events/payload';
import type { RunEvent } from '../events/schema';

/** Where a run's events go. One writer a run. */
export interface EventLog {
  /**
   * Resolves when the event is durable (on disk and flushed); rejects with `disk_failure` when it cannot be, and then
   * nothing may be done that the event would have announced; with `event_invalid` for what is no event, and then nothing
   * was written.
   */
  append(event: RunEvent): Promise<void>;
}

/** Content-addressed bytes. */
export interface Blobs {
  /** Stores the bytes durably and answers their address; storing the same bytes twice costs nothing. */
  put(bytes: Uint8Array, media: string): Promise<BlobRef>;
  /** The bytes, checked against their address; `blob_missing` when they are not there, as BlobChanged if not the same. */
  get(sha256: string): Promise<Uint8Array>;
}
