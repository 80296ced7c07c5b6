/**
 * What comes from the host, in its order and at a pace that leaves room to draw: the first of a while is handled at once,
 * and what follows waits until that is on the screen. So a long run is painted before all of it is there.
 */

/** Milliseconds of handling after which the page draws what there is. */
const SLICE_MS = 12;
/** Milliseconds after which it goes on without a frame: a hidden page has none, and must not fall behind. */
const FRAMELESS_MS = 50;
/** How much may wait. More is handled as it comes: what waits takes several times the memory of what was understood. */
const CROWD = 24;

export type Paced = { readonly take: (raw: unknown) => void; readonly stop: () => void };

/** Calls back once what was handled is on the screen. */
export type AfterFrame = (then: () => void) => void;

/** `handle` is called for each in the order of coming, `settle` after each lot of them, before they are drawn. */
export function paced(handle: (raw: unknown) => void, settle: () => void, afterFrame: AfterFrame): Paced {
  const waiting: unknown[] = [];
  let stopped = false;
  let drawing = false;
  const drain = (): void => {
    const until = performance.now() + SLICE_MS;
    do handle(waiting.shift());
    while (waiting.length > 0 && (waiting.length >= CROWD || performance.now() < until) && !stopped);
    settle();
    if (!drawing) {
      drawing = true;
      afterFrame(resume);
    }
  };
  const resume = (): void => {
    drawing = false;
    if (waiting.length > 0 && !stopped) drain();
  };
  return {
    take(raw) {
      waiting.push(raw);
      if (!drawing || waiting.length >= CROWD) drain();
    },
    stop() {
      stopped = true;
      waiting.length = 0;
    },
  };
}

/** Calls back once the next frame is drawn, or would have been. */
export function afterNextFrame(then: () => void): void {
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
