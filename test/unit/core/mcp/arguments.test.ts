import { describe, expect, it } from 'vitest';
import { misfit } from '../../../../src/core/mcp/arguments';

const told = (schema: unknown, input: Record<string, unknown>) => misfit(JSON.stringify(schema), input);
const OBJECT = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    mode: { enum: ['a', 'b', { c: 1 }] },
    list: { type: 'array', items: { type: 'integer' } },
    maybe: { type: ['string', 'null'] },
    inner: { type: 'object', required: ['x'], additionalProperties: false, properties: { x: {} } },
  },
  required: ['text'],
  additionalProperties: false,
};

describe('the arguments of a call', () => {
  it.each([
    [{ text: 'a', mode: 'b', list: [1, 2], maybe: null, inner: { x: 1 } }, null],
    [{ text: 'a', mode: { c: 1 } }, null],
    [{}, "the arguments must have required property 'text'"],
    [{ text: 1 }, '/text must be string'],
    [{ text: 'a', mode: 'c' }, '/mode must be one of the values that the tool names'],
    [{ text: 'a', list: [1, 1.5] }, '/list/1 must be integer'],
    [{ text: 'a', maybe: 1 }, '/maybe must be string or null'],
    [{ text: 'a', more: 1 }, '/more must not be there'],
    [{ text: 'a', constructor: 1 }, '/constructor must not be there'],
    [{ text: 'a', inner: {} }, "/inner must have required property 'x'"],
  ])('%j: %s', (input, told_) => {
    expect(told(OBJECT, input)).toBe(told_);
  });

  it('are not checked asynchronously, whatever a schema says', () => {
    expect(told({ ...OBJECT, $async: true }, {})).toBe("the arguments must have required property 'text'");
  });

  it('are never matched with a pattern of a server, nor with what it refers to', () => {
    const bomb = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => {
        const next = { $ref: `#/$defs/d${at + 1}` };
        return [`d${at}`, { allOf: [next, next] }];
      }),
    );
    const schema = { type: 'object', $defs: bomb, $ref: '#/$defs/d0', properties: { a: { pattern: '^(a+)+$' } } };
    expect(told(schema, { a: `${'a'.repeat(5000)}!` })).toBeNull();
  });

  it('are refused where checking them would take too long, or the schema is none', () => {
    const items = { enum: Array.from({ length: 5000 }, (_, at) => at) };
    const list = Array.from({ length: 5000 }, () => 4999);
    expect(told({ properties: { list: { items } } }, { list })).toBe('they are too much to be checked');
    for (const schema of ['x', { type: 'strange' }, { properties: [] }, { required: 'a' }, { enum: 1 }]) {
      expect(told(schema, { a: 1 })).toBe("the tool's own input schema cannot be used");
    }
    expect(misfit('{', {})).toBe("the tool's own input schema cannot be used");
  });
});
