import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Chunks,
  createGate,
  isSensitive,
  numberingIn,
  placeholdersIn,
  plainGate,
} from '../../../../src/core/gatekeeper/gate';
import { redactBefore4 } from '../../../../src/core/gatekeeper/redactBefore4';
import { INNOCENTS } from '../../../redact/innocent';
import { POSITIVES } from '../../../redact/positive';

const TOKEN = `gh${'p'}_${'a1B2'.repeat(9)}`;
const OTHER = `gh${'p'}_${'c3D4'.repeat(9)}`;
const gate = (known: readonly string[] = [], names: readonly string[] = []) =>
  createGate({ known: known.map((value) => ({ kind: 'env-value', value })), names });

/** Texts of the corpus and scraps of them in any order. */
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom(...POSITIVES.map(({ text }) => text), ...INNOCENTS.map(({ text }) => text)),
      fc.constantFrom('password=', ': ', '"', ' ', '\n', '@', '«email»', '«password:2»', '-----BEGIN ', 'a', '7'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('the gate of a run', () => {
  it('gives the same value the same number, and another value the next', () => {
    const run = gate();
    expect(run.redact(`${TOKEN} ${OTHER} ${TOKEN}`).text).toBe('«github-token:1» «github-token:2» «github-token:1»');
    expect(run.redact(`again ${OTHER}`).text).toBe('again «github-token:2»');
    expect(run.reveal('«github-token:2»')).toBe(OTHER);
    expect(run.reveal('«github-token:3»')).toBeNull();
  });

  it('goes on numbering where the run that is resumed had stopped', () => {
    const numbering = numberingIn(['a «github-token:4» b', '«github-token:2» «email»']);
    expect(numbering).toEqual({ 'github-token': 4 });
    expect(createGate({ known: [], names: [], numbering }).redact(TOKEN).text).toBe('«github-token:5»');
  });

  it('does once what it does twice, whatever the text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const run = gate(['zebra-quilt-93x'], ['Maria Virtanen']);
        const once = run.redact(text).text;
        expect(run.redact(once)).toEqual({ text: once, counts: {} });
        // A replay, which knows no values, must find nothing more either.
        expect(plainGate(4).redact(once)).toEqual({ text: once, counts: {} });
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the number of lines where it is asked to', () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(gate().redactLines(text).text.split('\n')).toHaveLength(text.split('\n').length);
      }),
      { numRuns: 100 },
    );
  });

  it('masks listed names as whole words, in whatever case and over a line break', () => {
    const run = gate([], ['Maria Virtanen']);
    expect(run.redact('maria virtanen, Maria\nVirtanen and Mariannan').text).toBe('«name:1», «name:2» and Mariannan');
  });

  it('finds by engines before 4 what they found, and without numbers', () => {
    const text = `${TOKEN} maria.virtanen@example.com`;
    expect(plainGate(3).redact(text)).toEqual(redactBefore4(text));
    expect(plainGate(4).redact(text).text).toBe('«github-token» «email»');
  });

  it('takes secrets, cards and identity codes for sensitive, an address alone not', () => {
    expect([{ email: 1, phone: 2 }, { card: 1 }, { password: 1 }, { hetu: 1 }, {}].map(isSensitive)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(placeholdersIn('«email:1» «email» «jwt:3» «nothing:1»')).toEqual({ email: 2, jwt: 1 });
  });

  it('looks through the escapes of JSON, and leaves it JSON', () => {
    const text = JSON.stringify({ deep: [{ note: `a\n${TOKEN}` }], password: 'hunter2-xyz9' });
    const cleared: unknown = JSON.parse(gate().redactJson(text).text);
    expect(cleared).toEqual({ deep: [{ note: 'a\n«github-token:1»' }], password: '«password:1»' });
    const hidden = `{"pass\\u0077ord":"hunter2-xyz9"}`;
    expect(gate().redactJson(hidden).text).toBe('{"password":"«password:1»"}');
  });
});

describe('a text in pieces', () => {
  const whole = POSITIVES.map(({ text }) => text).join('\n\n');
  const long = `${whole}\n${'lorem ipsum dolor sit amet\n'.repeat(1500)}`.repeat(3);

  it('is redacted as the whole is, however it is split', () => {
    const expected = plainGate(4).redact(long).text;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: long.length }), { maxLength: 40 }), (cuts) => {
        const chunks = new Chunks();
        const at = [0, ...cuts.toSorted((a, b) => a - b), long.length];
        const parts = at.slice(1).flatMap((to, i) => chunks.add(long.slice(at[i], to)));
        const all = [...parts, chunks.end()];
        expect(all.map(({ text }) => text).join('')).toBe(expected);
        const findings = all.flatMap((part) => part.findings);
        expect(findings.every(({ start, end }, i) => start < end && start >= (findings[i - 1]?.end ?? 0))).toBe(true);
      }),
      { numRuns: 10 },
    );
    for (const { secrets } of POSITIVES) for (const secret of secrets) expect(expected).not.toContain(secret);
  });
});
