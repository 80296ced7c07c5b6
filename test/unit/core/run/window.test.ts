import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src/core/events/parts';
import { textOf } from '../../../../src/core/events/payload';
import type { RunEvent } from '../../../../src/core/events/schema';
import { ZERO_HASH } from '../../../../src/core/kernel/hash';
import type { ModelReply } from '../../../../src/core/ports/model';
import { linkMessages, offer, requestTokens, totalBytes } from '../../../../src/core/run/conversation';
import { NOTHING_YET, recall } from '../../../../src/core/run/session';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, playBroken, reply, type Scenario, sha256 } from '../../../support/engine';
import { replay, replayNodeIn } from '../../../support/replay';

const blueprint = (callTokens: number): string => `
version: 1
id: reads
title: Reads
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 12, max_call_tokens: ${callTokens}, on_success: done, on_failure: fail, on_exhausted: fail }
`;

/** Reads one file after the other; every result has so many characters. */
const reading = (files: number, characters: number, more: Partial<Scenario> = {}): Scenario => ({
  blueprint: blueprint(12_000),
  replies: [
    ...Array.from({ length: files }, (_, at): ModelReply => {
      const { toolCalls, ...rest } = reply(`turn ${at}`, ['read_file', { path: `f${at}` }]);
      return { ...rest, toolCalls: toolCalls.map((call) => ({ ...call, id: `c${at}` })) };
    }),
    reply('Done.'),
  ],
  tools: { read_file: ({ path }) => ({ output: `${path} `.padEnd(characters, 'x') }) },
  ...more,
});

const recordingOf = ({ events, inline }: Played) => ({ stored: events, inline });
const shortenings = (played: Played) => only(played.inline, 'conversation.shortened');
const ending = (played: Played) => only(played.events, 'node.finished').at(-1)?.data;

/** Tokens of a request by the estimate that the engine uses. */
const tokensOf = ({ messages, tools }: Played['requests'][number]): number =>
  requestTokens(totalBytes(messages), offer(tools));

describe('a conversation that outgrows its window', () => {
  it('is shortened before the next request, which fits then, and the run goes on', async () => {
    const played = await play(reading(6, 6000));
    expect(shortenings(played)).not.toEqual([]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
    for (const request of played.requests) expect(tokensOf(request)).toBeLessThanOrEqual(12_000 - 1024);
    const first = shortenings(played)[0];
    const next =
      played.requests[only(played.events, 'model.requested').findIndex(({ seq }) => seq > (first?.seq ?? 0))];
    expect(next && tokensOf(next)).toBeLessThanOrEqual(0.6 * 12_000);
  });

  it('is recorded as it is from then on: what was shortened, its bytes, and its hash', async () => {
    const played = await play(reading(6, 6000));
    const [first] = shortenings(played);
    const asked = only(played.inline, 'model.requested').find(({ seq }) => seq > (first?.seq ?? 0));
    const left = only(played.inline, 'egress.sent').find(({ seq }) => seq > (first?.seq ?? 0));
    expect(first?.data.calls[0]).toEqual({ call: 'work.1.1.1', before: 6000, after: 274 });
    expect(asked?.data.conversation.parent).toBe(first?.data.hash);
    expect(left?.data.carried.bytes).toBe(first?.data.after);
    const request = played.requests[(asked?.data.turn ?? 0) - 1];
    const carried = (request?.messages ?? []).slice(0, -(asked?.data.conversation.added.length ?? 0)) as Message[];
    expect(linkMessages(ZERO_HASH, carried, sha256)).toBe(first?.data.hash);
    expect(totalBytes(carried)).toBe(first?.data.after);
    expect(textOf(carried.find(({ role }) => role === 'tool')?.content ?? '')).toMatch(
      /\n\[shortened: 5800 more characters; /,
    );
  });

  it('comes before what leaves is announced, and is nothing that leaves', async () => {
    const played = await play(reading(6, 6000));
    const at = played.events.findIndex(({ type }) => type === 'conversation.shortened');
    expect(played.events.slice(at, at + 3).map(({ type }) => type)).toEqual([
      'conversation.shortened',
      'egress.sent',
      'model.requested',
    ]);
  });

  it('is shortened for a smaller window of the model as well, and its replies are held to what it can say', async () => {
    const window = { contextTokens: 12_000, outputTokens: 2000 };
    const played = await play(reading(6, 6000, { blueprint: blueprint(100_000), window }));
    expect(shortenings(played)).not.toEqual([]);
    for (const request of played.requests) {
      expect(request.maxOutputTokens).toBeLessThanOrEqual(2000);
      expect(tokensOf(request) + request.maxOutputTokens).toBeLessThanOrEqual(12_000);
    }
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
    const wide = await play(reading(6, 6000, { blueprint: blueprint(100_000) }));
    expect(shortenings(wide)).toEqual([]);
    expect(wide.requests[0]?.maxOutputTokens).toBe(8192);
  });

  it('ends the node when nothing that is old enough can be shortened, and says whose limit that was', async () => {
    const played = await play(reading(2, 40_000));
    expect(ending(played)).toMatchObject({
      outcome: 'exhausted',
      reason: 'the conversation has outgrown 12000 tokens',
    });
    const window = { contextTokens: 4000, outputTokens: null };
    const small = await play(reading(2, 40_000, { window }));
    expect(ending(small)?.reason).toBe("the conversation has outgrown the 4000 tokens of the model's window");
    expect(await replay(recordingOf(small))).toMatchObject({ identical: true });
  });

  it('ends the node after it was shortened, when that was not enough', async () => {
    const outputs = [3000, 3000, 3000, 60_000];
    const tools = { read_file: () => ({ output: 'y'.repeat(outputs.shift() ?? 10) }) };
    const played = await play(reading(4, 0, { tools }));
    expect(shortenings(played)).toHaveLength(1);
    expect(ending(played)).toMatchObject({ outcome: 'exhausted' });
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('ended the node at once in the engines before', async () => {
    const played = await play(reading(6, 6000, { engine: 3, window: { contextTokens: 5000, outputTokens: 10 } }));
    expect(shortenings(played)).toEqual([]);
    expect(ending(played)).toMatchObject({
      outcome: 'exhausted',
      reason: 'the conversation has outgrown 12000 tokens',
    });
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('lets the model ask again for what was taken out, which is no going round in circles', async () => {
    const again = Array.from({ length: 9 }, (_, at) => reply('', ['read_file', { path: `f${at % 2}` }]));
    const told = { blueprint: blueprint(9000), replies: [...again, reply('Done.')] };
    const played = await play(reading(0, 7000, told));
    expect(shortenings(played).length).toBeGreaterThan(1);
    expect(only(played.events, 'loop.detected')).toEqual([]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('replays hash for hash, whole and by its node, and goes on from wherever it breaks off', async () => {
    const told = () => reading(6, 6000);
    const whole = await play(told());
    expect(await replay(recordingOf(whole))).toMatchObject({ identical: true, divergence: null });
    expect(await replayNodeIn(recordingOf(whole), 'work')).toMatchObject({ identical: true, visits: 1 });
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      const answer: Scenario['answer'] = ({ messages }) => {
        const turn = messages.filter(({ role }) => role === 'assistant').length;
        return (told().replies?.[turn] ?? reply('Done.')) as ModelReply;
      };
      const played = await playBroken({ ...told(), answer }, [{ crashAfter, decision: 'repeat' }]);
      const place = `broken off after ${crashAfter}, ${whole.events[crashAfter - 1]?.type}`;
      expect(ending(played), place).toMatchObject({ outcome: 'success' });
      expect(
        shortenings(played).map(({ data }) => data),
        place,
      ).toEqual(shortenings(whole).map(({ data }) => data));
      expect(await replay(recordingOf(played)), place).toMatchObject({ identical: true, divergence: null });
    }
  });

  it('goes on from a pause that came just when it was to be shortened', async () => {
    const whole = await play(reading(6, 6000));
    const at = whole.events.findIndex(({ type }) => type === 'conversation.shortened');
    let paused = false;
    const intervene: Scenario['intervene'] = (events) => {
      if (paused || events.length !== at) return { kind: 'none' };
      paused = true;
      return { kind: 'inject', body: { type: 'run.paused', data: { reason: 'by test' } } };
    };
    const answer: Scenario['answer'] = ({ messages }) => {
      const turn = messages.filter(({ role }) => role === 'assistant').length;
      return (reading(6, 6000).replies?.[turn] ?? reply('Done.')) as ModelReply;
    };
    const played = await playBroken({ ...reading(6, 6000), answer, intervene }, [
      { crashAfter: 1_000_000, decision: 'repeat' },
    ]);
    expect(played.events.slice(at, at + 3).map(({ type }) => type)).toEqual([
      'run.paused',
      'run.resumed',
      'conversation.shortened',
    ]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('cannot be shortened otherwise than by the rule', async () => {
    const played = await play(reading(6, 6000));
    const at = played.inline.findIndex(({ type }) => type === 'conversation.shortened');
    const { state } = played.inline.slice(0, at).reduce(recall, NOTHING_YET);
    const event = played.inline[at] as RunEvent<'conversation.shortened'>;
    expect(step(state, event).effects).toMatchObject([{ kind: 'invoke_model' }]);
    const forged = { ...event, data: { ...event.data, calls: event.data.calls.slice(1) } };
    expect(() => step(state, forged)).toThrow('conversation.shortened cannot come');
    const early = played.inline.slice(0, at - 1).reduce(recall, NOTHING_YET);
    expect(() => step(early.state, event)).toThrow('conversation.shortened cannot come');
  });

  it('never exceeds its window, and replays identically, whatever is read', async () => {
    let shortened = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(3000), { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 11 }),
        fc.integer({ min: 6000, max: 14_000 }),
        async (turns, contextTokens) => {
          const sizes = turns.flat();
          const replies = turns.map((reads, turn): ModelReply => {
            const { toolCalls, ...rest } = reply(
              '',
              ...reads.map((_, at): [string, unknown] => ['read_file', { path: `f${turn}_${at}` }]),
            );
            return { ...rest, toolCalls: toolCalls.map((call, at) => ({ ...call, id: `c${turn}_${at}` })) };
          });
          const tools = { read_file: () => ({ output: 'é'.repeat(sizes.shift() ?? 0) }) };
          const window = { contextTokens, outputTokens: null };
          const played = await play(
            reading(0, 0, { blueprint: blueprint(16_000), replies: [...replies, reply('Done.')], tools, window }),
          );
          for (const request of played.requests)
            expect(tokensOf(request) + request.maxOutputTokens).toBeLessThanOrEqual(Math.min(contextTokens, 16_000));
          shortened += shortenings(played).length;
          expect(await replay(recordingOf(played))).toMatchObject({ identical: true, divergence: null });
        },
      ),
      { numRuns: 60 },
    );
    expect(shortened).toBeGreaterThan(20);
  });
});
