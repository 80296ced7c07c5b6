/** A JSON schema as the rows of a table. */
import { describe, expect, it } from 'vitest';
import { fieldRows } from '../../../.scripts/docs/fields';

const text = { type: 'string' };
const rowsOf = (member: object): string[][] => fieldRows({ properties: { a: member } });

describe('the fields of a schema', () => {
  it('say their type, whether they are needed or what they are without, and what they mean', () => {
    const rows = fieldRows({
      properties: {
        kind: { enum: ['one', 'two'] },
        tries: { type: 'integer', minimum: 1, maximum: 5, default: 2, description: 'How often.' },
      },
      required: ['kind'],
    });
    expect(rows).toEqual([
      ['`kind`', '`one`, `two`', 'required', ''],
      ['`tries`', 'whole number 1 to 5', '`2`', 'How often.'],
    ]);
  });

  it('are shown under their path, through lists and maps', () => {
    const inner = { properties: { b: text }, required: ['b'], type: 'object' };
    expect(rowsOf({ type: 'array', items: inner }).map(([path]) => path)).toEqual(['`a`', '`a[].b`']);
    expect(rowsOf({ type: 'object', additionalProperties: inner }).map(([path]) => path)).toEqual(['`a`', '`a.*.b`']);
  });

  it('that only some variants of an object have say which', () => {
    const variant = (kind: string, more: object): object => ({
      type: 'object',
      properties: { kind: { const: kind }, ...more },
      required: ['kind', ...Object.keys(more)],
    });
    expect(rowsOf({ oneOf: [variant('x', {}), variant('y', { b: text })] })).toEqual([
      ['`a`', 'object', '', ''],
      ['`a.kind`', '`x`, `y`', 'required', ''],
      ['`a.b`', 'text', 'required with `kind: y`', ''],
    ]);
  });

  it('link to a part that is told elsewhere, and leave its inside to it', () => {
    expect(rowsOf({ anyOf: [{ $ref: '#/$defs/planChanges' }, { type: 'null' }] })).toEqual([
      ['`a`', '[planChanges](#planchanges) or null', '', ''],
    ]);
  });
});
