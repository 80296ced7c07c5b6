/** Another policy over the calls of a record: what stays bound by the run, and what the policy alone decides. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WhatIfFold, whatIfSchema } from '../../../../src/core/compare/whatIf';
import type { Plan } from '../../../../src/core/events/planParts';
import { type DataOf, type EventBody, eventSchema, type RunEvent } from '../../../../src/core/events/schema';
import type { Snapshot } from '../../../../src/core/policy/schema';
import { freeze, thaw } from '../../../../src/core/policy/snapshot';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, origin } from '../../../support/eventChain';

const FOLDER = 'test/replay/recorded';

/** A recorded run with its blobs in place, as far as texts are concerned. */
function recorded(version: string): RunEvent[] {
  const inline = (_: string, value: unknown): unknown => {
    const { blob } = (value ?? {}) as { blob?: unknown };
    if (typeof blob !== 'string') return value;
    return readFileSync(`${FOLDER}/${version}/blobs/${blob.slice(0, 2)}/${blob}`, 'utf8');
  };
  const lines = readFileSync(`${FOLDER}/${version}/journal.jsonl`, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => eventSchema.parse(JSON.parse(line, inline)));
}

describe('what if another policy had decided', () => {
  for (const version of ['v1', 'v2', 'v3', 'v4']) {
    it(`changes nothing under the policy of the run itself, in a record of engine ${version}`, () => {
      const events = recorded(version);
      const [first] = events;
      if (first?.type !== 'run.started') throw new Error('no start');
      const fold = new WhatIfFold(thaw(first.data.policy.content as string));
      for (const event of events) fold.take(event);
      const answer = whatIfSchema.parse(fold.result());
      expect(answer.calls).toBeGreaterThan(0);
      expect(answer).toMatchObject({ changed: [], wouldStopAt: null });
    });
  }
});

type Rules = Snapshot['policy']['rules'];
const EVERYTHING: Rules[number] = {
  ...{ id: 'everything', effect: 'allow', reason: 'Anything.' },
  capabilities: ['repo_read', 'repo_write'],
};
const NO_SECRETS: Rules[number] = {
  ...{ id: 'secrets', effect: 'deny', reason: 'Secrets.' },
  ...{ capabilities: ['repo_read'], paths: ['**/*.pem'] },
};
const policy = (...rules: Rules): Snapshot['policy'] => ({ version: 1, id: 'p', description: '', rules });
const toolset = (id: string, ...tools: string[]) => ({ version: 1 as const, id, description: '', tools });
const PLAN: Plan = {
  ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 'all', blueprint: 'b', zones: ['src/**'] },
  ...{ excluded: [], sensitivity: 'low', risk: [], route: 'cloud', confidence: 1, reasons: [] },
};

type Call = { tool?: string; path: string; decided: Partial<DataOf<'policy.decided'>>; made?: boolean };

/** A run of one call under rules, planned, with `more` before the call; and what other rules would have decided. */
function whatIf(
  was: Rules,
  now: Rules,
  { tool = 'write_file', path, decided, made = false }: Call,
  { plan = {}, ignored = [], more = [] }: { plan?: Partial<Plan>; ignored?: string[]; more?: EventBody[] } = {},
) {
  const toolsets = { toolset: toolset('all', 'read_file', 'write_file'), narrower: toolset('narrow', 'read_file') };
  const parts = { ...toolsets, commands: {}, blueprint: 'b', model: 'm', gatekeeper: 'g' };
  const { content, hash } = freeze({ policy: policy(...was), source: 'a test', ...parts }, sha256);
  const { data } = origin() as EventBody<'run.started'>;
  const flags = { engine: 4, prompt: 4 };
  const accepted = { ...PLAN, ...plan };
  const facts = { files: 1, packages: [], packageCount: 0, named: [] };
  const found = ignored.map((glob) => ({ glob, from: '.gitignore' }));
  const input = JSON.stringify(tool === 'write_file' ? { path, content: 'x' } : { path });
  const said = { decision: 'deny', rule: 'r', layer: 'l', reason: '', capability: 'repo_write' } as const;
  const outcome = { output: '', exitCode: null, tree: null, confinement: 'in process', ms: 1 } as const;
  const bodies: EventBody[] = [
    { type: 'run.started', data: { ...data, flags, policy: { id: 'p', snapshot: hash, content } } },
    { type: 'plan.proposed', data: { plan: accepted, classifier: 'r', ms: 0, facts: { ...facts, ignored: found } } },
    { type: 'plan.accepted', data: { plan: accepted, changes: [], by: 'defaults' } },
    ...more,
    {
      type: 'tool.requested',
      node: 'implement',
      data: {
        call: 'c',
        tool,
        input,
        origin: 'agent',
        facts: { paths: [{ asked: path, inside: path, problem: null }] },
      },
    },
    { type: 'policy.decided', data: { call: 'c', tool, ...said, snapshot: hash, ...decided } },
    { type: 'tool.finished', data: { call: 'c', tool, outcome: made ? 'ok' : 'denied', ...outcome } },
  ];
  const fold = new WhatIfFold({ policy: policy(...now), source: 'another' });
  for (const event of chain('r', bodies)) fold.take(event);
  return fold;
}

const byPlan = { layer: 'gatekeeper', capability: 'none', rule: 'zones' };

describe('what binds a run beside its policy', () => {
  it('refuses a call outside of its zones, whatever the other policy allows', () => {
    expect(whatIf([], [EVERYTHING], { path: 'docs/a.md', decided: {} }).result().changed).toEqual([]);
    expect(whatIf([], [EVERYTHING], { path: 'src/a.ts', decided: {} }).result().changed).toMatchObject([
      { seq: 4, tool: 'write_file', was: 'deny', now: 'allow', rule: 'everything' },
    ]);
    const refused = { path: 'docs/a.md', decided: byPlan };
    expect(whatIf([EVERYTHING], [EVERYTHING], refused).result()).toEqual({ calls: 1, changed: [], wouldStopAt: null });
  });

  it('lets a call be where a person has widened the zones', () => {
    const more: EventBody[] = [{ type: 'zones.widened', data: { zones: ['docs/**'], by: 'ada', reason: '' } }];
    const fold = whatIf([], [EVERYTHING], { path: 'docs/a.md', decided: {} }, { more });
    expect(fold.result().changed).toMatchObject([{ was: 'deny', now: 'allow' }]);
  });

  it('keeps the tools away that the plan has taken', () => {
    const call = { path: 'src/a.ts', decided: { rule: 'toolset', layer: 'built in' } };
    const plan = { toolset: 'narrow' };
    expect(whatIf([EVERYTHING], [EVERYTHING], call, { plan }).result().changed).toEqual([]);
    expect(whatIf([EVERYTHING], [EVERYTHING], call).result().changed).toMatchObject([{ now: 'allow' }]);
  });

  it('excludes what the other policy keeps from models, and no more what only that of the run did', () => {
    const plan = { excluded: ['**/*.pem'] };
    const refused = { path: 'src/a.pem', decided: { ...byPlan, rule: 'excluded' } };
    const was = [EVERYTHING, NO_SECRETS];
    expect(whatIf(was, [EVERYTHING], refused, { plan }).result().changed).toMatchObject([{ now: 'allow' }]);
    expect(whatIf(was, [EVERYTHING], refused, { plan, ignored: ['**/*.pem'] }).result().changed).toEqual([]);
    const made = { path: 'src/a.pem', decided: { decision: 'allow', rule: 'everything' } as const, made: true };
    expect(whatIf([EVERYTHING], was, made).result()).toMatchObject({
      changed: [{ was: 'allow', now: 'deny', rule: 'excluded' }],
      wouldStopAt: 4,
    });
  });
});

describe('a decision that would change', () => {
  it('is told with the step, the arguments on one line, and why', () => {
    const now: Rules = [{ ...EVERYTHING, id: 'look', effect: 'ask', reason: 'Look first.' }];
    const call = { path: 'src/a.ts', decided: { decision: 'allow', rule: 'everything' } as const, made: true };
    const fold = whatIf([EVERYTHING], now, call);
    expect(fold.changed()).toEqual([
      {
        ...{ seq: 4, tool: 'write_file', was: 'allow', now: 'ask', rule: 'look', reason: 'Look first.' },
        ...{ node: 'implement', input: '{"path":"src/a.ts","content":"x"}', layer: 'chosen policy p (another)' },
      },
    ]);
    expect(fold.result().wouldStopAt, 'a person is there and may allow it').toBeNull();
  });
});
