import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../../../src/core/run/jsonFault';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON, or what is left of it when something was taken out of it and something else put in. */
const nearlyJson = fc
  .record({
    text: fc.json({ stringUnit: 'binary' }),
    at: fc.nat(),
    out: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom(
        '',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\\u',
        '\\x',
        '-',
        '0',
        '.',
        'e',
        'tru',
        '\n',
        '\ufeff',
        "'",
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
  })
  .map(({ text, at, out, put }) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + out);
  });

describe('the place where a text stops being JSON', () => {
  it('is there exactly where the runtime does not take the text for JSON, and lies in it', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyJson, fc.json(), fc.string()), (text) => {
        const fault = jsonFault(text);
        expect(fault === null).toBe(isJson(text));
        if (fault === null) return;
        const lines = text.split('\n');
        expect(fault.line).toBeLessThanOrEqual(lines.length);
        expect(fault.column).toBeLessThanOrEqual((lines[fault.line - 1]?.length ?? 0) + 1);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"path":', 1, 9, 'the text ends where a value is missing'],
    ['{"path": "a"', 1, 13, 'the text ends where a comma or a closing brace is missing'],
    ['{"path": "a', 1, 12, 'the text ends where the closing quote of a string is missing'],
    ["{'path': 'a'}", 1, 2, 'a name in quotes is missing'],
    ['{\n  "path" "a"\n}', 2, 10, 'a colon is missing'],
    ['{"path": "a"} {}', 1, 15, 'the end of the text is missing'],
    ['{"path": "C:\\dir"}', 1, 13, 'an escape that JSON knows is missing'],
    ['["a",]', 1, 6, 'a value is missing'],
    ['', 1, 1, 'the text ends where a value is missing'],
  ])('in %j is line %i, column %i: %s', (text, line, column, what) => {
    expect(jsonFault(text)).toEqual({ line, column, what });
  });

  it('is found however deep and long the text is', () => {
    expect(jsonFault('['.repeat(100_000))).toMatchObject({ column: 100_001 });
    expect(jsonFault(`"${'x\\n'.repeat(500_000)}`)).toMatchObject({ line: 1, column: 1_500_002 });
  });
});
