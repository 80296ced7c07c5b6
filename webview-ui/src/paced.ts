/**
 * What comes from the host, in its order and at a pace that leaves room to draw: the first of a while is handled with what
 * comes along with it, and what follows waits until that is on the screen. So a long run is painted before all of it is
 * there, and a greeting is not drawn without the first of its events.
 */

/** Milliseconds of handling after which the page draws what there is. */
const SLICE_MS = 24;
/** Milliseconds after which it goes on without a frame: a hidden page has none, and must not fall behind. */
const FRAMELESS_MS = 50;
/** How much may wait. More is handled as it comes: what waits takes several times the memory of what was understood. */
const CROWD = 24;

export type Paced = { readonly take: (raw: unknown) => void; readonly stop: () => void };

/** Turns of the page: each calls back later, once. */
export type Turns = {
  /** When what came together is there. */
  readonly soon: (then: () => void) => void;
  /** When what was handled is on the screen. */
  readonly drawn: (then: () => void) => void;
};

/** `handle` is called for each in the order of coming, `settle` after each lot of them, before they are drawn. */
export function paced(handle: (raw: unknown) => void, settle: () => void, turns: Turns = PAGE): Paced {
  const waiting: unknown[] = [];
  let stopped = false;
  /** True while a later turn is sure to look at what waits. */
  let due = false;
  const drain = (): void => {
    const until = performance.now() + SLICE_MS;
    while (waiting.length > 0 && (waiting.length >= CROWD || performance.now() < until)) handle(waiting.shift());
    settle();
  };
  const turn = (): void => {
    due = false;
    if (stopped || waiting.length === 0) return;
    drain();
    due = true;
    turns.drawn(turn);
  };
  return {
    take(raw) {
      waiting.push(raw);
      if (waiting.length >= CROWD) drain();
      if (due) return;
      due = true;
      turns.soon(turn);
    },
    stop() {
      stopped = true;
      waiting.length = 0;
    },
  };
}

/** Calls back once the next frame is drawn, or would have been. */
function afterNextFrame(then: () => void): void {
  let due = true;
  const once = (): void => {
    if (due) then();
    due = false;
  };
  const timer = setTimeout(once, FRAMELESS_MS);
  requestAnimationFrame(() => {
    clearTimeout(timer);
    // The frame's own work is still to come at this point.
    setTimeout(once);
  });
}

const PAGE: Turns = { soon: (then) => void setTimeout(then), drawn: afterNextFrame };
