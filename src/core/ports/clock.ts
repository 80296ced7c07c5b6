/** Time and identity as effects: whatever is not a function of the events before it comes through here. */
export interface Clock {
  /** Now, UTC, as ISO 8601 with milliseconds (`2026-01-31T12:00:00.000Z`). */
  now(): string;
  /** Resolves after the given milliseconds, or as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Entropy {
  /** A new run id: sortable by time, unique, safe as a file name. */
  runId(): string;
  /** A seed from which every pseudo-random choice of a run is derived. */
  seed(): string;
}
