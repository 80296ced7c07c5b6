/**
 * When a request is given up: the caller's signal, no first token in time, silence in the middle, or its time is up.
 */
import type { Limits } from './limits';

export type GivenUp = 'cancelled' | 'first_token' | 'stall' | 'whole';

export interface Deadline {
  /** Aborts the request; aborted once, for the reason in `reason`. */
  readonly signal: AbortSignal;
  readonly reason: GivenUp | null;
  /** A chunk came; `token` is true from the first one on that holds something of the model's. */
  progress(token: boolean): void;
  /** Ends the watch and lets go of the connection, whatever its state. */
  end(): void;
}

/** Watches one request from now on. The limit for the connection is the transport's to keep. */
export function watch(caller: AbortSignal, limits: Omit<Limits, 'connectMs'>): Deadline {
  const controller = new AbortController();
  let reason: GivenUp | null = null;
  let started = false;
  const giveUp = (why: GivenUp): void => {
    if (controller.signal.aborted) return;
    reason = why;
    controller.abort();
  };
  const onAbort = (): void => giveUp('cancelled');
  caller.addEventListener('abort', onAbort, { once: true });
  if (caller.aborted) onAbort();
  let timer = setTimeout(giveUp, limits.firstTokenMs, 'first_token');
  const whole = limits.wholeMs === null ? undefined : setTimeout(giveUp, limits.wholeMs, 'whole');
  return {
    signal: controller.signal,
    get reason() {
      return reason;
    },
    progress(token) {
      started ||= token;
      if (!started) return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, limits.stallMs, 'stall');
    },
    end() {
      clearTimeout(timer);
      clearTimeout(whole);
      caller.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}
