/** The one port to language models. An adapter's own types never cross it. */
import { z } from 'zod';
import { type message, type Price, stopReason, usage } from '../events/parts';

export const modelId = z.strictObject({
  provider: z.string(),
  name: z.string(),
  /** Where a request goes, for people: a host name, or `this machine (recorded)`. */
  destination: z.string(),
  /** True when nothing leaves this machine: a recording, or a server on the loopback address. */
  local: z.boolean(),
});
export type ModelId = z.infer<typeof modelId>;

export type ToolDefinition = {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the input. */
  readonly parameters: unknown;
};

export type ModelRequest = {
  readonly messages: readonly z.infer<typeof message>[];
  readonly tools: readonly ToolDefinition[];
  readonly maxOutputTokens: number;
  /** Hash over conversation and tools; the key of a recorded reply. */
  readonly signature: string;
};

export const modelReplySchema = z.strictObject({
  text: z.string(),
  toolCalls: z.array(z.strictObject({ id: z.string().min(1), name: z.string(), arguments: z.string() })),
  usage,
  costUsd: z.number().nonnegative().nullable(),
  stop: stopReason,
  /**
   * What the provider wants back with the next request of the same conversation, such as signed thinking: JSON of its own
   * making, which nobody else reads. Null or absent where there is none.
   */
  kept: z.string().nullable().optional(),
  ms: z.number().int().nonnegative(),
  firstTokenMs: z.number().int().nonnegative().nullable(),
});
export type ModelReply = { readonly kind: 'reply' } & z.infer<typeof modelReplySchema>;

/**
 * `quota`: the account allows no more, and waiting does not help; `rate_limited` and `overloaded`: waiting does.
 * `too_large`: the request is larger than the model takes. `timeout`: no connection in time; `stalled`: silence after it.
 */
export type ModelFailureCode =
  | 'cancelled'
  | 'cassette_miss'
  | 'connection'
  | 'consent'
  | 'key_missing'
  | 'malformed'
  | 'not_found'
  | 'overloaded'
  | 'quota'
  | 'rate_limited'
  | 'refused'
  | 'server'
  | 'stalled'
  | 'timeout'
  | 'tls'
  | 'too_large'
  | 'unauthorized';

export type ModelFailure = {
  readonly kind: 'failure';
  readonly code: ModelFailureCode;
  /** One line for a person: what happened, where, what to do. Never holds a key. */
  readonly message: string;
  /** True only when the same request may be sent again without harm. */
  readonly retryable: boolean;
  /** Milliseconds that the server asks to wait before the next try. */
  readonly retryAfterMs?: number;
  readonly ms: number;
};

/** A piece of a reply as it streams in; for display only, nothing is decided on it. */
export type ModelDelta = { readonly text: string };

/** What is known of a model before it is asked; null is "not known", which is never taken as nothing or as no limit met. */
export type ModelFacts = {
  /** Tokens of a request and its reply together. */
  readonly contextTokens: number | null;
  /** Tokens of the longest reply. */
  readonly outputTokens: number | null;
  readonly price: Price | null;
};

export const NOTHING_KNOWN: ModelFacts = { contextTokens: null, outputTokens: null, price: null };

export interface Model {
  readonly id: ModelId;
  readonly facts: ModelFacts;
  /** One request. Failures are values; the request is really aborted when the signal is. */
  invoke(
    request: ModelRequest,
    options: {
      signal: AbortSignal;
      onDelta: (delta: ModelDelta) => void;
      /** Milliseconds after which the request is given up, whatever has come by then. */
      limitMs?: number;
    },
  ): Promise<ModelReply | ModelFailure>;
}
