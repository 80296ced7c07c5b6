import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src/core/events/parts';
import { textOf } from '../../../../src/core/events/payload';
import { messageBytes, totalBytes } from '../../../../src/core/run/conversation';
import { shorten } from '../../../../src/core/run/shorten';

const VISIT = { id: 'work', attempt: 2 };
const never = () => false;

/** A conversation of a visit: rules, task, and turns of calls with these results. */
function conversation(turns: readonly (readonly string[])[]): Message[] {
  const opening: Message[] = [
    { role: 'system', content: 'r'.repeat(900) },
    { role: 'user', content: 't'.repeat(900) },
  ];
  const told = turns.flatMap((results, turn): Message[] => {
    const id = (at: number): string => `c${turn}_${at}`;
    const toolCalls = results.map((_, at) => ({ id: id(at), name: 'read_file', arguments: `"${'a'.repeat(900)}"` }));
    const answers = results.map((content, at): Message => ({ role: 'tool', call: id(at), content }));
    return [{ role: 'assistant', content: 's'.repeat(900), toolCalls }, ...answers];
  });
  return [...opening, ...told];
}

const result = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 500 }),
  fc.integer({ min: 300, max: 5000 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 100, max: 400 }).map((length) => '😀'.repeat(length)),
);
const turns = fc.array(fc.array(result, { maxLength: 4 }), { maxLength: 8 });
const contents = (messages: readonly Message[]): string[] => messages.map(({ content }) => textOf(content));

describe('a conversation that is shortened', () => {
  it('loses the tails of old results, with a line that says how much, and nothing else', () => {
    const sent = conversation([['a'.repeat(1000), 'b'.repeat(400)], ['c'.repeat(1000)], [], ['d'.repeat(1000)]]);
    const short = shorten(sent, VISIT, never);
    expect(contents(short.sent).filter((text, at) => text !== textOf(sent[at]?.content ?? ''))).toEqual([
      `${'a'.repeat(200)}\n[shortened: 800 more characters; call the tool again if they are needed]`,
      `${'c'.repeat(200)}\n[shortened: 800 more characters; call the tool again if they are needed]`,
    ]);
    expect(short.calls).toEqual([
      { call: 'work.2.1.1', before: 1000, after: 273 },
      { call: 'work.2.2.1', before: 1000, after: 273 },
    ]);
  });

  it('loses what a provider had bound to what stood before, from the first shortened result on', () => {
    const told = conversation([['a'], ['b'.repeat(1000)], ['c'], ['d']]);
    const sent = told.map((message) => (message.role === 'assistant' ? { ...message, kept: '{"signed":1}' } : message));
    const short = shorten(sent, VISIT, never);
    const kept = short.sent.flatMap((message) => (message.role === 'assistant' ? [message.kept] : []));
    expect(kept).toEqual(['{"signed":1}', '{"signed":1}', undefined, undefined]);
    expect(short.after).toBe(totalBytes(short.sent));
    expect(shorten(sent, VISIT, () => true).sent).toEqual(sent);
  });

  it('is shortened from its oldest result on, and no more than is needed', () => {
    const sent = conversation([['a'.repeat(1000)], ['b'.repeat(1000)], ['c'.repeat(1000)], [], []]);
    const whole = totalBytes(sent);
    const short = shorten(sent, VISIT, (bytes) => bytes <= whole - 1400);
    expect(short.calls.map(({ call }) => call)).toEqual(['work.2.1.1', 'work.2.2.1']);
    expect(shorten(sent, VISIT, () => true)).toMatchObject({ calls: [], before: whole, after: whole });
  });

  it('keeps everything of the last two turns, all that is no result, and what is short', () => {
    fc.assert(
      fc.property(turns, (told) => {
        const sent = conversation(told);
        const short = shorten(sent, VISIT, never);
        const replies = sent.flatMap(({ role }, at) => (role === 'assistant' ? [at] : []));
        const last = replies.at(-2) ?? 0;
        expect(short.sent).toHaveLength(sent.length);
        for (const [at, message] of sent.entries()) {
          const text = textOf(message.content);
          const old = message.role === 'tool' && at < last && text.length > 400;
          if (old) expect(textOf(short.sent[at]?.content ?? '').length).toBeLessThan(300);
          else expect(short.sent[at]).toBe(message);
        }
      }),
    );
  });

  it('has exactly the bytes that are said of it, and holds whole characters', () => {
    fc.assert(
      fc.property(turns, fc.nat(30_000), (told, most) => {
        const sent = conversation(told);
        const short = shorten(sent, VISIT, (bytes) => bytes <= most);
        expect(short.before).toBe(totalBytes(sent));
        expect(short.after).toBe(totalBytes(short.sent));
        const saved = short.calls.reduce((sum, { before, after }) => sum + before - after, 0);
        expect(short.before - short.after).toBe(saved);
        for (const message of short.sent)
          expect(messageBytes(message)).toBeGreaterThanOrEqual(Buffer.from(textOf(message.content)).length);
        for (const text of contents(short.sent)) expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
  });

  it('is small enough afterwards, or has nothing left that the rule would shorten', () => {
    fc.assert(
      fc.property(turns, fc.nat(30_000), (told, most) => {
        const isEnough = (bytes: number): boolean => bytes <= most;
        const short = shorten(conversation(told), VISIT, isEnough);
        if (isEnough(short.after)) return;
        expect(shorten(short.sent, VISIT, never).calls).toEqual([]);
      }),
    );
  });

  it('is not shortened a second time', () => {
    fc.assert(
      fc.property(turns, (told) => {
        const once = shorten(conversation(told), VISIT, never);
        expect(shorten(once.sent, VISIT, never)).toMatchObject({ sent: once.sent, calls: [] });
      }),
    );
  });
});
