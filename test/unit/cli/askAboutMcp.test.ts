import { describe, expect, it } from 'vitest';
import { askAboutMcp } from '../../../src/cli/askAboutMcp';
import type { McpReview } from '../../../src/core/mcp/review';

const SERVER = {
  id: 'docs',
  origin: 'workspace',
  source: '.openexec/mcp.yaml',
  command: ['node', 'two words\u202e.js'],
  envAllow: ['DOCS_TOKEN'],
  tools: null,
} as const;
const START: McpReview = { kind: 'start', server: SERVER, was: null };
const now = {
  name: 'mcp__docs__a',
  server: 'docs',
  tool: 'a',
  description: 'Hi\u001b[2J',
  inputSchema: '{}',
  sha256: '',
};
const TOOLS: McpReview = { kind: 'tools', server: SERVER, changes: [{ now, was: null }], leftOut: ['b: too long'] };

async function asked(review: McpReview, answer: string | null, mode: 'ask' | 'never' | 'all' = 'ask', present = true) {
  const seen: string[] = [];
  const terminal = {
    present,
    say: (text: string) => void seen.push(...text.split('\n')),
    question: async (text: string) => {
      seen.push(text);
      return answer;
    },
  };
  return { verdict: await askAboutMcp(mode, terminal)(review), seen };
}

describe('the question about an MCP server at a terminal', () => {
  it('shows its command word for word, with every control character, and where it was declared', async () => {
    const { verdict, seen } = await asked(START, 'yes');
    expect(verdict).toBe('agreed');
    expect(seen).toEqual([
      '',
      'Start the MCP server docs? Nobody has agreed to its command yet',
      'declared by this repository: .openexec/mcp.yaml',
      'command: ["node","two words\\u{202e}.js"]',
      'environment: those that every program gets, and DOCS_TOKEN',
      'It runs with your rights and is not confined: it can read and change what you can.',
      'Agree? Type "yes" to agree, anything else not to: ',
    ]);
  });

  it('shows what was agreed to before beside what it is now', async () => {
    const was = { command: ['node', 'a.js'], envAllow: [] };
    const { seen } = await asked({ ...START, was }, 'no');
    expect(seen.slice(3, 7)).toEqual([
      'command before: ["node","a.js"]',
      'command now: ["node","two words\\u{202e}.js"]',
      'environment before: the few variables that every program gets',
      'environment now: those that every program gets, and DOCS_TOKEN',
    ]);
  });

  it('shows its tools, and what is left out', async () => {
    const { seen } = await asked(TOOLS, 'yes');
    expect(seen.slice(1, 6)).toEqual([
      'Use the tools of the MCP server docs? 1 tool is not agreed to',
      'mcp__docs__a (new)',
      '  description: Hi\\u{1b}[2J',
      '  input: {}',
      'left out: b: too long',
    ]);
  });

  it.each([['no'], [''], ['y'], [null]])('is not agreed to by %j', async (answer) => {
    expect((await asked(START, answer)).verdict).toBe('declined');
  });

  it('is put to nobody without a terminal or with --approve never; --approve all agrees to nothing by itself', async () => {
    expect(await asked(START, 'yes', 'ask', false)).toEqual({ verdict: 'nobody', seen: [] });
    expect(await asked(START, 'yes', 'never')).toEqual({ verdict: 'nobody', seen: [] });
    expect((await asked(START, 'no', 'all')).verdict).toBe('declined');
  });
});
