/** Walking a JSON schema along a path. */
import { describe, expect, test } from 'vitest';
import { type JsonSchema, schemasAt } from '../../../../src/vscode/yaml/schemaWalk';

const NOTHING = (): undefined => undefined;
const titles = (schemas: readonly JsonSchema[]): (string | undefined)[] => schemas.map(({ title }) => title);

describe('the schemas at a path', () => {
  test('a reference is followed, and what stands beside it holds for its target', () => {
    const root = { properties: { a: { $ref: '#/$defs/x', description: 'beside' } }, $defs: { x: { title: 'x' } } };
    expect(schemasAt(root, ['a'], NOTHING)).toEqual([{ title: 'x', description: 'beside' }]);
  });

  test('a reference to itself ends', () => {
    const root: JsonSchema = { properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { $ref: '#/$defs/x' } } };
    expect(schemasAt(root, ['a'], NOTHING)).toEqual([]);
  });

  test('a choice is made by what the document has where the choices differ', () => {
    const choice = (type: string): JsonSchema => ({ title: type, properties: { type: { const: type } } });
    const root: JsonSchema = { oneOf: [choice('a'), choice('b')] };
    expect(titles(schemasAt(root, [], () => 'b'))).toEqual(['b']);
    expect(titles(schemasAt(root, [], () => 'neither'))).toEqual(['a', 'b']);
  });

  test('names and items lead on; what is not known leads nowhere', () => {
    const root: JsonSchema = { additionalProperties: { items: { title: 'item' } } };
    expect(titles(schemasAt(root, ['any', 0], NOTHING))).toEqual(['item']);
    expect(schemasAt(root, ['any', 'name'], NOTHING)).toEqual([]);
    expect(schemasAt({ properties: {} }, ['constructor'], NOTHING)).toEqual([]);
  });
});
