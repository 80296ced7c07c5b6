import { describe, expect, it } from 'vitest';
import type { ModelReply } from '../../../../src/core/ports/model';
import { linkMessages, messageBytes } from '../../../../src/core/run/conversation';
import { only, type Played, play, playBroken, reply, type Scenario, sha256 } from '../../../support/engine';
import { replay } from '../../../support/replay';

const agent = (result = ''): string => `
version: 1
id: replies
title: Replies
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 6, ${result} on_success: done, on_failure: fail, on_exhausted: fail }
`;

const told = async (replies: readonly ModelReply[], more: Partial<Scenario> = {}): Promise<Played> => {
  const played = await play({ blueprint: agent(), replies, ...more });
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  return played;
};
const ending = (played: Played) => only(played.events, 'node.finished').at(-1)?.data;
const asked = (played: Played, at: number) => played.requests[at]?.messages.at(-1)?.content;

describe('what a provider wants back', () => {
  const SIGNED = JSON.stringify([{ type: 'thinking', thinking: 'Look first.', signature: 'EqQBCgIYAhIM1gbcDa9GJw==' }]);
  const keeping = (kept: string | null): ModelReply => ({ ...reply('', ['read_file', { path: 'a' }]), kept });

  it('is sent back word for word with the message that it came with, as part of the conversation and its hash', async () => {
    const played = await told([keeping(SIGNED), reply('Done.')]);
    const message = played.requests[1]?.messages[2];
    expect(message).toMatchObject({ role: 'assistant', kept: SIGNED });
    const [first, second] = only(played.inline, 'model.requested');
    const added = second?.data.conversation.added ?? [];
    const link = linkMessages(first?.data.conversation.hash ?? '', message ? [message, ...added] : [], sha256);
    expect(second?.data.conversation.hash).toBe(link);
    expect(message && messageBytes(message)).toBe(SIGNED.length + '{"path":"a"}'.length);
    const carried = only(played.events, 'egress.sent')[1]?.data.carried.bytes ?? 0;
    const before = only(played.events, 'egress.sent')[0]
      ?.data.parts.slice(1)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(carried).toBe((before ?? 0) + SIGNED.length + '{"path":"a"}'.length);
  });

  it('is kept in a blob where it is long, and is there again in a replay', async () => {
    const long = JSON.stringify([{ type: 'reasoning', encrypted_content: 'gAAAAAB'.padEnd(20_000, 'q') }]);
    const played = await told([keeping(long), reply('Done.')]);
    expect(only(played.events, 'model.responded')[0]?.data.kept).toMatchObject({ bytes: long.length });
    expect(only(played.inline, 'model.responded')[0]?.data.kept).toBe(long);
    expect(played.requests[1]?.messages[2]).toMatchObject({ kept: long });
  });

  it.each([
    ['holds a secret', JSON.stringify([{ thinking: `the token is ghp_${'a1B2'.repeat(9)}`, signature: 'x' }])],
    ['holds half of a surrogate pair', '[{"thinking":"\ud800"}]'],
    ['is nothing', null],
  ])('is left out whole where it %s, for its signature would hold for nothing else', async (_why, kept) => {
    const played = await told([keeping(kept), reply('Done.')]);
    expect(only(played.events, 'model.responded')[0]?.data).not.toHaveProperty('kept');
    expect(played.requests[1]?.messages[2]).not.toHaveProperty('kept');
  });

  it('is still there when the run broke off in between', async () => {
    const replies = [keeping(SIGNED), reply('Done.')];
    const whole = await play({ blueprint: agent(), replies });
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      const answer: Scenario['answer'] = ({ messages }) =>
        messages.some(({ role }) => role === 'assistant') ? reply('Done.') : keeping(SIGNED);
      const played = await playBroken({ blueprint: agent(), answer }, [{ crashAfter, decision: 'repeat' }]);
      expect(played.requests.at(-1)?.messages[2], `after ${crashAfter}`).toMatchObject({ kept: SIGNED });
      expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
    }
  });
});

describe('a refusal', () => {
  it('fails the step, in the words that the model gave', async () => {
    const words = `I cannot help\nwith that. ghp_${'a1B2'.repeat(9)} ${'x'.repeat(400)}`;
    const reason = ending(await told([{ ...reply(words), stop: 'refusal' }]))?.reason ?? '';
    expect(reason).toMatch(/^the model refused: I cannot help with that\. «[a-z-]+(:1)?» x+…$/);
    expect(reason.length).toBeLessThan(400);
  });

  it('without a word fails it as well, and the calls that came with it are not made', async () => {
    const played = await told([{ ...reply('', ['read_file', { path: 'a' }]), stop: 'refusal' }]);
    expect(ending(played)).toMatchObject({ outcome: 'failure', reason: 'the model refused' });
    expect(played.executed).toEqual([]);
  });
});

describe('an empty reply', () => {
  it('is asked about once, and a second in a row fails the step', async () => {
    const played = await told([reply(''), reply(' \n')]);
    expect(asked(played, 1)).toBe(
      'The last reply was empty. Go on with the step, or say in one sentence that it is finished.',
    );
    expect(played.requests).toHaveLength(2);
    expect(ending(played)).toMatchObject({
      outcome: 'failure',
      reason: 'the model gave an empty reply twice in a row',
    });
  });

  it('is forgotten when the model goes on', async () => {
    const read = reply('', ['read_file', { path: 'a' }]);
    const played = await told([reply(''), read, reply(''), reply('Done.')]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
  });

  it('ends a step that has changed the tree, whether a patch is its result or none: the checks decide', async () => {
    const write = reply('', ['write_file', { path: 'a', content: 'x' }]);
    const tools = { write_file: () => ({ tree: 't1' }) };
    const free = await told([write, reply('')], { tools });
    expect(ending(free)).toMatchObject({ outcome: 'success' });
    const patch = await told([write, reply('')], { tools, blueprint: agent('result: { type: patch },') });
    expect(only(patch.events, 'tool.requested').at(-1)?.data.tool).toBe('diff_report');
  });

  it('is told what is missing where a result is wanted', async () => {
    const blueprint = agent('result: { type: report, min_characters: 5 },');
    const played = await told([reply(''), reply('It is all there.')], { blueprint });
    expect(asked(played, 1)).toBe(
      'The last reply was empty. The step is not finished: the report has to have at least 5 characters, and the last reply had 0.',
    );
    expect(ending(played)).toMatchObject({ outcome: 'success' });
    const silent = await told([reply(''), reply('')], { blueprint });
    expect(ending(silent)).toMatchObject({ outcome: 'failure' });
  });

  it('counted as the end of the step in engines before', async () => {
    expect(ending(await told([reply('')], { engine: 3 }))).toMatchObject({ outcome: 'success' });
  });
});

describe('a call whose arguments are not JSON', () => {
  const broken = (text: string): ModelReply => reply('', ['read_file', text]);
  const outputs = (played: Played) => only(played.inline, 'tool.finished').map(({ data }) => data.output);

  it('is not made and not repaired; the model is told where it broke, once', async () => {
    const played = await told([broken('{"path":'), reply('', ['read_file', { path: 'a' }]), reply('Done.')]);
    expect(outputs(played)[0]).toBe(
      'the call was not made: the arguments of read_file are not JSON (line 1, column 9: the text ends where a value is missing); write it again as JSON',
    );
    expect(asked(played, 1)).toBe(outputs(played)[0]);
    expect(only(played.inline, 'tool.requested')[0]?.data.input).toBe('{"path":');
    expect(ending(played)).toMatchObject({ outcome: 'success' });
  });

  it('fails the step when the model writes another after it was told', async () => {
    const played = await told([broken('{"path":'), reply('', ['read_file', { path: 'a' }]), broken("{'path': 'a'}")]);
    expect(played.requests).toHaveLength(3);
    expect(ending(played)).toMatchObject({
      outcome: 'failure',
      reason: 'the model writes tool calls that are not JSON',
    });
  });

  it('is told of together with the others of its reply, which were written before anybody could say so', async () => {
    const two = reply('', ['read_file', '{"path":'], ['read_file', '{']);
    const played = await told([two, reply('Done.')]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
  });

  it('is told of anew in another visit of the step', async () => {
    const twice = agent().replace('on_success: done', 'on_success: { to: work, max: 1 }');
    const played = await told([broken('{'), reply('Done.'), broken('{'), reply('Done.')], { blueprint: twice });
    expect(only(played.events, 'node.finished').map(({ data }) => data.outcome)).toEqual(['success', 'success']);
  });

  it('stays as it was written even where its escapes undone would make JSON', async () => {
    const escaped = '{\\"path\\":\\"a\\"}';
    const played = await told([broken(escaped), reply('Done.')]);
    expect(only(played.inline, 'tool.requested')[0]?.data.input).toBe(escaped);
    expect(played.executed).toEqual([]);
  });

  it('was told of in fewer words, and as often as it came, in engines before', async () => {
    const played = await told([broken('{'), broken('['), reply('Done.')], { engine: 3 });
    expect(outputs(played)).toEqual(Array(2).fill('the arguments of read_file are not JSON'));
    expect(ending(played)).toMatchObject({ outcome: 'success' });
  });
});
