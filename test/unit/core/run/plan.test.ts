/** How the plan of the gatekeeper binds a run: zones, exclusions, routes, what is sent; each with an identical replay. */
import { describe, expect, it } from 'vitest';
import type { Classification, Plan } from '../../../../src/core/events/planParts';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { createGate } from '../../../../src/core/gatekeeper/gate';
import type { ApprovalRequest, ApprovalVerdict, Approver } from '../../../../src/core/ports/approver';
import { only, type Played, play, reply, type Scenario } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: works
title: Works
description: ''
toolset: coding
start: gather
nodes:
  gather: { type: deterministic, action: build_context, on_success: work, on_failure: fail }
  work: { type: agent, goal: Do it, inputs: [context], max_turns: 5, on_success: done, on_failure: fail }
`;
const MONOREPO = {
  files: 9,
  packageCount: 3,
  packages: [{ root: 'packages/api', name: 'api', uses: [] }],
  named: [{ what: 'path' as const, text: 'packages/api/a.ts', paths: ['packages/api/a.ts'] }],
};
const SURE: Classification = {
  intent: 'bugfix',
  surface: 'backend',
  sensitivity: 'low',
  risk: [],
  confidence: 0.95,
  unsure: [],
};

const contextOf = (...paths: string[]): RunEvent<'context.built'>['data'] => ({
  call: 'gather.1',
  files: paths.map((path) => ({ path, lines: [1, 2], bytes: 10, sha256: 'a'.repeat(64), why: 'named' })),
  withheld: [],
  bytes: 10 * paths.length,
});

/** A context of some files, less those that the call's bounds exclude. */
const building = (...paths: string[]): NonNullable<Scenario['tools']> => ({
  build_context: (_input, request) => {
    const shown = paths.filter((path) => !request.bounds?.excluded.includes(path));
    const { call } = request;
    const content = shown.map((path) => `### ${path}`).join('\n');
    const artifact = { call, name: 'context', kind: 'context', media: 'text/markdown', content, summary: '' } as const;
    return {
      events: [
        { type: 'context.built', data: { ...contextOf(...shown), call } },
        { type: 'artifact.created', data: artifact },
      ],
    };
  },
});

async function played(more: Partial<Scenario>): Promise<Played> {
  const run = await play({ blueprint: BLUEPRINT, task: 'Mend packages/api/a.ts', classification: SURE, ...more });
  expect(await replay({ stored: run.events, inline: run.inline })).toMatchObject({ identical: true, divergence: null });
  return run;
}

const calls = (...made: [string, unknown][]) => [reply('', ...made), reply('Done.')];
const accepted = ({ inline }: Played): Plan | undefined => only(inline, 'plan.accepted')[0]?.data.plan;
const decisions = ({ inline }: Played) => only(inline, 'policy.decided').map(({ data }) => data);
const ending = ({ inline }: Played) => only(inline, 'run.finished')[0]?.data;

/** A person who answers each question by its id, and remembers what was asked. */
function answering(answers: Readonly<Record<string, Partial<ApprovalVerdict>>>) {
  const asked: ApprovalRequest[] = [];
  const approver: Approver = {
    ask: async (request) => {
      asked.push(request);
      const usual = { kind: 'resolved', verdict: 'approved', by: 'Ada', reason: '' } as const;
      return { ...usual, ...answers[request.approval] } as ApprovalVerdict;
    },
  };
  return { approver, asked };
}

describe('the zones of a plan', () => {
  it('refuse what lies outside of them, whoever asks and whatever the policy allows', async () => {
    const replies = calls(
      ['read_file', { path: 'packages/api/a.ts' }],
      ['read_file', { path: 'packages/web/b.ts' }],
      ['write_file', { path: 'packages/web/b.ts', content: 'x' }],
    );
    const run = await played({ taskFacts: MONOREPO, replies });
    expect(accepted(run)?.zones).toContain('packages/api/**');
    const [, inside, outside, written] = decisions(run);
    expect(inside).toMatchObject({ decision: 'allow' });
    expect(outside).toMatchObject({ decision: 'deny', rule: 'zones', layer: 'gatekeeper' });
    expect(outside?.reason).toMatch(/^packages\/web\/b\.ts is outside of the zones of this run/);
    expect(written).toMatchObject({ decision: 'deny', rule: 'zones' });
    expect(run.executed.map(({ call }) => call)).toEqual(['gather.1', 'work.1.1.1']);
  });

  it('go with every call that is made, so that tools show nothing else', async () => {
    const run = await played({ taskFacts: MONOREPO, replies: calls(['read_file', { path: 'packages/api/a.ts' }]) });
    for (const { bounds } of run.executed) expect(bounds?.zones).toEqual(accepted(run)?.zones);
  });

  it('are those of the person who changed them before the start, who is named', async () => {
    const changes = { by: 'Ada', zones: ['packages/web/**'] };
    const run = await played({
      taskFacts: MONOREPO,
      changes,
      replies: calls(['read_file', { path: 'packages/web/b.ts' }]),
    });
    const plan = only(run.inline, 'plan.accepted')[0]?.data;
    expect(plan).toMatchObject({ by: 'Ada', plan: { zones: ['packages/web/**'] } });
    expect(plan?.changes[0]).toMatch(/^zones: packages\/web\/\*\* \(proposed: packages\/api\/\*\*/);
    expect(decisions(run)[1]).toMatchObject({ decision: 'allow' });
  });

  it('are widened by a person while the run goes, from the next call on', async () => {
    const body: EventBody = { type: 'zones.widened', data: { zones: ['packages/web/**'], by: 'Ada', reason: '' } };
    const replies = [
      reply('', ['read_file', { path: 'packages/web/b.ts' }]),
      reply('', ['read_file', { path: 'packages/web/b.ts' }]),
      reply('Done.'),
    ];
    const run = await played({
      taskFacts: MONOREPO,
      replies,
      intervene: (events) => {
        const refused = only(events, 'tool.finished').some(({ data }) => data.outcome === 'denied');
        return refused && only(events, 'zones.widened').length === 0 ? { kind: 'inject', body } : { kind: 'none' };
      },
    });
    expect(decisions(run).map(({ decision }) => decision)).toEqual(['allow', 'deny', 'allow']);
    expect(ending(run)).toMatchObject({ status: 'succeeded' });
  });
});

it('what is excluded is never read, whatever its zone', async () => {
  const taskFacts = { ignored: [{ glob: 'data/**', from: '.openexecignore' }] };
  const run = await played({ taskFacts, replies: calls(['read_file', { path: 'data/people.csv' }]) });
  expect(accepted(run)).toMatchObject({ zones: ['**'], excluded: ['data/**'] });
  expect(decisions(run)[1]).toMatchObject({ decision: 'deny', rule: 'excluded', layer: 'gatekeeper' });
});

it('a task that both the rules and a sure model call a question gets the tools that change nothing', async () => {
  const run = await played({
    task: 'Why does the parser in src/a.ts drop the last line?',
    classification: { ...SURE, intent: 'question' },
    narrowed: ['read_file', 'build_context'],
    replies: calls(['write_file', { path: 'a', content: 'x' }]),
  });
  expect(accepted(run)).toMatchObject({ toolset: 'repo_readonly' });
  expect(run.requests[0]?.tools.map(({ name }) => name)).toEqual(['read_file']);
  expect(decisions(run)[1]).toMatchObject({ decision: 'deny', rule: 'toolset' });
});

describe('what will be sent', () => {
  const about = { local: false, classification: { ...SURE, sensitivity: 'medium' as const } };

  it('is shown before the first call when the task is sensitive, and sent without what a person leaves out', async () => {
    const { approver, asked } = answering({
      'gather.1.context': { leftOut: ['src/b.ts'] } as Partial<ApprovalVerdict>,
    });
    const run = await played({
      ...about,
      approver,
      tools: building('src/a.ts', 'src/b.ts'),
      replies: [reply('Done.')],
    });
    const question = asked.find(({ context }) => context === true);
    expect(JSON.parse(question?.detail ?? '')).toMatchObject({
      files: [{ path: 'src/a.ts' }, { path: 'src/b.ts' }],
      bytes: 20,
    });
    expect(only(run.inline, 'context.built').map(({ data }) => data.files.length)).toEqual([2, 1]);
    expect(JSON.stringify(run.requests[0]?.messages)).toContain('### src/a.ts');
    expect(JSON.stringify(run.requests[0]?.messages)).not.toContain('src/b.ts');
    const parts = only(run.inline, 'egress.sent')[0]?.data.parts ?? [];
    expect(parts.flatMap(({ files = [] }) => files)).toEqual([{ path: 'src/a.ts', lines: [1, 2] }]);
    expect(ending(run)).toMatchObject({ status: 'succeeded' });
  });

  it('is not sent at all when the person says no', async () => {
    const { approver } = answering({ 'gather.1.context': { verdict: 'rejected' } as Partial<ApprovalVerdict> });
    const run = await played({ ...about, approver, tools: building('src/a.ts') });
    expect(run.requests).toEqual([]);
    expect(ending(run)).toMatchObject({ status: 'stopped', outcome: 'policy' });
  });

  it.each([
    ['nothing leaves the machine', { local: true }],
    ['nobody is to be asked', { approvals: 'never' as const }],
    ['the task is not sensitive', { classification: SURE }],
  ])('is not asked about where %s', async (_what, more) => {
    const { approver, asked } = answering({});
    await played({ ...about, ...more, approver, tools: building('src/a.ts'), replies: [reply('Done.')] });
    expect(asked.filter(({ context }) => context === true)).toEqual([]);
  });

  it('is shown when the context itself turns out to hold secrets', async () => {
    const { approver, asked } = answering({});
    const build = building('src/a.ts').build_context;
    const tools = {
      build_context: (...args: Parameters<NonNullable<typeof build>>) => ({
        ...build?.(...args),
        found: { 'aws-key': 1 },
      }),
    };
    await played({ local: false, approver, tools, replies: [reply('Done.')] });
    expect(asked.map(({ approval }) => approval)).toEqual(['gather.1.context', 'sensitive']);
  });

  it('is shown whenever the person wants to see it', async () => {
    const { approver, asked } = answering({});
    const changes = { by: 'Ada', showContext: true };
    await played({ changes, approver, tools: building('src/a.ts'), replies: [reply('Done.')] });
    expect(asked.map(({ approval }) => approval)).toEqual(['gather.1.context']);
  });
});

describe('sensitive data that a call brings up', () => {
  const meets = { read_file: () => ({ output: 'x', found: { 'aws-key': 1 } }) };
  const about = { local: false, tools: meets, replies: calls(['read_file', { path: 'src/a.ts' }]) };

  it('makes the run sensitive, and a person is asked once before anything more leaves the machine', async () => {
    const { approver, asked } = answering({});
    const replies = [
      reply('', ['read_file', { path: 'src/a.ts' }]),
      reply('', ['read_file', { path: 'src/b.ts' }]),
      reply('Done.'),
    ];
    const run = await played({ ...about, replies, approver });
    expect(only(run.inline, 'sensitivity.raised').map(({ data }) => data)).toEqual([
      { from: 'low', to: 'high', kinds: { 'aws-key': 1 }, call: 'work.1.1.1' },
    ]);
    expect(asked.map(({ approval }) => approval)).toEqual(['sensitive']);
    expect(run.requests).toHaveLength(3);
  });

  it('ends the run when the person does not agree', async () => {
    const { approver } = answering({ sensitive: { verdict: 'rejected' } as Partial<ApprovalVerdict> });
    const run = await played({ ...about, approver });
    expect(run.requests).toHaveLength(1);
    expect(ending(run)).toMatchObject({ status: 'stopped', outcome: 'policy' });
  });

  it('asks nobody where the model is on this machine', async () => {
    const { approver, asked } = answering({});
    const run = await played({ ...about, local: true, approver });
    expect(only(run.inline, 'sensitivity.raised')).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});

describe('a plan that a person should agree to', () => {
  const risky = { classification: { ...SURE, risk: ['exfiltration' as const] }, replies: [reply('Done.')] };

  it('is asked about before the first step', async () => {
    const { approver, asked } = answering({});
    await played({ ...risky, approver });
    expect(asked.map(({ approval }) => approval)).toEqual(['plan']);
  });

  it('is not asked about again when it was shown and agreed to before the start', async () => {
    const seen = accepted(await played(risky));
    if (seen === undefined) throw new Error('no plan');
    const { approver, asked } = answering({});
    await played({ ...risky, approver, changes: { by: 'Ada', agreed: seen } });
    expect(asked).toEqual([]);
    const other = answering({});
    await played({
      ...risky,
      approver: other.approver,
      changes: { by: 'Ada', agreed: { ...seen, zones: ['src/**'] } },
    });
    expect(other.asked.map(({ approval }) => approval)).toEqual(['plan']);
  });
});

it('a plan that is not the one that was shown is asked about, harmless as it may be', async () => {
  const seen = accepted(await played({ replies: [reply('Done.')] }));
  if (seen === undefined) throw new Error('no plan');
  const { approver, asked } = answering({});
  const agreed = { ...seen, zones: ['src/**'] };
  await played({ replies: [reply('Done.')], approver, changes: { by: 'Ada', agreed } });
  expect(asked.map(({ title }) => title)).toEqual(['Go on? the plan is not the one that was shown before the start']);
});

it('a value that is known to be secret does not leave, and the record replays without knowing it', async () => {
  const gate = createGate({ known: [{ kind: 'env-value', value: 'correct-horse-42' }], names: [] });
  const blueprint = BLUEPRINT.replace('Do it', 'Say correct-horse-42');
  const run = await played({ blueprint, gate, replies: [reply('Done: correct-horse-42')] });
  const text = JSON.stringify(run.requests[0]?.messages);
  expect(text).toContain('«env-value:1»');
  expect(text).not.toContain('correct-horse-42');
  expect(JSON.stringify(only(run.inline, 'model.responded'))).toContain('«env-value:1»');
});
