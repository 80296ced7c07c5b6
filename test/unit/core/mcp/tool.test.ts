import { describe, expect, it } from 'vitest';
import { changesOf, pinKey, pinOf } from '../../../../src/core/mcp/pins';
import { toolOf } from '../../../../src/core/mcp/tool';
import type { McpTool } from '../../../../src/core/policy/schema';
import { sha256 } from '../../../support/engine';

const SCHEMA = { type: 'object', properties: { text: { type: 'string' } } };

function tool(description = 'Finds.', inputSchema: unknown = SCHEMA): McpTool {
  const read = toolOf('docs', { name: 'search', description, inputSchema }, sha256);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

const nested = (depth: number): unknown => (depth === 0 ? {} : { a: nested(depth - 1) });

describe('a tool that a server lists', () => {
  it('has the same hash however its schema is written down, and another one for any other word', () => {
    const turned = { properties: { text: { type: 'string' } }, type: 'object' };
    expect(tool('Finds.', turned)).toEqual(tool());
    const hashes = [tool(), tool('Finds'), tool('Finds.', { type: 'object' })].map(({ sha256 }) => sha256);
    expect(new Set(hashes).size).toBe(3);
  });

  it.each([
    ['nested too deep', nested(1000)],
    ['too long', { type: 'object', description: 'x'.repeat(70_000) }],
    ['asynchronous', { type: 'object', $async: true }],
    ['asynchronous in a part', { type: 'object', properties: { a: { allOf: [{ $async: true }] } } }],
    ['a reference to elsewhere', { type: 'object', properties: { a: { $ref: 'https://example.org/x.json' } } }],
    ['a dynamic reference', { type: 'object', $dynamicRef: '#a' }],
    ['no well-formed text', { type: 'object', description: '\udc00' }],
  ])('is left out when its schema is %s', (_what, inputSchema) => {
    expect(toolOf('docs', { name: 'search', description: '', inputSchema }, sha256)).toMatchObject({ ok: false });
  });

  it('may speak of surrogates and backslashes', () => {
    expect(tool('', { type: 'object', pattern: '\\ud800' }).inputSchema).toBe(
      '{"pattern":"\\\\ud800","type":"object"}',
    );
  });
});

describe('an agreement', () => {
  const program = { command: ['docs'], envAllow: [] };
  const before = pinOf(program, [tool()], undefined, sha256);

  it('covers just what was agreed to', () => {
    expect(changesOf([tool()], before)).toEqual([]);
    expect(changesOf([tool('Finds more.')], before)).toMatchObject([{ was: { description: 'Finds.' } }]);
    expect(changesOf([tool()], undefined)).toMatchObject([{ was: null }]);
  });

  it('is kept for other tools of the same command, and for none of another command', () => {
    const fetch = { ...tool(), tool: 'constructor' };
    expect(Object.keys(pinOf(program, [fetch], before, sha256).tools).sort()).toEqual(['constructor', 'search']);
    expect(Object.keys(pinOf({ ...program, envAllow: ['A'] }, [fetch], before, sha256).tools)).toEqual(['constructor']);
    expect(changesOf([fetch], before)).toMatchObject([{ was: null }]);
  });

  it('of a workspace is no agreement of another, nor of the person', () => {
    const docs = { id: 'docs', origin: 'workspace' as const };
    const keys = [pinKey(docs, '/a'), pinKey(docs, '/b'), pinKey({ ...docs, origin: 'user' }, '/a')];
    expect(new Set(keys).size).toBe(3);
  });
});
