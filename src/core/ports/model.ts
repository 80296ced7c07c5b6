/** The one port to language models. An adapter's own types never cross it. */
import { z } from 'zod';
import { type message, usage } from '../events/parts';

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
  stop: z.enum(['end', 'tools', 'length', 'filter']),
  ms: z.number().int().nonnegative(),
  firstTokenMs: z.number().int().nonnegative().nullable(),
});
export type ModelReply = { readonly kind: 'reply' } & z.infer<typeof modelReplySchema>;

export type ModelFailureCode =
  | 'cancelled'
  | 'cassette_miss'
  | 'connection'
  | 'key_missing'
  | 'malformed'
  | 'refused'
  | 'server'
  | 'stalled'
  | 'unauthorized';

export type ModelFailure = {
  readonly kind: 'failure';
  readonly code: ModelFailureCode;
  /** One line for a person: what happened, where, what to do. Never holds a key. */
  readonly message: string;
  /** True only when the same request may be sent again without harm. */
  readonly retryable: boolean;
  readonly ms: number;
};

/** A piece of a reply as it streams in; for display only, nothing is decided on it. */
export type ModelDelta = { readonly text: string };

export interface Model {
  readonly id: ModelId;
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
