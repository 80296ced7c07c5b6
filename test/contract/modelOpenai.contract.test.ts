/** Requests and replies over the real protocol, against a local server that speaks it. */
import { describe, expect, test } from 'vitest';
import type { ModelRequest } from '../../src/core/ports/model';
import * as chat from '../support/openaiServer';
import { cleanups, fail, modelOf, REQUEST, reply, serve } from './modelHarness';

describe('openai: the request', () => {
  test('carries the conversation, the tools and the limit, and asks for usage', async () => {
    const server = await serve(chat.say('ok'));
    const request: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'read_file', arguments: '{"path":"x"}' }] },
        { role: 'tool', call: 'a', content: 'const x = 1;' },
        { role: 'assistant', content: 'I see.', toolCalls: [] },
      ],
    };
    await reply(modelOf(server.baseUrl), request);
    expect(server.requests[0]?.body).toEqual({
      model: 'test-model',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 100,
      messages: [
        { role: 'system', content: 'You fix bugs.' },
        { role: 'user', content: 'Fix the bug — now.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"path":"x"}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'const x = 1;' },
        { role: 'assistant', content: 'I see.' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: {} } },
        },
      ],
    });
  });

  test('carries the key it was given, and nothing out of the environment', async () => {
    process.env.OPENAI_API_KEY = 'key-of-the-environment';
    process.env.OPENAI_ORG_ID = 'organization-of-the-environment';
    process.env.OPENAI_CUSTOM_HEADERS = 'x-secret: header-of-the-environment';
    cleanups.push(async () => {
      for (const name of ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_CUSTOM_HEADERS']) delete process.env[name];
    });
    const server = await serve(chat.say('with a key'), chat.say('without'));
    await reply(modelOf(server.baseUrl, { key: 'sk-canary\n' }));
    await reply(modelOf(server.baseUrl));
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-canary');
    expect(server.requests[1]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain('of-the-environment');
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain('stainless');
  });

  test('is not made without a key for a server that is not this machine, and says how to set one', async () => {
    const failure = await fail(modelOf('https://models.example.com/v1'));
    expect(failure).toMatchObject({ code: 'key_missing', retryable: false });
    expect(failure.message).toContain('models.example.com');
    expect(failure.message).toContain('OpenExec: Set API Key…');
    expect(failure.message).toContain('OPENAI_API_KEY');
  });

  test('is not made with a key that no header can hold, and the key is not repeated', async () => {
    const failure = await fail(modelOf('https://models.example.com/v1', { key: 'sk-canary\u0000with\nlines' }));
    expect(failure).toMatchObject({ code: 'unauthorized', retryable: false });
    expect(failure.message).not.toContain('canary');
  });

  test('does not follow a redirect to a server nobody chose', async () => {
    const elsewhere = await serve(chat.say('thanks for the prompt'));
    const location = `${elsewhere.baseUrl}/chat/completions`;
    const server = await serve(chat.raw(307, { location }, ''));
    expect(await fail(modelOf(server.baseUrl))).toMatchObject({ code: 'refused', retryable: false });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('openai: the reply', () => {
  test('a tool call is put together from chunks of any size, interleaved with others', async () => {
    const part = (index: number, members: object) => chat.chunk({ tool_calls: [{ index, ...members }] });
    const server = await serve(
      chat.stream(
        part(0, { id: 'a', type: 'function', function: { name: 'read_file' } }),
        part(1, { id: 'b', type: 'function', function: { name: 'search', arguments: '{"que' } }),
        ...[...'{"path":"x"}'].map((letter) => part(0, { function: { arguments: letter } })),
        part(1, { function: { arguments: 'ry":"y"}' } }),
        chat.chunk({}, 'tool_calls'),
        'data: [DONE]\n\n',
      ),
    );
    expect((await reply(modelOf(server.baseUrl))).toolCalls).toEqual([
      { id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
      { id: 'b', name: 'search', arguments: '{"query":"y"}' },
    ]);
  });

  test('calls that all have the index 0 stay apart by their ids', async () => {
    const part = (id: string) => ({ tool_calls: [{ index: 0, id, function: { name: 'read_file', arguments: '{}' } }] });
    const server = await serve(chat.stream(chat.chunk(part('a')), chat.chunk(part('b')), chat.chunk({}, 'stop')));
    const answer = await reply(modelOf(server.baseUrl));
    expect(answer.toolCalls.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(answer.stop).toBe('tools');
  });

  test('calls without an id, or with one that was used before, get the same new ids every time', async () => {
    const calls = [
      { name: 'read_file', arguments: '{}' },
      { id: 'used', name: 'read_file', arguments: '{}' },
      { id: 'new', name: 'read_file', arguments: '{}' },
    ];
    const server = await serve(chat.callTools(calls), chat.callTools(calls));
    const used = { id: 'used', name: 'read_file', arguments: '{}' };
    const request: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: '', toolCalls: [used] },
        { role: 'tool', call: 'used', content: '' },
      ],
    };
    const ids = async () => (await reply(modelOf(server.baseUrl), request)).toolCalls.map(({ id }) => id);
    expect(await ids()).toEqual(['call_1', 'call_2', 'new']);
    expect(await ids()).toEqual(['call_1', 'call_2', 'new']);
  });

  test('a call without a name cannot be used', async () => {
    const server = await serve(chat.callTools([{ id: 'a', name: '', arguments: '{}' }]));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure.code).toBe('malformed');
    expect(failure.message).toContain('a tool call has no name');
  });

  test('characters that are split between packets, or between escapes of two chunks, arrive whole', async () => {
    const bytes = Buffer.from(chat.chunk({ content: 'größer 🐞 日本' }));
    const packets = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const bug = chat.chunk({ content: '#' });
    const server = await serve(
      chat.stream(...packets, bug.replace('#', '\\ud83d'), bug.replace('#', '\\udc1e'), chat.chunk({}, 'stop')),
    );
    expect((await reply(modelOf(server.baseUrl))).text).toBe('größer 🐞 日本🐞');
  });

  test('half a character becomes the replacement character, so that the reply can be stored', async () => {
    const server = await serve(chat.stream(chat.chunk({ content: '#' }, 'stop').replace('#', 'a\\ud83d')));
    expect((await reply(modelOf(server.baseUrl))).text).toBe('a\uFFFD');
  });

  test.each([
    ['length', 'length'],
    ['content_filter', 'filter'],
    ['stop', 'end'],
  ] as const)('the finish reason %s is the stop %s', async (finish, stop) => {
    const server = await serve(chat.say('text', { finish }));
    expect((await reply(modelOf(server.baseUrl))).stop).toBe(stop);
  });

  test('a refusal is text that was stopped by a filter', async () => {
    const server = await serve(chat.stream(chat.chunk({ refusal: 'I will not.' }), chat.chunk({}, 'stop')));
    expect(await reply(modelOf(server.baseUrl))).toMatchObject({ text: 'I will not.', stop: 'filter' });
  });

  test('usage that is missing or makes no sense is estimated and marked as estimated', async () => {
    const nonsense = { prompt_tokens: -1, completion_tokens: 7 };
    const server = await serve(chat.say('12345678', { usage: null }), chat.say('12345678', { usage: nonsense }));
    for (const answer of [await reply(modelOf(server.baseUrl)), await reply(modelOf(server.baseUrl))]) {
      expect(answer.usage).toMatchObject({ output: 2, cached: 0, estimated: true });
      expect(answer.usage.input).toBeGreaterThan(0);
    }
  });

  test('usage that counts next to nothing of what was said is estimated as well', async () => {
    const none = { prompt_tokens: 0, completion_tokens: 0 };
    const inputOnly = { prompt_tokens: 1000, completion_tokens: 0 };
    const text = '12345678'.repeat(10);
    const server = await serve(chat.say(text, { usage: none }), chat.say(text, { usage: inputOnly }));
    const blind = await reply(modelOf(server.baseUrl));
    expect(blind.usage).toMatchObject({ output: 20, cached: 0, estimated: true });
    expect(blind.usage.input).toBeGreaterThan(0);
    expect((await reply(modelOf(server.baseUrl))).usage).toEqual({
      input: 1000,
      output: 20,
      cached: 0,
      estimated: true,
    });
  });

  test('the cost is by the list price at the provider, nothing on this machine, and else not known, which is not 0', async () => {
    const server = await serve(chat.say('text'), chat.say('text'), chat.say('text'));
    const { baseUrl } = server;
    const costAt = async (destination: string, loopback: boolean): Promise<number | null> => {
      const place = { server: { baseUrl, destination, loopback }, key: 'k' };
      return (await reply(modelOf(baseUrl, { provider: 'openai', name: 'gpt-4o-mini', ...place }))).costUsd;
    };
    expect(await costAt('api.openai.com', false)).toBeCloseTo((11 * 0.15 + 7 * 0.6) / 1_000_000, 12);
    expect(await costAt('this machine (127.0.0.1)', true)).toBe(0);
    expect(await costAt('proxy.example.com', false)).toBeNull();
  });

  test('times come from the injected clock, in whole milliseconds', async () => {
    const server = await serve(chat.say('text'));
    let now = 1000.4;
    const monotonic = () => {
      now += 10.2;
      return now;
    };
    const answer = await reply(modelOf(server.baseUrl, { monotonic }));
    expect(answer.firstTokenMs).toBe(10);
    expect(answer.ms).toBe(20);
  });

  test('a reply that was complete before the connection broke or went silent is a reply', async () => {
    const whole = chat.chunk({ content: 'whole' }) + chat.chunk({}, 'stop');
    const server = await serve(chat.breakAfter(whole), chat.stallAfter(whole));
    const model = modelOf(server.baseUrl, { limits: { stallMs: 50 } });
    expect((await reply(model)).text).toBe('whole');
    expect((await reply(model)).text).toBe('whole');
  });
});
