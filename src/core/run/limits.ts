/** Fixed limits of the engine. A change that alters how an old run replays needs a new engine flag. */

/** The engine's behaviour as recorded in `run.started`; raised when an old run would replay otherwise. */
export const ENGINE_FLAG = 4;

/** How often one failed model request is repeated. */
export const MODEL_RETRIES = 2;

/** Model requests that one turn can take at the most. */
export const REQUESTS_PER_TURN = 1 + MODEL_RETRIES;

/** Calls of one reply that are made; the model is told that the rest was not. */
export const CALLS_PER_REPLY = 32;

/** Characters of a tool's name or a call's id that are kept of what a model writes. */
export const NAME_LIMIT = 200;

/** Tokens above which a usage report is not believed. */
export const TOKENS_LIMIT = 1_000_000_000;

/** Milliseconds up to which a request waits because the server asks for it; who asks for more is not waited for. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** Milliseconds above which a server's wish is recorded as this much. */
export const WAIT_LIMIT_MS = 366 * 24 * 3_600_000;

/** Tokens that a reply may have at the most. */
export const REPLY_TOKENS = 8192;

/** Characters up to which the answer of a person is kept; of a longer one the first ANSWER_KEPT. */
export const ANSWER_LIMIT = 2500;
export const ANSWER_KEPT = 2000;

/** Below this many tokens left for the reply a conversation counts as outgrown. */
export const MIN_REPLY_TOKENS = 1024;

/** The part of its window that a conversation is shortened to once it has outgrown it: what comes next needs room as well. */
export const SHORTENED_TO = 0.6;

/** Characters of a model's own words that the reason of a node repeats. */
export const QUOTED = 300;

/** Milliseconds before the n-th retry (1, 2 …): doubling from one second, with up to half of it added by `jitter` in [0, 1). */
export function retryDelay(retry: number, jitter: number): number {
  const base = 1000 * 2 ** (retry - 1);
  return Math.round(base * (1 + jitter / 2));
}

/**
 * A number in [0, 1) that follows from a run's recorded seed and a place in it, so that a replay makes the same choice.
 * FNV-1a (32 bit) over the text.
 */
export function seeded(seed: string, place: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}:${place}`) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash / 2 ** 32;
}
