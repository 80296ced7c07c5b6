/** The model's question to the person: asked, answered, recorded, and never answered by anybody else. */
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import type { ApprovalRequest, ApprovalVerdict } from '../../../../src/core/ports/approver';
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
  work: { type: agent, goal: Do it, max_turns: 5, on_success: done, on_failure: fail }
`;
const ALLOWED = [
  { id: 'ask', effect: 'allow', capabilities: ['ask_person'], reason: 'fine' },
  { id: 'rest', effect: 'allow', capabilities: ['repo_read'], reason: 'fine' },
];
const QUESTION = 'Which of the two?\n1) round up 2) round down';

function person(verdict: ApprovalVerdict) {
  const asked: ApprovalRequest[] = [];
  const ask = async (request: ApprovalRequest) => {
    asked.push(request);
    return verdict;
  };
  return { asked, approver: { ask } };
}
const says = (reason: string): ApprovalVerdict => ({ kind: 'resolved', verdict: 'approved', by: 'Ada', reason });

const scenario = (verdict: ApprovalVerdict, more: Partial<Scenario> = {}): Scenario => ({
  blueprint: BLUEPRINT,
  toolset: ['read_file', 'ask_user'],
  policyRules: ALLOWED,
  // By what was said so far, for a run that is taken up goes on in the middle.
  answer: ({ messages }) =>
    messages.some((message) => message.role === 'tool')
      ? reply('Done.')
      : reply('', ['ask_user', { question: QUESTION }], ['read_file', { path: 'a' }]),
  approver: person(verdict).approver,
  ...more,
});

const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
};
/** What the model was told of its first call. */
const told = (played: Played): string => {
  const answer = played.requests.at(-1)?.messages.find((message) => message.role === 'tool');
  return answer ? textOf(answer.content) : '';
};

describe('a question of the model', () => {
  it('goes to the person as it is, and what they say goes to the model and into the record', async () => {
    const { asked, approver } = person(says('Round down.'));
    const played = await play(scenario(says(''), { approver }));
    expect(asked).toMatchObject([
      { approval: 'work.1.1.1', title: QUESTION, question: true, repeatable: false, editable: false, tool: 'ask_user' },
    ]);
    const [requested] = only(played.inline, 'approval.requested');
    expect(requested?.data).toMatchObject({ call: 'work.1.1.1', title: QUESTION, question: true });
    expect(only(played.inline, 'policy.decided')[0]?.data).toMatchObject({ capability: 'ask_person', rule: 'ask' });
    expect(only(played.inline, 'approval.resolved')[0]?.data).toMatchObject({ by: 'Ada', reason: 'Round down.' });
    expect(only(played.inline, 'tool.finished')[0]?.data).toMatchObject({ outcome: 'ok', output: 'Round down.' });
    expect(told(played)).toBe('Round down.');
    // No tool has a hand in it.
    expect(played.executed.map(({ tool }) => tool)).toEqual(['read_file']);
    await identical(played);
  });

  it('is asked once where the policy asks about questions', async () => {
    const { asked, approver } = person(says('Up.'));
    const policyRules = ALLOWED.map((rule) => (rule.id === 'ask' ? { ...rule, effect: 'ask' } : rule));
    const played = await play(scenario(says(''), { approver, policyRules }));
    expect(asked.map(({ question }) => question)).toEqual([true]);
    expect(told(played)).toBe('Up.');
    await identical(played);
  });

  it('is not asked where the policy denies it', async () => {
    const { asked, approver } = person(says('Up.'));
    const played = await play(scenario(says(''), { approver, policyRules: ALLOWED.slice(1) }));
    expect(asked).toEqual([]);
    expect(told(played)).toMatch(/^Denied by the policy rule default-deny/);
    await identical(played);
  });

  it('may be left without an answer, and the model is told why', async () => {
    const played = await play(scenario({ kind: 'resolved', verdict: 'rejected', by: 'Ada', reason: 'find out' }));
    expect(only(played.inline, 'tool.finished')[0]?.data.outcome).toBe('rejected');
    expect(told(played)).toBe('The person did not answer: find out');
    await identical(played);
  });

  it('is told apart from no answer when the answer is empty', async () => {
    const played = await play(scenario(says('')));
    expect(told(played)).toBe('(the person gave an empty answer)');
    await identical(played);
  });

  it('pauses the run where nobody can answer, and is asked again when the run is taken up', async () => {
    const nobody: ApprovalVerdict = { kind: 'unavailable', reason: 'nobody is here' };
    const paused = await play(scenario(nobody));
    expect(paused.events.at(-1)).toMatchObject({ type: 'run.paused', data: { reason: 'nobody is here' } });
    await identical(paused);

    let asked = 0;
    const later: Scenario['approver'] = {
      ask: async ({ title }) => {
        asked += 1;
        expect(title).toBe(QUESTION);
        return asked === 1 ? nobody : says('Down.');
      },
    };
    const played = await playBroken(scenario(nobody, { approver: later }), [{ crashAfter: 10_000, decision: 'fail' }]);
    expect(asked).toBe(2);
    expect(only(played.events, 'approval.requested')).toHaveLength(1);
    expect(only(played.inline, 'tool.finished')[0]?.data.output).toBe('Down.');
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });

  it('is taken up from every point at which the run can break, and recorded once', async () => {
    const fresh = () => scenario(says('Down.'));
    const whole = await play(fresh());
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      const played = await playBroken(fresh(), [{ crashAfter, decision: 'repeat' }]);
      expect(only(played.events, 'approval.requested'), `${crashAfter}`).toHaveLength(1);
      expect(only(played.events, 'run.finished')[0]?.data.status, `${crashAfter}`).toBe('succeeded');
      await identical(played);
    }
  });

  it.each([
    ['a secret', `use ghp_${'a1B2'.repeat(9)}`, /^use «github-token»$/],
    ['half of a surrogate pair', 'half \ud800 of it', /^half \ufffd of it$/],
    ['more than anybody reads', 'x'.repeat(9000), /^x{2000}\n\[cut: 7000 more characters were not kept\]$/],
    [
      'more secrets than anybody reads',
      `ghp_${'a1B2'.repeat(9)} `.repeat(300),
      /^(«github-token» )+.*\n\[cut: \d+ more/,
    ],
  ])('is answered with %s only as it may be recorded', async (_what, reason, expected) => {
    const played = await play(scenario(says(reason)));
    expect(told(played)).toMatch(expected);
    expect(JSON.stringify(played.inline)).not.toContain('ghp_');
    await identical(played);
  });

  it('cannot be answered for all that follow, nor changed', async () => {
    const answer = { kind: 'resolved', verdict: 'approved', by: 'Ada', reason: 'Up.', scope: 'run' } as const;
    const once = await play(scenario(answer));
    expect(JSON.stringify(only(once.inline, 'approval.resolved'))).not.toContain('scope');
    await identical(once);
    const edited = await play(scenario({ ...answer, edited: '{"question":"?"}' }));
    expect(only(edited.inline, 'approval.resolved')[0]?.data).toMatchObject({ verdict: 'rejected' });
    await identical(edited);
  });

  it('does not exist in a run of engine 2', async () => {
    const { asked, approver } = person(says('Up.'));
    const played = await play(scenario(says(''), { approver, engine: 2 }));
    expect(asked).toEqual([]);
    expect(told(played)).toBe('Denied by the policy rule toolset: there is no tool "ask_user"');
    await identical(played);
  });
});
