/** What every model promises, run on every adapter; and what only a recording can get wrong. */
import { describe, expect, test } from 'vitest';
import type { Model, ModelFailure } from '../../src/core/ports/model';
import { createRecordedModel } from '../../src/node/models/recorded/model';
import * as chat from '../support/openaiServer';
import { ask, fail, modelOf, REQUEST, reply, serve, sha256 } from './modelHarness';

type Said = { text: string; toolCalls?: { id: string; name: string; arguments: string }[] };
type Adapter = { readonly name: string; arrange(said: Said): Promise<Model> };

const recorded: Adapter = {
  name: 'recorded',
  async arrange({ text, toolCalls = [] }) {
    const usage = { input: 11, output: 7, cached: 0, estimated: false };
    const stop = toolCalls.length > 0 ? ('tools' as const) : ('end' as const);
    const entries = [{ signature: REQUEST.signature, reply: { text, toolCalls, usage, stop } }];
    return createRecordedModel({
      cassette: { version: 1, title: 'A test', task: 'Fix the bug', entries },
      name: 'test',
    });
  },
};

const openai: Adapter = {
  name: 'openai',
  async arrange({ text, toolCalls = [] }) {
    const half = Math.floor(text.length / 2);
    const pieces = text === '' ? [] : [text.slice(0, half), text.slice(half)];
    const server = await serve(toolCalls.length > 0 ? chat.callTools(toolCalls) : chat.say(pieces));
    return modelOf(server.baseUrl);
  },
};

describe.each([recorded, openai])('every model: $name', ({ arrange }) => {
  test('answers with the text, its usage and the reason it stopped', async () => {
    const answer = await reply(await arrange({ text: 'The bug is in tax.js.' }));
    expect(answer.text).toBe('The bug is in tax.js.');
    expect(answer.usage).toEqual({ input: 11, output: 7, cached: 0, estimated: false });
    expect(answer).toMatchObject({ stop: 'end', toolCalls: [] });
  });

  test('streams exactly the text it answers with', async () => {
    const answer = await reply(await arrange({ text: 'one two three four 🐞🐞 five' }));
    expect(answer.deltas.length).toBeGreaterThan(1);
    expect(answer.deltas.join('')).toBe(answer.text);
  });

  test('answers with several tool calls at once, in order, arguments untouched', async () => {
    const toolCalls = [
      { id: 'a', name: 'read_file', arguments: '{"path": "src/tax.js"}' },
      { id: 'b', name: 'read_file', arguments: '{"path":  "this is not JSON' },
      { id: 'c', name: 'search', arguments: '{"query":"größer 🐞"}' },
    ];
    const answer = await reply(await arrange({ text: '', toolCalls }));
    expect(answer.toolCalls).toEqual(toolCalls);
    expect(answer.stop).toBe('tools');
  });

  test('an empty reply is a reply with nothing in it', async () => {
    const answer = await reply(await arrange({ text: '' }));
    expect(answer).toMatchObject({ text: '', toolCalls: [], stop: 'end', deltas: [] });
  });

  test('a reply of 1 MB arrives whole', async () => {
    const text = 'ä0123456789abcde'.repeat(65_536);
    expect((await reply(await arrange({ text }))).text).toBe(text);
  });

  test('a request whose signal is already aborted is cancelled', async () => {
    const model = await arrange({ text: 'too late' });
    expect(await fail(model, AbortSignal.abort())).toMatchObject({ code: 'cancelled', retryable: false });
  });

  test('a request that is cancelled while it streams is cancelled, not answered', async () => {
    const model = await arrange({ text: 'one two three four' });
    const stop = new AbortController();
    const answer = await model.invoke(REQUEST, { signal: stop.signal, onDelta: () => stop.abort() });
    expect(answer).toMatchObject({ kind: 'failure', code: 'cancelled', retryable: false });
  });
});

describe('recorded: what only a recording can get wrong', () => {
  test('the same request gets the same reply, to the last member, as often as it is asked', async () => {
    const model = await recorded.arrange({ text: 'again' });
    expect((await ask(model)).answer).toEqual((await ask(model)).answer);
    expect((await ask(model)).answer).toMatchObject({ costUsd: 0, ms: 0, firstTokenMs: null });
  });

  test('a request it does not know is a loud failure that says what the recording is for and what to do', async () => {
    const model = await recorded.arrange({ text: 'only this' });
    const { answer } = await ask(model, undefined, { ...REQUEST, signature: sha256('another request') });
    expect(answer).toMatchObject({ kind: 'failure', code: 'cassette_miss', retryable: false });
    const { message } = answer as ModelFailure;
    expect(message).toContain('"A test"');
    expect(message).toContain(sha256('another request').slice(0, 12));
    expect(message).toContain('only its own task: "Fix the bug"');
    expect(message).toContain('openexec.model');
  });
});
