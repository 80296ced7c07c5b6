import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownThrough } from '../../../../src/core/gatekeeper/deltas';
import { plainGate } from '../../../../src/core/gatekeeper/gate';
import { POSITIVES } from '../../../redact/positive';

describe('a reply that is shown while it comes in', () => {
  it('never shows a secret or the beginning of one, however it is split', () => {
    const text = POSITIVES.map((one) => `${one.text}\n`).join('\n');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 200 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        let shown = '';
        const show = shownThrough(plainGate(4), (delta) => {
          shown += delta.text;
        });
        at.slice(1).forEach((to, i) => {
          show({ text: text.slice(at[i], to) });
        });
        for (const { secrets } of POSITIVES)
          for (const secret of secrets) if (secret.length >= 12) expect(shown).not.toContain(secret.slice(0, 12));
      }),
      { numRuns: 5 },
    );
  });

  it('shows each line as soon as it is complete', () => {
    const shown: string[] = [];
    const show = shownThrough(plainGate(4), ({ text }) => shown.push(text));
    for (const text of ['one', ' two\nthr', 'ee\n']) show({ text });
    expect(shown).toEqual(['one two\n', 'three\n']);
  });
});
