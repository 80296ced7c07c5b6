import { describe, expect, it } from 'vitest';
import { entriesAboutMcp, mcpName, serverIdSchema, serversNamed } from '../../../../src/core/mcp/names';

describe('the name of a tool of a server', () => {
  it('says the server and the tool', () => {
    expect(mcpName('docs', 'search')).toBe('mcp__docs__search');
    expect(mcpName('my-docs_2', 'get__All-of_it')).toBe('mcp__my-docs_2__get__All-of_it');
  });

  it.each(['', 'two words', 'a.b', 'ü', 'a/b', 'x'.repeat(60)])('is none that a provider would refuse (%j)', (tool) => {
    expect(mcpName('docs', tool)).toBeNull();
  });

  it.each(['a__b', '_a', 'a_', 'A', '', '1a', 'a b', 'x'.repeat(33)])(
    'has no server %j, which could be read two ways',
    (id) => {
      expect(serverIdSchema.safeParse(id).success).toBe(false);
    },
  );
});

describe('the servers that a toolset names', () => {
  it('are those of its entries, and every declared one where an entry leaves it open', () => {
    const entries = ['read_file', '*', 'mcp', 'mcp__b__one', 'mcp__a__*', 'mcp__a__two'];
    expect(entriesAboutMcp(entries)).toEqual(['mcp__b__one', 'mcp__a__*', 'mcp__a__two']);
    expect(serversNamed(entries, ['a', 'c'])).toEqual(['a', 'b']);
    expect(serversNamed(['mcp__*'], ['c', 'a'])).toEqual(['a', 'c']);
    expect(serversNamed(['mcp__do*'], ['docs', 'web'])).toEqual(['docs']);
    expect(serversNamed(['mcp__docs'], ['docs'])).toEqual([]);
  });
});
