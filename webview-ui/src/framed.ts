/** Messages that come faster than they can be drawn are handed over together, in their order, at most once a frame. */
import type { HostMessage } from '../../src/protocol/messages';

/** Milliseconds between two handings-over: a hidden page has no frames, and must not fall behind. */
const FRAME_MS = 16;

export type Framed = { readonly take: (message: HostMessage) => void; readonly stop: () => void };

/** The first message of a while is handed over at once; headers that follow it wait for the others of their frame. */
export function framed(hand: (messages: readonly HostMessage[]) => void): Framed {
  let waiting: HostMessage[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting.length === 0) return;
    const messages = waiting;
    waiting = [];
    timer = setTimeout(flush, FRAME_MS);
    hand(messages);
  };
  return {
    take(message) {
      waiting.push(message);
      if (timer === undefined) flush();
      else if (message.type !== 'events') {
        clearTimeout(timer);
        flush();
      }
    },
    stop() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
