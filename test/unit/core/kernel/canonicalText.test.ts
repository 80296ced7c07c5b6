import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { isSurelyCanonical } from '../../../../src/core/kernel/canonicalText';
import { canonicalize, canonicalizeExactly } from '../../../../src/core/kernel/json';
import { chain, finished, origin, toolFinished, toolRequested } from '../../../support/eventChain';

const ODD = `${String.raw`"\"\\/é😀`}\u2028\u0001\n\t`;
const bodies = [origin(), toolRequested('c-1', JSON.stringify({ path: 'a.ts', text: ODD })), toolFinished('c-1', ODD)];
const events = chain('r', [...bodies, finished]).map((event) => lineOf(event).trimEnd());

/** What the exact way says of a text; null when it is no JSON at all. */
function exactly(text: string): boolean | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  try {
    return canonicalizeExactly(value) === text;
  } catch {
    return false;
  }
}

/** The names of all members, however deep. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(namesIn)];
}

/** One character more, less, doubled, or another one. */
function changed(text: string, at: number, how: string): string {
  const place = at % (text.length + 1);
  const [before, here, after] = [text.slice(0, place), text.slice(place, place + 1), text.slice(place + 1)];
  if (how === 'cut') return before + after;
  if (how === 'double') return before + here + here + after;
  return how.startsWith('+') ? before + how.slice(1) + here + after : before + how + after;
}

describe('the quick look at JSON text', () => {
  it.each(events.map((text) => [text.slice(0, 40), text]))('is sure of the event %s…', (_what, text) => {
    expect(isSurelyCanonical(text)).toBe(true);
  });

  it('is sure of canonical text, if no name in it needs an escape', () => {
    const value = fc.jsonValue({ depthSize: 'medium' });
    fc.assert(
      fc.property(value, (json) => {
        const text = canonicalize(json);
        expect(isSurelyCanonical(text)).toBe(namesIn(json).every((name) => !JSON.stringify(name).includes('\\')));
      }),
      { numRuns: 500 },
    );
  });

  it('never takes for canonical what the exact way does not, whatever was changed in a text', () => {
    const how = fc.constantFrom(
      'cut',
      'double',
      ...[...'"\\,:{}[]-+.eE019aut/ \t\n\u0001\ud83d'],
      '+ ',
      '+\\',
      '+0',
      '+.0',
    );
    const some = fc.oneof(fc.constantFrom(...events), fc.jsonValue().map(canonicalize), fc.json());
    let sure = 0;
    let wrong = 0;
    fc.assert(
      fc.property(some, fc.array(fc.tuple(fc.nat(), how), { maxLength: 3 }), (start, changes) => {
        const text = changes.reduce((now, [at, what]) => changed(now, at, what), start);
        const truth = exactly(text);
        if (truth === null) return;
        if (isSurelyCanonical(text)) sure += 1;
        if (!truth) wrong += 1;
        expect(isSurelyCanonical(text) && !truth, text).toBe(false);
      }),
      { numRuns: 4_000 },
    );
    expect(sure).toBeGreaterThan(100);
    expect(wrong).toBeGreaterThan(100);
  });

  it('leaves what is nested deeper than any event to the exact way', () => {
    expect(isSurelyCanonical(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe(true);
    expect(isSurelyCanonical(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe(false);
  });
});
