/**
 * A run as a trace: spans that any OpenTelemetry backend holds, named as the GenAI semantic conventions say (OpenTelemetry
 * semantic conventions 1.45, `gen_ai.*`, still experimental there). What they have no name for is under `openexec.`.
 */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export type SpanEvent = { readonly name: string; readonly atMs: number; readonly attributes: Attributes };

export type Span = {
  /** 16 hexadecimal digits, the same for the same event of the same run, so that what is exported twice is there once. */
  readonly id: string;
  /** Null for the run itself. */
  readonly parent: string | null;
  readonly name: string;
  /** `client`: a request that left for another system. */
  readonly kind: 'internal' | 'client';
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Why it failed, in one line; null when it did not. */
  readonly error: string | null;
  readonly events: readonly SpanEvent[];
};

export type Trace = {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** In the order in which they began; the first is the run. */
  readonly spans: readonly Span[];
};
