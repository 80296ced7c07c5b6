import { describe, expect, it } from 'vitest';
import { paced } from '../../../webview-ui/src/paced';

/** A screen that draws when it is told to, and what was handled before each time. */
function screen() {
  const handled: unknown[] = [];
  const lots: unknown[][] = [];
  let frames: (() => void)[] = [];
  const pace = paced(
    (raw) => handled.push(raw),
    () => lots.push(handled.splice(0)),
    (then) => frames.push(then),
  );
  const draw = (): void => {
    const due = frames;
    frames = [];
    for (const then of due) then();
  };
  return { pace, lots, draw };
}

describe('the pace of what comes from the host', () => {
  it('hands the first over at once, and what follows when that is drawn', () => {
    const { pace, lots, draw } = screen();
    for (const word of ['hello', 'events', 'graph']) pace.take(word);
    expect(lots).toEqual([['hello']]);
    draw();
    expect(lots).toEqual([['hello'], ['events', 'graph']]);
  });

  it('hands over at once again after a while of nothing', () => {
    const { pace, lots, draw } = screen();
    pace.take('one');
    draw();
    pace.take('two');
    expect(lots).toEqual([['one'], ['two']]);
  });

  it('keeps the order, whatever waits, and lets no crowd gather', () => {
    const { pace, lots, draw } = screen();
    const all = Array.from({ length: 100 }, (_, at) => at);
    for (const at of all) pace.take(at);
    expect(all.length - lots.flat().length).toBeLessThan(24);
    while (lots.flat().length < all.length) draw();
    expect(lots.flat()).toEqual(all);
  });

  it('hands over nothing once it was stopped', () => {
    const { pace, lots, draw } = screen();
    pace.take('one');
    pace.take('two');
    pace.stop();
    draw();
    expect(lots).toEqual([['one']]);
  });
});
