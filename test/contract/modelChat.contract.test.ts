/** What only Chat Completions does, and the many servers that are compatible with it, each in its own way. */
import { describe, expect, test } from 'vitest';
import type { ModelRequest } from '../../src/core/ports/model';
import * as chat from '../support/openaiServer';
import { fail, modelOf, REQUEST, reply, serve } from './modelHarness';

describe('chat: the request', () => {
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
      tools: REQUEST.tools.map((tool) => ({ type: 'function', function: tool })),
    });
  });
});

describe('chat: the reply', () => {
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

  test.each<[string, readonly object[]]>([
    [
      'without an index, whole in one chunk',
      [
        { id: 'a', function: { name: 'read_file', arguments: '{}' } },
        { id: 'b', function: { name: 'search', arguments: '{}' } },
      ],
    ],
    [
      'without index and id, whole',
      [{ function: { name: 'read_file', arguments: '{}' } }, { function: { name: 'search', arguments: '{}' } }],
    ],
    [
      'of the same tool, without index and id',
      [{ function: { name: 'read_file', arguments: '{}' } }, { function: { name: 'read_file', arguments: '{}' } }],
    ],
    [
      'that all have the index 0 and no id',
      [
        { index: 0, function: { name: 'read_file', arguments: '{}' } },
        { index: 0, function: { name: 'search', arguments: '{}' } },
      ],
    ],
  ])('calls %s stay apart, in one chunk or in several', async (_what, parts) => {
    const together = [chat.chunk({ tool_calls: parts }), chat.chunk({}, 'tool_calls')];
    const apart = [...parts.map((part) => chat.chunk({ tool_calls: [part] })), chat.chunk({}, 'stop')];
    const server = await serve(chat.stream(...together), chat.stream(...apart));
    for (const model of [modelOf(server.baseUrl), modelOf(server.baseUrl)]) {
      const { toolCalls, stop } = await reply(model);
      expect(toolCalls.map((call) => call.arguments)).toEqual(['{}', '{}']);
      expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2);
      expect(stop).toBe('tools');
    }
  });

  test('a server that repeats the name with every piece of a call means one call', async () => {
    const part = (text: string) => ({ tool_calls: [{ index: 0, function: { name: 'read_file', arguments: text } }] });
    const pieces = ['{"pa', 'th":', '"x"}', ''].map((text) => chat.chunk(part(text)));
    const server = await serve(chat.stream(...pieces, chat.chunk({}, 'tool_calls')));
    expect((await reply(modelOf(server.baseUrl))).toolCalls).toEqual([
      { id: 'call_0', name: 'read_file', arguments: '{"path":"x"}' },
    ]);
  });

  test('no arguments are none for a tool that takes nothing, and for every other they stay what they are', async () => {
    const calls = ['git_status', 'read_file', 'no_such_tool'].map((name) => ({ id: name, name, arguments: '' }));
    const cutOff = chat.stream(...chat.callChunks(calls.slice(0, 1)), ...chat.ending('length'));
    const server = await serve(chat.callTools(calls), cutOff);
    const written = async () => (await reply(modelOf(server.baseUrl))).toolCalls.map((call) => call.arguments);
    expect(await written()).toEqual(['{}', '', '']);
    expect(await written()).toEqual(['']);
  });

  test.each(['reasoning_content', 'reasoning'])('%s is a sign of life and no word of the text', async (member) => {
    const thoughts = ['I should ', 'look.'].map((thought) => chat.chunk({ [member]: thought }));
    const server = await serve(chat.stream(...thoughts, chat.chunk({ content: 'Done.' }), chat.chunk({}, 'stop')));
    let now = 0;
    const monotonic = () => {
      now += 10;
      return now;
    };
    const answer = await reply(modelOf(server.baseUrl, { monotonic }));
    expect(answer).toMatchObject({ text: 'Done.', deltas: ['Done.'], firstTokenMs: 10, ms: 20 });
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

  test('characters whose escapes are split between chunks arrive whole', async () => {
    const bug = chat.chunk({ content: '#' });
    const server = await serve(
      chat.stream(bug.replace('#', '\\ud83d'), bug.replace('#', '\\udc1e'), chat.chunk({}, 'stop')),
    );
    expect((await reply(modelOf(server.baseUrl))).text).toBe('🐞');
  });

  test('half a character becomes the replacement character, so that the reply can be stored', async () => {
    const server = await serve(chat.stream(chat.chunk({ content: '#' }, 'stop').replace('#', 'a\\ud83d')));
    expect((await reply(modelOf(server.baseUrl))).text).toBe('a\uFFFD');
  });

  test('what was read from the cache and written to it is told apart', async () => {
    const details = { cached_tokens: 900, cache_write_tokens: 50 };
    const usage = { prompt_tokens: 1000, completion_tokens: 7, prompt_tokens_details: details };
    const server = await serve(chat.say('ok', { usage }));
    const counted = { input: 1000, output: 7, cached: 900, cacheWrite: 50, estimated: false };
    expect((await reply(modelOf(server.baseUrl))).usage).toEqual(counted);
  });

  test('usage that is missing or makes no sense is estimated and marked as estimated', async () => {
    const nonsense = { prompt_tokens: -1, completion_tokens: 7 };
    const server = await serve(chat.say('12345678', { usage: null }), chat.say('12345678', { usage: nonsense }));
    for (const answer of [await reply(modelOf(server.baseUrl)), await reply(modelOf(server.baseUrl))]) {
      expect(answer.usage).toMatchObject({ output: 3, cached: 0, estimated: true });
      expect(answer.usage.input).toBeGreaterThan(0);
    }
  });

  test('a reply that ended for a reason that nobody knows is none, for it may have been broken off', async () => {
    const ending = (finish: string) => chat.stream(chat.chunk({ content: 'half of a' }), chat.chunk({}, finish));
    const server = await serve(ending('insufficient_system_resource'), ending('max_tokens'));
    const failed = await fail(modelOf(server.baseUrl));
    expect(failed).toMatchObject({ code: 'malformed', retryable: true });
    expect(failed.message).toContain('insufficient_system_resource');
    expect((await reply(modelOf(server.baseUrl))).stop).toBe('length');
  });

  test('usage that counts next to nothing of what was said is estimated as well', async () => {
    const none = { prompt_tokens: 0, completion_tokens: 0 };
    const inputOnly = { prompt_tokens: 1000, completion_tokens: 0 };
    const text = '12345678'.repeat(10);
    const server = await serve(chat.say(text, { usage: none }), chat.say(text, { usage: inputOnly }));
    const blind = await reply(modelOf(server.baseUrl));
    expect(blind.usage).toMatchObject({ output: 27, cached: 0, estimated: true });
    expect(blind.usage.input).toBeGreaterThan(0);
    expect((await reply(modelOf(server.baseUrl))).usage).toEqual({
      input: 1000,
      output: 27,
      cached: 0,
      estimated: true,
    });
  });

  test('the cost is by the price that is known, and else not known, which is not 0', async () => {
    const server = await serve(chat.say('text'), chat.say('text'));
    const facts = { contextTokens: null, outputTokens: null, price: { input: 0.15, output: 0.6 } };
    const { costUsd } = await reply(modelOf(server.baseUrl, { facts }));
    expect(costUsd).toBeCloseTo((11 * 0.15 + 7 * 0.6) / 1_000_000, 12);
    expect((await reply(modelOf(server.baseUrl))).costUsd).toBeNull();
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
});

describe('chat: what is wrong, in the words of many servers', () => {
  const MODEL = 'model "x" not found, try pulling it first';
  const LARGE = 'the request exceeds the available context size, try increasing it';

  test.each<[string, number, unknown, string, string]>([
    [
      'OpenAI',
      400,
      { error: { message: 'Bad.', type: 'invalid_request_error', param: 'x', code: null } },
      'refused',
      'Bad.',
    ],
    ['OpenAI', 400, { error: { message: 'Long.', code: 'context_length_exceeded' } }, 'too_large', 'Long.'],
    ['OpenAI', 403, { error: { message: 'No access.', code: 'model_not_found' } }, 'not_found', 'No access.'],
    ['OpenAI', 429, { error: { message: 'Pay.', code: 'insufficient_quota' } }, 'quota', 'Pay.'],
    ['OpenAI', 429, { error: { message: 'Slow.', code: 'rate_limit_exceeded' } }, 'rate_limited', 'Slow.'],
    [
      'Ollama',
      404,
      { error: { message: MODEL, type: 'api_error', param: null, code: null } },
      'not_found',
      'try pulling it',
    ],
    ['Ollama, its own API', 404, { error: MODEL }, 'not_found', 'try pulling it'],
    ['Ollama, without tools', 400, { error: 'x does not support tools' }, 'refused', 'x does not support tools'],
    ['LM Studio', 400, { error: 'No models loaded.' }, 'refused', 'No models loaded.'],
    [
      'LM Studio',
      400,
      { error: 'The number of tokens to keep is greater than the context length' },
      'too_large',
      'tokens to keep',
    ],
    [
      'vLLM',
      404,
      { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 },
      'not_found',
      'does not exist',
    ],
    [
      'vLLM',
      400,
      {
        object: 'error',
        message: "This model's maximum context length is 4096 tokens.",
        type: 'BadRequestError',
        code: 400,
      },
      'too_large',
      'maximum context length',
    ],
    [
      'vLLM, newer',
      400,
      { error: { message: 'Bad.', type: 'BadRequestError', param: null, code: 400 } },
      'refused',
      'Bad.',
    ],
    [
      'llama.cpp',
      400,
      { error: { code: 400, message: LARGE, type: 'exceed_context_size_error', n_ctx: 4096 } },
      'too_large',
      LARGE,
    ],
    [
      'llama.cpp',
      503,
      { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
      'overloaded',
      'Loading model',
    ],
    [
      'FastAPI',
      422,
      { detail: [{ loc: ['body'], msg: 'field required', type: 'missing' }] },
      'refused',
      'field required',
    ],
    ['FastAPI', 404, { detail: 'Not Found' }, 'not_found', 'Not Found'],
    ['LiteLLM', 400, { error: { message: 'Bad.', type: null, param: null, code: '400' } }, 'refused', 'Bad.'],
    [
      'a gateway of Google',
      400,
      [{ error: { code: 400, message: 'Bad.', status: 'INVALID_ARGUMENT' } }],
      'refused',
      'Bad.',
    ],
    ['somebody', 500, { message: 'Bad.' }, 'server', 'Bad.'],
    ['somebody', 500, 'just text', 'server', 'just text'],
  ])('%s, %i: %o', async (_who, status, body, code, words) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const server = await serve(chat.raw(status, { 'content-type': 'application/json' }, text));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('{');
  });

  test.each([
    ['rate_limit_exceeded', 'rate_limited', true],
    ['context_length_exceeded', 'too_large', false],
    ['invalid_request_error', 'refused', false],
    ['something_new', 'server', true],
  ] as const)('an error inside a stream of the kind %s is %s, retryable %s', async (kind, code, retryable) => {
    const event = (members: object): string => `data: ${JSON.stringify({ error: members })}\n\n`;
    const server = await serve(
      chat.stream(chat.chunk({ content: 'so far' }), event({ message: 'the reason', type: kind })),
      chat.stream(chat.chunk({ content: 'so far' }), event({ message: 'the reason', code: kind, type: null })),
    );
    for (const model of [modelOf(server.baseUrl), modelOf(server.baseUrl)]) {
      const failure = await fail(model);
      expect(failure).toMatchObject({ code, retryable });
      expect(failure.message).toContain('the reason');
    }
  });
});
