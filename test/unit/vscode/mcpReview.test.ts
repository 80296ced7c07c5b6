/** Agreeing to MCP servers in a window. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { McpReview } from '../../../src/core/mcp/review';
import type { Documents } from '../../../src/vscode/documents';

const person = vi.hoisted(() => ({ press: undefined as string | undefined, said: [] as string[] }));
vi.mock('vscode', () => ({
  window: {
    showWarningMessage: async (text: string) => {
      person.said.push(text);
      return person.press;
    },
  },
}));

const { askAboutMcp, serversText } = await import('../../../src/vscode/mcpReview');

const REVIEW: McpReview = {
  kind: 'start',
  server: {
    ...{ id: 'docs', origin: 'workspace', source: '.openexec/mcp.yaml', envAllow: [], tools: null },
    command: ['npx', 'docs\u202Eserver'],
  },
  was: null,
};

beforeEach(() => {
  Object.assign(person, { press: undefined, said: [] });
});

describe('a server that nobody has agreed to', () => {
  const ask = async () => {
    const shown: string[] = [];
    const documents = { show: async (_folder: string, _name: string, text: string) => void shown.push(text) };
    const verdict = await askAboutMcp(documents as unknown as Documents)(REVIEW);
    return { verdict, shown };
  };

  test('is shown word for word, hidden characters named, before anybody answers', async () => {
    const { shown } = await ask();
    expect(shown[0]).toContain('docs⟨U+202E right-to-left override⟩server');
    expect(shown[0]).toContain('declared by this repository');
    expect(person.said[0]).toMatch(/^OpenExec: Start the MCP server docs\?/);
  });

  test('is agreed to by that word alone', async () => {
    person.press = 'Agree';
    expect((await ask()).verdict).toBe('agreed');
  });

  test.each(['Decline', undefined])('is declined by %j', async (press) => {
    person.press = press;
    expect((await ask()).verdict).toBe('declined');
  });
});

test('the servers there are, with what may be used of each, and why not', () => {
  const about = { source: '.openexec/mcp.yaml', command: ['x'] };
  const text = serversText([
    { ...about, id: 'docs', tools: [{ name: 'mcp__docs__find', description: 'Finds.' }], problem: null },
    { ...about, id: 'other', tools: [], problem: 'It was not agreed to.' },
  ]);
  expect(text).toContain('Agreed to, with 1 tool:\n\n- mcp__docs__find: Finds.');
  expect(text).toContain('Not used: It was not agreed to.');
  expect(serversText([])).toContain('None is declared');
});
