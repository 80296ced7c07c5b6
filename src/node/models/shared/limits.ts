/** How long a request may take, in milliseconds. Local models are slow to their first token; people can set all of these. */
export type Limits = {
  /** Until there is a connection, encryption included. */
  readonly connectMs: number;
  /** From sending the request to the first token. */
  readonly firstTokenMs: number;
  /** Between two chunks after that. */
  readonly stallMs: number;
  /** For the whole request; null when only the others count. */
  readonly wholeMs: number | null;
};

/** What holds where nobody has set anything else. */
export const DEFAULT_LIMITS: Limits = { connectMs: 10_000, firstTokenMs: 120_000, stallMs: 60_000, wholeMs: null };
