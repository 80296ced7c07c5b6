/** What every model promises of its replies, run on every adapter; and what only a recording can get wrong. */
import { describe, expect, test } from 'vitest';
import type { Model, ModelFailure } from '../../src/core/ports/model';
import { createRecordedModel } from '../../src/node/models/recorded/model';
import { stream } from '../support/sseServer';
import type { Said } from './dialect';
import { DIALECTS } from './dialects/all';
import { ask, cleanups, fail, REQUEST, reply, sha256 } from './modelHarness';

/** A model that answers as it is told; null where it has no such answer. */
type Adapter = { readonly name: string; arrange(said: Said): Promise<Model | null> };

const recorded: Adapter = {
  name: 'recorded',
  async arrange({ text = [], toolCalls = [], stop, usage: reported = true }) {
    if (!reported) return null;
    const usage = { input: 11, output: 7, cached: 0, estimated: false };
    const end = stop ?? (toolCalls.length > 0 ? ('tools' as const) : ('end' as const));
    const said = { text: text.join(''), toolCalls: [...toolCalls], usage, stop: end };
    const entries = [{ signature: REQUEST.signature, reply: said }];
    return createRecordedModel({
      cassette: { version: 1, title: 'A test', task: 'Fix the bug', entries },
      name: 'test',
    });
  },
};

const live = DIALECTS.map(
  (dialect): Adapter => ({
    name: dialect.name,
    async arrange(said) {
      const parts = dialect.reply(said);
      if (parts === null) return null;
      const server = await dialect.start();
      cleanups.push(() => server.close());
      server.answer(stream(...parts));
      return dialect.model({ baseUrl: server.baseUrl });
    },
  }),
);

const CALLS = [
  { id: 'a', name: 'read_file', arguments: '{"path": "src/tax.js"}' },
  { id: 'b', name: 'read_file', arguments: '{"path":"größer 🐞"}' },
  { id: 'c', name: 'git_status', arguments: '{}' },
];

describe.each([recorded, ...live])('every model: $name', ({ arrange }) => {
  const made = async (said: Said): Promise<Model> => {
    const model = await arrange(said);
    if (model === null) throw new Error('this adapter has no such answer');
    return model;
  };

  test('answers with the text, its usage and the reason it stopped', async () => {
    const answer = await reply(await made({ text: ['The bug is', ' in tax.js.'] }));
    expect(answer.text).toBe('The bug is in tax.js.');
    expect(answer.usage).toMatchObject({ input: 11, output: 7, cached: 0, estimated: false });
    expect(answer).toMatchObject({ stop: 'end', toolCalls: [] });
  });

  test('streams exactly the text it answers with', async () => {
    const answer = await reply(await made({ text: ['one two ', 'three four 🐞', '🐞 five'] }));
    expect(answer.deltas.length).toBeGreaterThan(1);
    expect(answer.deltas.join('')).toBe(answer.text);
  });

  test.each([1, 7, 1000])('answers with several tool calls at once, their arguments in pieces of %i', async (size) => {
    const answer = await reply(await made({ toolCalls: CALLS, size }));
    expect(answer.toolCalls).toEqual(CALLS);
    expect(answer).toMatchObject({ stop: 'tools', text: '' });
  });

  test('answers with a text and the calls after it', async () => {
    const answer = await reply(await made({ text: ['I look.'], toolCalls: CALLS }));
    expect(answer).toMatchObject({ text: 'I look.', toolCalls: CALLS, stop: 'tools' });
    expect(answer.deltas.join('')).toBe('I look.');
  });

  test.each(['{"path":  "this is not JSON', '{"path":"x"}}', '{path: x}', 'src/tax.js', ' {"path" : 1 } ', '"{}"'])(
    'hands on arguments as they were written, and repairs nothing: %s',
    async (written) => {
      const call = { id: 'a', name: 'read_file', arguments: written };
      const answer = await reply(await made({ toolCalls: [call], size: 5 }));
      expect(answer.toolCalls).toEqual([call]);
      expect(answer.stop).toBe('tools');
    },
  );

  test('an empty reply is a reply with nothing in it', async () => {
    const answer = await reply(await made({}));
    expect(answer).toMatchObject({ text: '', toolCalls: [], stop: 'end', deltas: [] });
  });

  test.each(['length', 'filter', 'refusal'] as const)(
    'a reply that ends by %s says so, with what came',
    async (stop) => {
      const model = await arrange({ text: ['I would ', 'rather'], stop });
      // Anthropic has no filter of its own: what it will not say, it refuses.
      if (model === null) return expect(stop).toBe('filter');
      expect(await reply(model)).toMatchObject({ text: 'I would rather', stop, toolCalls: [] });
    },
  );

  test('usage that is not reported is estimated, and marked as that', async () => {
    const model = await arrange({ text: ['12345678'.repeat(10)], usage: false });
    if (model === null) return;
    const { usage } = await reply(model);
    expect(usage).toMatchObject({ cached: 0, estimated: true });
    expect(usage.input).toBeGreaterThan(0);
    expect(usage.output).toBeGreaterThan(0);
  });

  test('a reply of 1 MB arrives whole', async () => {
    const text = 'ä0123456789abcde'.repeat(65_536);
    expect((await reply(await made({ text: [text.slice(0, 300_000), text.slice(300_000)] }))).text).toBe(text);
  });

  test('arguments of 1 MB arrive whole', async () => {
    const call = { id: 'a', name: 'read_file', arguments: JSON.stringify({ path: 'ä0123456789abcde'.repeat(65_536) }) };
    expect((await reply(await made({ toolCalls: [call], size: 100_000 }))).toolCalls).toEqual([call]);
  });

  test('a request whose signal is already aborted is cancelled', async () => {
    const model = await made({ text: ['too late'] });
    expect(await fail(model, AbortSignal.abort())).toMatchObject({ code: 'cancelled', retryable: false });
  });

  test('a request that is cancelled while it streams is cancelled, not answered', async () => {
    const model = await made({ text: ['one two', ' three four'] });
    const stop = new AbortController();
    const answer = await model.invoke(REQUEST, { signal: stop.signal, onDelta: () => stop.abort() });
    expect(answer).toMatchObject({ kind: 'failure', code: 'cancelled', retryable: false });
  });
});

describe('recorded: what only a recording can get wrong', () => {
  const arrange = (text: string): Promise<Model | null> => recorded.arrange({ text: [text] });

  test('the same request gets the same reply, to the last member, as often as it is asked', async () => {
    const model = (await arrange('again')) as Model;
    expect((await ask(model)).answer).toEqual((await ask(model)).answer);
    expect((await ask(model)).answer).toMatchObject({ costUsd: 0, ms: 0, firstTokenMs: null });
  });

  test('a request it does not know is a loud failure that says what the recording is for and what to do', async () => {
    const model = (await arrange('only this')) as Model;
    const { answer } = await ask(model, undefined, { ...REQUEST, signature: sha256('another request') });
    expect(answer).toMatchObject({ kind: 'failure', code: 'cassette_miss', retryable: false });
    const { message } = answer as ModelFailure;
    expect(message).toContain('"A test"');
    expect(message).toContain(sha256('another request').slice(0, 12));
    expect(message).toContain('only its own task: "Fix the bug"');
    expect(message).toContain('openexec.model');
  });
});
