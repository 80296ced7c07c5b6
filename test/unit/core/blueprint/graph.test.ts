import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../../src/core/blueprint/graph';
import { blueprintSchema } from '../../../../src/core/blueprint/schema';
import { parseYaml } from '../../../../src/core/kernel/yaml';
import { blueprintGraphSchema } from '../../../../src/protocol/graph';

const action = { type: 'deterministic', action: 'run_tests' };
const agent = { type: 'agent', goal: 'Mend\nit.', max_turns: 3 };

const graph = (nodes: object, start = 'first') =>
  graphOf(
    blueprintSchema.parse({ version: 1, id: 'made', title: 'Made', description: '', toolset: 'coding', start, nodes }),
  );

const quickFix = parseYaml(readFileSync('blueprints/quick_fix.yaml', 'utf8'), blueprintSchema);

describe('the graph of a blueprint', () => {
  it('has the nodes in the order in which a reader follows them, terminals last', () => {
    if (!quickFix.ok) throw new Error('quick_fix.yaml cannot be read');
    const { nodes, start, title } = graphOf(quickFix.value.value);
    expect([start, title]).toEqual(['context', 'Quick fix']);
    expect(nodes.map(({ id }) => id).slice(0, 4)).toEqual(['context', 'implement', 'lint', 'test']);
    expect(nodes.filter(({ kind }) => kind === 'terminal').map(({ id }) => id)).toEqual(['done', 'fail', 'pause']);
    expect(nodes.at(-1)?.kind).toBe('terminal');
  });

  it('has three routes a node, with the limits of those that are counted', () => {
    const { edges } = graph({
      first: { ...action, on_success: 'done', on_failure: { to: 'mend', max: 3 }, on_exhausted: 'fail' },
      mend: { ...agent, on_success: 'first' },
    });
    expect(edges).toEqual([
      { from: 'first', to: 'done', kind: 'on_success', max: null },
      { from: 'first', to: 'mend', kind: 'on_failure', max: 3 },
      { from: 'first', to: 'fail', kind: 'on_exhausted', max: null },
      { from: 'mend', to: 'first', kind: 'on_success', max: null },
      { from: 'mend', to: 'pause', kind: 'on_failure', max: null },
      { from: 'mend', to: 'pause', kind: 'on_exhausted', max: null },
    ]);
  });

  it('tells deterministic nodes from agents, says what they do on one line, and what bounds them', () => {
    const { nodes } = graph({
      first: { ...action, retry: 2, timeout_minutes: 7, on_success: 'mend' },
      mend: { ...agent, title: 'Mend it', max_tokens: 50_000, on_success: 'done' },
    });
    expect(nodes.slice(0, 2)).toEqual([
      {
        ...{ id: 'first', title: 'first', kind: 'deterministic', does: 'run_tests', approval: false },
        limits: { turns: null, retries: 2, minutes: 7, tokens: null },
      },
      {
        ...{ id: 'mend', title: 'Mend it', kind: 'agent', does: 'Mend it.', approval: false },
        limits: { turns: 3, retries: 0, minutes: 15, tokens: 50_000 },
      },
    ]);
  });

  it('marks what asks a person: the action, and nodes that ask first', () => {
    const { nodes } = graph({
      first: { ...action, approval: true, on_success: 'ask' },
      ask: { type: 'deterministic', action: 'request_approval', on_success: 'mend' },
      mend: { ...agent, on_success: 'done' },
    });
    expect(nodes.filter(({ approval }) => approval).map(({ id }) => id)).toEqual(['first', 'ask']);
  });

  it('draws what the checks refuse: nodes out of reach come last, routes to nowhere are left out', () => {
    const { nodes, edges } = graph({
      lost: { ...action, on_success: 'first' },
      first: { ...action, on_success: 'nowhere', on_failure: 'first' },
    });
    expect(nodes.map(({ id }) => id)).toEqual(['first', 'lost', 'pause']);
    expect(edges.map(({ to }) => to)).not.toContain('nowhere');
    expect(graph({ first: { ...action, on_success: 'done' } }, 'nowhere').nodes[0]?.id).toBe('first');
  });

  it('is not led astray by ids that every object inherits', () => {
    const { edges } = graph({ first: { ...action, on_success: 'constructor' } });
    expect(edges.map(({ kind }) => kind)).toEqual(['on_failure', 'on_exhausted']);
  });

  it('is what the protocol carries', () => {
    const made = graph({ first: { ...action, on_success: 'done' } });
    expect(blueprintGraphSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });
});
