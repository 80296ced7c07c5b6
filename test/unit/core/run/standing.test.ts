/** "Allow in this run": what such an agreement covers, and everything that it does not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolFacts } from '../../../../src/core/events/parts';
import type { RunEvent } from '../../../../src/core/events/schema';
import type { ApprovalRequest, ApprovalVerdict } from '../../../../src/core/ports/approver';
import { NEW_RUN, type RunState } from '../../../../src/core/run/state';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, playBroken, reply, type Scenario } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: asks
title: Asks
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 9, on_success: again, on_failure: fail }
  again: { type: agent, goal: Do it again, max_turns: 9, on_success: done, on_failure: fail }
`;
const RULES = [
  { id: 'writes-ask', effect: 'ask', capabilities: ['repo_write'], reason: 'look first' },
  { id: 'b-asks', effect: 'ask', capabilities: ['repo_write'], paths: ['b'], reason: 'b is special' },
  { id: 'others-ask', effect: 'ask', capabilities: ['exec_other', 'git_commit', 'repo_delete'], reason: 'look first' },
  { id: 'rest', effect: 'allow', capabilities: ['repo_read', 'exec_project'], reason: 'fine' },
];
const TOOLS = ['read_file', 'write_file', 'run_command', 'git_commit', 'delete_file'];

type Said = Omit<Extract<ApprovalVerdict, { kind: 'resolved' }>, 'kind' | 'by'>;
const FOR_RUN: Said = { verdict: 'approved', reason: '', scope: 'run' };

function person(answer: (request: ApprovalRequest, at: number) => Said = () => FOR_RUN) {
  const asked: ApprovalRequest[] = [];
  const approver: Scenario['approver'] = {
    ask: async (request) => {
      asked.push(request);
      return { kind: 'resolved', by: 'Ada', ...answer(request, asked.length) };
    },
  };
  return { asked, approver };
}

type Call = [string, unknown];
const write = (path: string, content = '1'): Call => ['write_file', { path, content }];
/** Each list of calls is one reply; the run has two nodes, each ended by a word. */
const scenario = (approver: Scenario['approver'], first: Call[], second: Call[], more: Partial<Scenario> = {}) => ({
  blueprint: BLUEPRINT,
  toolset: TOOLS,
  policyRules: RULES,
  replies: [reply('', ...first), reply('Done.'), reply('', ...second), reply('Done.')],
  ...(approver ? { approver } : {}),
  ...more,
});

const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
};
const answers = (played: Played) => only(played.inline, 'approval.resolved').map(({ data }) => data);

describe('an agreement for the whole run', () => {
  it('answers the same call again, in the name of whoever gave it, and the record says so', async () => {
    const { asked, approver } = person();
    const played = await play(scenario(approver, [write('a')], [write('a'), ['read_file', { path: 'a' }], write('a')]));
    expect(asked.map(({ approval, repeatable, tool, question }) => [approval, repeatable, tool, question])).toEqual([
      ['work.1.1.1', true, 'write_file', false],
    ]);
    const given = { verdict: 'approved', by: 'Ada', reason: 'allowed in this run, see the approval work.1.1.1' };
    expect(answers(played)).toEqual([
      { approval: 'work.1.1.1', verdict: 'approved', by: 'Ada', reason: '', scope: 'run' },
      { approval: 'again.1.1.1', ...given },
      { approval: 'again.1.1.3', ...given },
    ]);
    expect(only(played.events, 'approval.requested')).toHaveLength(1);
    expect(played.executed.map(({ tool }) => tool)).toEqual(['write_file', 'write_file', 'read_file', 'write_file']);
    await identical(played);
  });

  it('knows the same arguments however they are written', async () => {
    const { asked, approver } = person();
    const again: Call = ['write_file', '{ "content": "1",\n "path": "a" }'];
    const facts = (): ToolFacts => ({ paths: [{ asked: 'a', inside: 'a', problem: null }] });
    const played = await play(scenario(approver, [write('a')], [again], { facts }));
    expect(asked).toHaveLength(1);
    await identical(played);
  });

  it.each<[string, Call, Call]>([
    ['another path', write('a'), write('c')],
    ['another content', write('a'), write('a', '2')],
    ['another tool', write('a'), ['delete_file', { path: 'a' }]],
    ['another command line', ['run_command', { command: 'make' }], ['run_command', { command: 'make install' }]],
  ])('does not cover %s', async (_what, first, second) => {
    const { asked, approver } = person();
    await identical(await play(scenario(approver, [first], [second])));
    expect(asked).toHaveLength(2);
  });

  it('does not cover arguments that lead elsewhere than they did', async () => {
    const { asked, approver } = person();
    let looks = 0;
    const facts = (): ToolFacts => {
      looks += 1;
      return { paths: [{ asked: 'link', inside: looks === 1 ? 'a' : 'c', problem: null }] };
    };
    await identical(await play(scenario(approver, [write('link')], [write('link')], { facts })));
    expect(asked).toHaveLength(2);
  });

  it('does not cover what another rule asks about', async () => {
    const { asked, approver } = person();
    let looks = 0;
    // The same words and the same targets; `b` has got a second name, and another rule asks.
    const facts = (): ToolFacts => {
      looks += 1;
      return { paths: [{ asked: 'b', inside: 'b', problem: null, ...(looks > 1 ? { needs: 'repo_delete' } : {}) }] };
    };
    await play(scenario(approver, [write('b')], [write('b')], { facts }));
    expect(asked).toHaveLength(2);
  });

  it('does not cover a commit of another tree, nor a program of the repository that may be another by now', async () => {
    const { asked, approver } = person();
    const changing = { tools: { run_command: () => ({ tree: 't1' }) } };
    const facts = (request: { tool: string }): ToolFacts =>
      request.tool === 'run_command' ? { paths: [], program: 'repository' } : { paths: [] };
    const commit: Call = ['git_commit', { message: 'm' }];
    const own: Call = ['run_command', { command: './run' }];
    await identical(await play(scenario(approver, [commit, own], [commit, own], { ...changing, facts })));
    expect(asked.map(({ tool }) => tool)).toEqual(['git_commit', 'run_command', 'git_commit', 'run_command']);
  });

  it('covers a command only while the files are as they were: a script may be another one by now', async () => {
    const script: Call = ['run_command', { command: 'node scripts/x.mjs' }];
    const asks = async (tree: string): Promise<number> => {
      const { asked, approver } = person();
      const tools = { run_command: () => ({ tree: 't1' }), write_file: () => ({ tree }) };
      const first: Call[] = [script, ['read_file', { path: 'a' }]];
      const between = scenario(approver, [...first, write('scripts/x.mjs'), script], [script], { tools });
      await identical(await play(between));
      return asked.filter(({ tool }) => tool === 'run_command').length;
    };
    expect(await asks('t1')).toBeLessThan(await asks('t2'));
  });

  it('covers neither the call that a person wrote in its place nor the one that was changed', async () => {
    const edited = JSON.stringify({ path: 'c', content: '2' });
    const { asked, approver } = person((_, at) => (at === 1 ? { ...FOR_RUN, edited } : FOR_RUN));
    const played = await play(scenario(approver, [write('a')], [write('a'), write('c', '2')]));
    expect(asked.map(({ detail }) => detail)).toEqual([
      JSON.stringify({ path: 'a', content: '1' }),
      JSON.stringify({ path: 'a', content: '1' }),
      edited,
    ]);
    expect(answers(played)[0]).not.toHaveProperty('scope');
    await identical(played);
  });

  it('is not what a rejection, a single approval or an answer before engine 3 is', async () => {
    for (const said of [
      { verdict: 'rejected', reason: 'no', scope: 'run' },
      { verdict: 'approved', reason: '', scope: 'once' },
    ] as const) {
      const { asked, approver } = person(() => said);
      const played = await play(scenario(approver, [write('a')], [write('a')]));
      expect(asked).toHaveLength(2);
      expect(JSON.stringify(answers(played))).not.toContain('scope');
      await identical(played);
    }
    const { asked, approver } = person();
    const played = await play(scenario(approver, [write('a')], [write('a')], { engine: 2 }));
    expect(asked.map(({ repeatable }) => repeatable)).toEqual([false, false]);
    await identical(played);
  });

  it('does not stand where the blueprint itself asks', async () => {
    const blueprint = BLUEPRINT.replace('max_turns: 9,', 'max_turns: 9, approval: true,');
    const { asked, approver } = person();
    const played = await play(scenario(approver, [], [], { blueprint, replies: [reply('Done.'), reply('Done.')] }));
    expect(asked[0]).toMatchObject({ approval: 'work.1.start', repeatable: false });
    expect(asked[0]).not.toHaveProperty('tool');
    expect(JSON.stringify(answers(played))).not.toContain('scope');
    await identical(played);
  });

  it('stands after every point at which the run can break', async () => {
    const fresh = () => scenario(person().approver, [write('a')], [write('a')]);
    const whole = await play(fresh());
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      const played = await playBroken(fresh(), [{ crashAfter, decision: 'repeat' }]);
      const asked = only(played.events, 'approval.requested').map(({ data }) => data.approval);
      expect(asked, `${crashAfter}`).toEqual(['work.1.1.1']);
      expect(only(played.events, 'run.finished')[0]?.data.status, `${crashAfter}`).toBe('succeeded');
      await identical(played);
    }
  });

  it('comes into a record only where one was asked for and given', async () => {
    const played = await play(scenario(person().approver, [write('a')], [write('a')]));
    const states: RunState[] = [];
    played.inline.reduce((state, event) => {
      states.push(state);
      return step(state, event).state;
    }, NEW_RUN as RunState);
    const [first, second] = only(played.inline, 'approval.resolved');
    const at = (event: RunEvent | undefined): RunState => states[event?.seq ?? 0] ?? NEW_RUN;
    const put = (event: RunEvent<'approval.resolved'> | undefined, more: object) => () =>
      event && step(at(event), { ...event, data: { ...event.data, ...more } });
    expect(put(first, {})).not.toThrow();
    expect(put(first, { verdict: 'rejected' })).toThrow('cannot come');
    expect(put(first, { edited: '{}' })).toThrow('cannot come');
    expect(put(second, {})).not.toThrow();
    expect(put(second, { scope: 'run' })).toThrow('cannot come');
    expect(put(second, { by: 'Eve' })).toThrow('cannot come');
    expect(put(second, { approval: 'work.1.1.1' })).toThrow('cannot come');
  });

  it('never lets a call be made that no person has agreed to word for word', async () => {
    const path = fc.constantFrom('a', 'b', 'c');
    const calls = fc.array(
      fc.tuple(path, fc.constantFrom('1', '2')).map(([p, content]) => write(p, content)),
      { minLength: 1, maxLength: 6 },
    );
    const verdicts = fc.array(
      fc.record({
        verdict: fc.constantFrom('approved', 'approved', 'rejected'),
        scope: fc.constantFrom('once', 'run'),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(calls, calls, verdicts, async (first, second, given) => {
        const { asked, approver } = person((_, at) => {
          const { verdict, scope } = given[at % given.length] ?? { verdict: 'rejected', scope: 'once' };
          return { verdict, reason: '', scope } as Said;
        });
        const played = await play(scenario(approver, first, second));
        const agreed = new Set<string>();
        const once = new Set<string>();
        for (const [at, { approval, detail }] of asked.entries()) {
          const { verdict, scope } = given[(at + 1) % given.length] ?? { verdict: 'rejected', scope: 'once' };
          if (verdict !== 'approved') continue;
          once.add(approval);
          if (scope === 'run') agreed.add(detail);
        }
        for (const { call, input } of played.executed) expect(once.has(call) || agreed.has(input)).toBe(true);
        await identical(played);
      }),
      { numRuns: 60 },
    );
  });
});
