/** What engine 3 decides otherwise than the engines before it, and that these still decide as they did. */
import { describe, expect, it } from 'vitest';
import type { ToolFacts } from '../../../../src/core/events/parts';
import type { RunEvent } from '../../../../src/core/events/schema';
import { only, type Played, play, reply, type Scenario } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: works
title: Works
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 5, on_success: done, on_failure: fail }
`;
const RULES = [
  { id: 'looks', effect: 'allow', capabilities: ['exec_inspect', 'exec_project'], reason: 'harmless' },
  { id: 'reads', effect: 'allow', capabilities: ['repo_read'], reason: 'fine' },
  { id: 'others', effect: 'ask', capabilities: ['exec_other'], reason: 'look first' },
];

/** The decision over one call, in a run of an engine, with what the model was told. */
async function decided(engine: number, tool: string, input: unknown, more: Partial<Scenario> = {}) {
  const scenario = { blueprint: BLUEPRINT, policyRules: RULES, replies: [reply('', [tool, input]), reply('Done.')] };
  const played: Played = await play({ ...scenario, engine, ...more });
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  const [decision] = only(played.inline, 'policy.decided') as (RunEvent<'policy.decided'> | undefined)[];
  const [finished] = only(played.inline, 'tool.finished');
  return { decision: decision?.data, output: finished?.data.output, executed: played.executed };
}
const commands = { test: { argv: ['run-tests', '-q'], source: 'test' } };

describe('a command line', () => {
  const line = (command: string) => ['run_command', { command }] as const;

  it.each([
    ['git status', 'exec_inspect', 'allow'],
    ['run-tests -q', 'exec_project', 'allow'],
    ['make', 'exec_other', 'ask'],
    ['git push', 'network', 'deny'],
  ])('%s needs, since engine 3, %s', async (command, capability, decision) => {
    const now = await decided(3, ...line(command), { commands });
    expect(now.decision).toMatchObject({ capability, decision });
    const project = command === 'run-tests -q' ? 'exec_project' : 'exec_other';
    const before = await decided(2, ...line(command), { commands });
    expect(before.decision).toMatchObject({ capability: project });
  });

  it('that is no plain one is refused, with why and with what to do instead', async () => {
    const now = await decided(3, ...line('cat a | sh'));
    expect(now.decision).toMatchObject({ decision: 'deny', rule: 'one-plain-command', layer: 'built in' });
    expect(now.output).toMatch(
      /^Denied by the policy rule one-plain-command: .+\. Run one program with its arguments, /,
    );
    expect(now.executed).toEqual([]);
    expect((await decided(2, ...line('cat a | sh'))).decision).toMatchObject({ decision: 'ask', rule: 'others' });
  });

  it('whose program lies in the repository is not what its name says', async () => {
    const facts = (): ToolFacts => ({ paths: [], program: 'repository' });
    const now = await decided(3, ...line('git status'), { facts });
    expect(now.decision).toMatchObject({ capability: 'exec_other', decision: 'ask' });
  });

  it('is decided over every file that it reads', async () => {
    const policyRules = [
      { id: 'secret', effect: 'deny', capabilities: ['repo_read'], paths: ['.env'], reason: 'secret' },
      ...RULES,
    ];
    const facts = () => ({ paths: [{ asked: '.env', inside: '.env', problem: null, needs: 'repo_read' }] });
    const now = await decided(3, ...line('cat .env'), { facts, policyRules });
    expect(now.decision).toMatchObject({ decision: 'deny', rule: 'secret' });
    expect(now.output).toBe(`Denied by the policy rule secret: secret (.env)`);
  });
});

describe('the tools', () => {
  it.each(['find_symbol', 'git_status', 'git_diff', 'git_log', 'fetch_url', 'ask_user', 'mcp'])(
    '%s are unknown to engine 2, whatever its toolset says',
    async (tool) => {
      const { decision } = await decided(2, tool, {}, { toolset: [tool] });
      expect(decision).toMatchObject({ capability: 'none', rule: 'toolset', reason: `there is no tool "${tool}"` });
    },
  );

  it('of a commit is for agents since engine 3', async () => {
    const rules = [{ id: 'all', effect: 'allow', capabilities: ['git_commit'], reason: 'fine' }];
    const commit = ['git_commit', { message: 'm' }] as const;
    expect((await decided(3, ...commit, { policyRules: rules })).decision?.decision).toBe('allow');
    const before = await decided(2, ...commit, { policyRules: rules });
    expect(before.decision).toMatchObject({ decision: 'deny', reason: 'git_commit is not a tool for agents' });
  });

  const mcp = ['mcp__wiki__find', 'mcp__wiki__edit'];
  const policyRules = [
    { id: 'wiki', effect: 'allow', capabilities: ['exec_other'], tools: ['mcp__wiki__*'], reason: 'ok' },
  ];
  const lookUp = (name: string, more: Partial<Scenario>) =>
    decided(3, name, { key: 'k' }, { policyRules, toolset: ['mcp__wiki__find'], ...more });

  it('of MCP servers go through the same gate', async () => {
    const allowed = await lookUp('mcp__wiki__find', { mcp });
    expect(allowed.decision).toMatchObject({ tool: 'mcp__wiki__find', decision: 'allow', rule: 'wiki' });
    expect(allowed.executed).toMatchObject([{ tool: 'mcp__wiki__find', input: '{"key":"k"}' }]);
    const asked = await lookUp('mcp__wiki__find', { mcp, policyRules: RULES });
    expect(asked.decision).toMatchObject({ decision: 'ask', rule: 'others', capability: 'exec_other' });
  });

  it.each<[string, string, Partial<Scenario>]>([
    ['that the toolset does not name', 'mcp__wiki__edit', { mcp }],
    ['that the run was not given', 'mcp__wiki__drop', { mcp, toolset: ['mcp__*'] }],
    ['of no server at all', 'mcp__wiki__find', { toolset: ['mcp__*'] }],
    ['of a run of engine 2', 'mcp__wiki__find', { mcp, engine: 2, toolset: ['mcp__*'] }],
    ['under the name of the one tool behind them', 'mcp', { mcp, toolset: ['mcp', 'mcp__*'] }],
  ])('of MCP servers are refused %s', async (_what, name, more) => {
    const { decision, executed } = await lookUp(name, more);
    expect(decision).toMatchObject({ decision: 'deny', rule: 'toolset' });
    expect(executed).toEqual([]);
  });
});
