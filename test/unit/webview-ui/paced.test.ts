import { describe, expect, it } from 'vitest';
import { paced } from '../../../webview-ui/src/paced';

/** A screen that draws when it is told to, and what was handled before each time. */
function screen() {
  const handled: unknown[] = [];
  const lots: unknown[][] = [];
  let turns: (() => void)[] = [];
  const later = (then: () => void): void => void turns.push(then);
  const pace = paced(
    (raw) => handled.push(raw),
    () => lots.push(handled.splice(0)),
    { soon: later, drawn: later },
  );
  const turn = (): void => {
    const due = turns;
    turns = [];
    for (const then of due) then();
  };
  return { pace, lots, turn };
}

describe('the pace of what comes from the host', () => {
  it('hands over together what comes together, and what follows when that is drawn', () => {
    const { pace, lots, turn } = screen();
    for (const word of ['hello', 'events']) pace.take(word);
    expect(lots).toEqual([]);
    turn();
    for (const word of ['more', 'graph']) pace.take(word);
    expect(lots).toEqual([['hello', 'events']]);
    turn();
    expect(lots).toEqual([
      ['hello', 'events'],
      ['more', 'graph'],
    ]);
  });

  it('goes on after a while of nothing', () => {
    const { pace, lots, turn } = screen();
    pace.take('one');
    turn();
    turn();
    pace.take('two');
    turn();
    expect(lots).toEqual([['one'], ['two']]);
  });

  it('keeps the order, whatever waits, and lets no crowd gather', () => {
    const { pace, lots, turn } = screen();
    const all = Array.from({ length: 100 }, (_, at) => at);
    for (const at of all) pace.take(at);
    expect(all.length - lots.flat().length).toBeLessThan(24);
    turn();
    expect(lots.flat()).toEqual(all);
  });

  it('hands over nothing once it was stopped', () => {
    const { pace, lots, turn } = screen();
    pace.take('one');
    turn();
    pace.take('two');
    pace.stop();
    turn();
    expect(lots).toEqual([['one']]);
  });
});
