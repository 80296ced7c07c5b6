/** How recorded calls were decided, derived again from the record alone. */
import { describe, expect, it } from 'vitest';
import type { DataOf, EventBody, RunEvent } from '../../../../src/core/events/schema';
import { decide } from '../../../../src/core/policy/evaluate';
import { requestOf } from '../../../../src/core/policy/request';
import type { Snapshot } from '../../../../src/core/policy/schema';
import { freeze } from '../../../../src/core/policy/snapshot';
import { explainCall } from '../../../../src/node/runs/explainCall';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, origin } from '../../../support/eventChain';

const RULES: Snapshot['policy']['rules'] = [
  { id: 'reads', effect: 'allow', capabilities: ['repo_read'], reason: 'Reading.' },
  { id: 'secrets', effect: 'deny', capabilities: ['repo_read'], paths: ['**/.env'], reason: 'Secrets.' },
  { id: 'others', effect: 'ask', capabilities: ['exec_other'], reason: 'Look first.' },
];
const SNAPSHOT: Snapshot = {
  policy: { version: 1, id: 'p', description: '', rules: RULES },
  source: 'a test',
  toolset: { version: 1, id: 't', description: '', tools: ['read_file', 'run_command', 'git_commit'] },
  toolsets: { look: { version: 1, id: 'narrow', description: '', tools: ['run_command'] } },
  commands: {},
  blueprint: 'b',
  model: 'm',
  gatekeeper: 'g',
};
type Requested = DataOf<'tool.requested'>;

function runOf(engine: number, bodies: readonly EventBody[]) {
  const first = origin() as EventBody<'run.started'>;
  const { content, hash } = freeze(SNAPSHOT, sha256);
  const policy = { id: 'p', snapshot: hash, content };
  const started = { ...first, data: { ...first.data, policy, flags: { engine, prompt: engine } } };
  const events: RunEvent[] = chain('r', [started, ...bodies]);
  return {
    hash,
    async *read(_run: string, { from = 0, to = Number.POSITIVE_INFINITY } = {}) {
      yield* events.slice(from, to + 1);
    },
    inline: async (event: RunEvent) => event,
  };
}

const requested = (more: Partial<Requested>, node = 'implement'): EventBody<'tool.requested'> => ({
  type: 'tool.requested',
  node,
  data: { call: 'c', tool: 'read_file', input: '{"path":"a"}', origin: 'agent', facts: { paths: [] }, ...more },
});
const decidedBy = (data: Partial<DataOf<'policy.decided'>>, cause: number): EventBody => ({
  type: 'policy.decided',
  node: 'implement',
  cause,
  data: {
    ...{ call: 'c', tool: 'read_file', capability: 'repo_read', decision: 'deny', layer: 'chosen policy p (a test)' },
    ...{ rule: 'secrets', reason: 'Secrets.', snapshot: sha256('x'), ...data },
  },
});
const at = (inside: string) => ({ paths: [{ asked: inside, inside, problem: null }] });

describe('an explained call', () => {
  it('is found by its request and by its decision, and is told with its arguments and its snapshot', async () => {
    const store = runOf(3, [requested({ facts: at('.env'), input: '{"path":".env"}' }), decidedBy({}, 1)]);
    const explained = await explainCall(store, 'r', 1);
    expect(await explainCall(store, 'r', 2)).toEqual(explained);
    expect(explained).toMatchObject({
      ...{ call: 'c', tool: 'read_file', input: '{"path":".env"}', snapshot: store.hash, omitted: 0 },
      decision: { decision: 'deny', rule: 'secrets', layer: 'chosen policy p (a test)' },
    });
    expect(explained.steps.filter(({ matched }) => matched).map(({ rule }) => rule)).toEqual(['reads', 'secrets']);
  });

  it('is derived as the engine of its time decided, and under the toolset of its node', async () => {
    const line = requested({ tool: 'run_command', input: '{"command":"a | b"}' });
    const explained = async (engine: number, decision: object) =>
      explainCall(runOf(engine, [line, decidedBy({ tool: 'run_command', ...decision }, 1)]), 'r', 2);
    const now = decide(SNAPSHOT, requestOf({ tool: 'run_command', input: { command: 'a | b' } }, { paths: [] }, {}));
    expect((await explained(3, now)).decision).toEqual(now);
    expect(now.rule).toBe('one-plain-command');
    const before = await explained(2, { decision: 'ask', rule: 'others' });
    expect(before.decision).toMatchObject({ decision: 'ask', rule: 'others' });
    const narrow = runOf(3, [requested({ facts: at('a') }, 'look'), decidedBy({ rule: 'toolset' }, 1)]);
    expect((await explainCall(narrow, 'r', 1)).decision.reason).toMatch(/not in the toolset narrow of this step/);
  });

  it('shows what the engine refused by itself as a step of its own', async () => {
    const refusal = { tool: 'git_commit', rule: 'toolset', layer: 'built in', reason: 'not a tool for agents' };
    const call = requested({ tool: 'git_commit', input: '{"message":"x"}' });
    const { decision, steps } = await explainCall(runOf(2, [call, decidedBy(refusal, 1)]), 'r', 1);
    expect(decision).toEqual({ decision: 'deny', rule: 'toolset', layer: 'built in', reason: 'not a tool for agents' });
    expect(steps[0]).toMatchObject({ layer: 'built in', rule: 'toolset', matched: true, why: 'not a tool for agents' });
    const unknown = requested({ tool: 'no_such_tool', input: 'no JSON' });
    const explained = await explainCall(runOf(3, [unknown, decidedBy(refusal, 1)]), 'r', 1);
    expect(explained.steps).toHaveLength(1);
  });

  it('is refused for another event, and for a call that was not decided over', async () => {
    const store = runOf(3, [requested({}), requested({ call: 'd' }), decidedBy({ call: 'd' }, 2)]);
    for (const seq of [0, 1, 9]) await expect(explainCall(store, 'r', seq)).rejects.toMatchObject({ code: 'usage' });
    expect((await explainCall(store, 'r', 2)).call).toBe('d');
  });
});
