import { describe, expect, it } from 'vitest';
import { readAhead } from '../../../../src/node/system/readAhead';
import { collect } from '../../../support/eventChain';

/** Counts, and tells how far it has come and that it was given back. */
function counting(to: number, failsAt = -1) {
  const told = { asked: 0, closed: false };
  async function* numbers() {
    try {
      for (let number = 1; number <= to; number += 1) {
        told.asked = number;
        if (number === failsAt) throw new Error('the disk is gone');
        yield number;
      }
    } finally {
      told.closed = true;
    }
  }
  return { told, numbers: numbers() };
}

describe('reading ahead', () => {
  it('gives every item once and in order, and asks for one more than is worked on', async () => {
    const { told, numbers } = counting(5);
    const seen: [number, number][] = [];
    for await (const number of readAhead(numbers)) seen.push([number, told.asked]);
    expect(seen).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 5],
    ]);
    expect(told.closed).toBe(true);
  });

  it('gives nothing of nothing', async () => {
    expect(await collect(readAhead(counting(0).numbers))).toEqual([]);
  });

  it('gives what came before a failure, then fails', async () => {
    const { told, numbers } = counting(5, 3);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const number of readAhead(numbers)) seen.push(number);
    })();
    await expect(reading).rejects.toThrow('the disk is gone');
    expect(seen).toEqual([1, 2]);
    expect(told.closed).toBe(true);
  });

  it('gives the source back when nobody wants more, even while the next item fails', async () => {
    const { told, numbers } = counting(5, 2);
    for await (const number of readAhead(numbers)) if (number === 1) break;
    expect(told.closed).toBe(true);
  });
});
