/** What only Anthropic's Messages API does: turns, thinking that is given back, marks for the cache. */
import { describe, expect, test, vi } from 'vitest';
import type { Message } from '../../src/core/events/parts';
import type { Model, ModelRequest } from '../../src/core/ports/model';
import { createAnthropicModel } from '../../src/node/models/anthropic/model';
import type { HttpModelOptions } from '../../src/node/models/shared/exchange';
import * as server from '../support/anthropicServer';
import { raw, stream } from '../support/sseServer';
import { ask, cleanups, fail, httpOptions, REQUEST, reply } from './modelHarness';

async function serve(...script: server.Answer[]): Promise<server.AnthropicServer> {
  const started = await server.startAnthropicServer(...script);
  cleanups.push(() => started.close());
  return started;
}

const modelOf = (baseUrl: string, options: Partial<HttpModelOptions> = {}): Model =>
  createAnthropicModel({ ...httpOptions({ baseUrl }), provider: 'anthropic', ...options });

const withMessages = (...more: Message[]): ModelRequest => ({ ...REQUEST, messages: [...REQUEST.messages, ...more] });
const call = (id: string, written = '{"path":"x"}') => ({ id, name: 'read_file', arguments: written });
const MARK = { cache_control: { type: 'ephemeral' } };

const THOUGHT: server.Block = { type: 'thinking', pieces: ['I should ', 'look — 🐞.'], signature: 'c2lnbmVk' };
const SECRET_THOUGHT: server.Block = { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' };
const thought = { type: 'thinking', thinking: 'I should look — 🐞.', signature: 'c2lnbmVk' };

describe('anthropic: the request', () => {
  test('carries the system prompt apart, the tools with their schemas, and the limit', async () => {
    const at = await serve(server.respond([{ type: 'text', pieces: ['ok'] }]));
    await reply(modelOf(at.baseUrl));
    expect(at.requests[0]?.body).toEqual({
      model: 'test-model',
      max_tokens: 100,
      stream: true,
      system: [{ type: 'text', text: 'You fix bugs.', ...MARK }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Fix the bug — now.', ...MARK }] }],
      tools: REQUEST.tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters,
      })),
    });
    expect(at.requests[0]?.headers['anthropic-version']).toBe('2023-06-01');
  });

  test('gives the results of several calls back in one message, in the order of the calls, and words after them', async () => {
    const at = await serve(server.respond([]));
    const request = withMessages(
      { role: 'assistant', content: 'I look.', toolCalls: [call('a'), call('b')] },
      { role: 'tool', call: 'a', content: 'const x = 1;' },
      { role: 'tool', call: 'b', content: '' },
      { role: 'user', content: 'Go on.' },
    );
    await reply(modelOf(at.baseUrl), request);
    expect(at.requests[0]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'x' } },
          { type: 'tool_use', id: 'b', name: 'read_file', input: { path: 'x' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'const x = 1;' }] },
          { type: 'tool_result', tool_use_id: 'b' },
          { type: 'text', text: 'Go on.', ...MARK },
        ],
      },
    ]);
  });

  test.each([
    ['{"path": "cut o', { INVALID_JSON: '{"path": "cut o' }],
    ['["a list"]', { INVALID_JSON: '["a list"]' }],
    ['', { INVALID_JSON: '' }],
    ['{}', {}],
  ])('gives arguments back that were no object as the model wrote them: %s', async (written, input) => {
    const at = await serve(server.respond([]));
    const request = withMessages(
      { role: 'assistant', content: '', toolCalls: [call('a', written)] },
      { role: 'tool', call: 'a', content: 'not JSON' },
    );
    await reply(modelOf(at.baseUrl), request);
    expect(at.requests[0]?.body.messages[1]?.content).toEqual([
      { type: 'tool_use', id: 'a', name: 'read_file', input },
    ]);
  });

  test('leaves out what the API refuses: replies with nothing in them, texts of nothing but space, ids of other providers', async () => {
    const at = await serve(server.respond([]));
    const request = withMessages(
      { role: 'assistant', content: ' \n', toolCalls: [] },
      { role: 'user', content: 'Say something.' },
      { role: 'assistant', content: '', toolCalls: [call('call:1')] },
      { role: 'tool', call: 'call:1', content: ' ' },
    );
    await reply(modelOf(at.baseUrl), request);
    expect(at.requests[0]?.body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
});

describe('anthropic: the cache', () => {
  test('at every step the conversation so far is the beginning of the next request, and at most four places are marked', async () => {
    const at = await serve(...Array.from({ length: 5 }, () => server.respond([])));
    const messages: Message[] = [];
    for (let step = 0; step < 5; step += 1) {
      await reply(modelOf(at.baseUrl), withMessages(...messages));
      messages.push(
        { role: 'assistant', content: `Step ${step}.`, toolCalls: [call(`a${step}`), call(`b${step}`)] },
        { role: 'tool', call: `a${step}`, content: 'one' },
        { role: 'tool', call: `b${step}`, content: 'two' },
      );
    }
    const plain = at.requests.map(({ body }) => {
      const { messages: sent, ...head } = body;
      return {
        head,
        turns: sent.map((turn) => JSON.stringify(turn).replaceAll(`,${JSON.stringify(MARK).slice(1, -1)}`, '')),
      };
    });
    for (const [n, { head, turns }] of plain.entries()) {
      const before = plain[n - 1];
      if (before === undefined) continue;
      expect(JSON.stringify(head)).toBe(JSON.stringify(before.head));
      expect(turns.slice(0, before.turns.length)).toEqual(before.turns);
    }
    const marks = at.requests.map(({ body }) => JSON.stringify(body).split('cache_control').length - 1);
    expect(marks).toEqual([2, 3, 3, 3, 3]);
  });

  test('what was marked last in one request is marked in the next one, where it is read', async () => {
    const at = await serve(server.respond([]), server.respond([]));
    await reply(modelOf(at.baseUrl));
    const more = withMessages(
      { role: 'assistant', content: '', toolCalls: [call('a')] },
      { role: 'tool', call: 'a', content: 'one' },
    );
    await reply(modelOf(at.baseUrl), more);
    expect(at.requests[1]?.body.messages[0]).toEqual(at.requests[0]?.body.messages[0]);
  });

  test('without a system prompt the tools are marked', async () => {
    const at = await serve(server.respond([]));
    await reply(modelOf(at.baseUrl), { ...REQUEST, messages: REQUEST.messages.slice(1) });
    expect(at.requests[0]?.body.tools?.map((tool) => tool.cache_control)).toEqual([undefined, { type: 'ephemeral' }]);
  });

  test('what was read from it and written to it counts as input, and is told apart', async () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: 900, cache_creation_input_tokens: 50, output_tokens: 1 };
    const parts = [...server.opening(usage), ...server.ending('end_turn', { output_tokens: 42, input_tokens: null })];
    const other = await serve(stream(...parts));
    const facts = {
      contextTokens: null,
      outputTokens: null,
      price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    };
    const answer = await reply(modelOf(other.baseUrl, { facts }));
    expect(answer.usage).toEqual({ input: 960, output: 42, cached: 900, cacheWrite: 50, estimated: false });
    expect(answer.costUsd).toBeCloseTo((10 * 3 + 900 * 0.3 + 50 * 3.75 + 42 * 15) / 1_000_000, 12);
  });
});

describe('anthropic: thinking', () => {
  const thoughtful: server.Block[] = [
    THOUGHT,
    SECRET_THOUGHT,
    { type: 'text', pieces: ['I look', ' here.'] },
    { type: 'tool_use', ...call('a') },
    { type: 'tool_use', ...call('b') },
  ];

  async function next(
    answer: Awaited<ReturnType<typeof reply>>,
    at: server.AnthropicServer,
    model = modelOf(at.baseUrl),
  ) {
    const { text, toolCalls, kept } = answer;
    const said: Message = { role: 'assistant', content: text, toolCalls, ...(kept ? { kept } : {}) };
    const results = toolCalls.map(({ id }): Message => ({ role: 'tool', call: id, content: 'done' }));
    await reply(model, withMessages(said, ...results));
    return at.requests.at(-1)?.body.messages[1]?.content;
  }

  test('is no word of the text, and is given back unchanged, in its place, before the results of the calls', async () => {
    const at = await serve(server.respond(thoughtful, 'tool_use'), server.respond([]));
    const answer = await reply(modelOf(at.baseUrl));
    expect(answer).toMatchObject({ text: 'I look here.', deltas: ['I look', ' here.'], stop: 'tools' });
    expect(await next(answer, at)).toEqual([
      thought,
      SECRET_THOUGHT,
      { type: 'text', text: 'I look here.' },
      { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'x' } },
      { type: 'tool_use', id: 'b', name: 'read_file', input: { path: 'x' } },
    ]);
  });

  test('between texts and calls keeps its place', async () => {
    const mixed: server.Block[] = [
      { type: 'text', pieces: ['größer 🐞'] },
      THOUGHT,
      { type: 'tool_use', ...call('a') },
      SECRET_THOUGHT,
      { type: 'tool_use', ...call('b') },
    ];
    const at = await serve(server.respond(mixed, 'tool_use'), server.respond([]));
    const given = await next(await reply(modelOf(at.baseUrl)), at);
    expect(given?.map(({ type }) => type)).toEqual(['text', 'thinking', 'tool_use', 'redacted_thinking', 'tool_use']);
  });

  test('that does not fit the message any more comes first', async () => {
    const at = await serve(server.respond(thoughtful, 'tool_use'), server.respond([]));
    const answer = await reply(modelOf(at.baseUrl));
    const given = await next({ ...answer, text: 'shortened', toolCalls: answer.toolCalls.slice(1) }, at);
    expect(given?.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'text', 'tool_use']);
  });

  test.each(['not JSON', '{"protocol":"openai.responses","items":[]}', '{"protocol":"anthropic.messages"}', '17'])(
    'that does not parse is left out: %s',
    async (kept) => {
      const at = await serve(server.respond(thoughtful, 'tool_use'), server.respond([]));
      const given = await next({ ...(await reply(modelOf(at.baseUrl))), kept }, at);
      expect(given?.map(({ type }) => type)).toEqual(['text', 'tool_use', 'tool_use']);
    },
  );

  test('of one model is not given to another', async () => {
    const at = await serve(server.respond(thoughtful, 'tool_use'), server.respond([]));
    const answer = await reply(modelOf(at.baseUrl));
    const given = await next(answer, at, modelOf(at.baseUrl, { name: 'another-model' }));
    expect(given?.map(({ type }) => type)).toEqual(['text', 'tool_use', 'tool_use']);
  });

  test('with nothing after it is not given back: a message may not end in it', async () => {
    const at = await serve(server.respond([THOUGHT], 'end_turn'), server.respond([]));
    const answer = await reply(modelOf(at.baseUrl));
    const said: Message = { role: 'assistant', content: '', toolCalls: [], kept: answer.kept ?? '' };
    await reply(modelOf(at.baseUrl), withMessages(said, { role: 'user', content: 'And?' }));
    expect(at.requests[1]?.body.messages.map(({ role }) => role)).toEqual(['user']);
  });

  test('a reply without any keeps nothing', async () => {
    const at = await serve(server.respond([{ type: 'text', pieces: ['ok'] }]));
    expect((await reply(modelOf(at.baseUrl))).kept ?? null).toBeNull();
  });

  test('is a sign of life', async () => {
    const at = await serve(server.respond([THOUGHT, { type: 'text', pieces: ['Done.'] }]));
    let now = 0;
    const monotonic = () => {
      now += 10;
      return now;
    };
    expect(await reply(modelOf(at.baseUrl, { monotonic }))).toMatchObject({ firstTokenMs: 10, ms: 20 });
  });
});

describe('anthropic: the end of a reply', () => {
  const words: server.Block[] = [{ type: 'text', pieces: ['so far'] }];

  test.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'refusal'],
  ] as const)('%s is %s', async (reason, stop) => {
    const at = await serve(server.respond(words, reason));
    expect(await reply(modelOf(at.baseUrl))).toMatchObject({ text: 'so far', stop });
  });

  test.each(['pause_turn', 'something_new'])('%s is no end: the reply is not taken for a whole one', async (reason) => {
    const at = await serve(server.respond(words, reason));
    expect(await fail(modelOf(at.baseUrl))).toMatchObject({ code: 'malformed' });
  });

  test('a call of a tool without a word of input has the input that it began with', async () => {
    const at = await serve(
      server.respond([{ type: 'tool_use', id: 'a', name: 'read_file', arguments: '' }], 'tool_use'),
    );
    expect((await reply(modelOf(at.baseUrl))).toolCalls).toEqual([{ id: 'a', name: 'read_file', arguments: '{}' }]);
  });

  test('events, blocks and members that nobody here knows are passed over', async () => {
    const strange = [
      server.event('content_block_start', { index: 0, content_block: { type: 'server_tool_use', id: 's', name: 'w' } }),
      server.event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } }),
      server.event('content_block_delta', { index: 0, delta: { type: 'citations_delta', citation: {} } }),
      server.event('content_block_stop', { index: 0 }),
      server.event('something_new', { index: 'x' }),
    ];
    const text = server.blockEvents({ type: 'text', pieces: ['whole'] }, 1);
    const at = await serve(stream(...server.opening(), ...strange, ...text, ...server.ending('end_turn')));
    expect(await reply(modelOf(at.baseUrl))).toMatchObject({ text: 'whole', toolCalls: [], stop: 'end' });
  });
});

describe('anthropic: errors', () => {
  const errorEvent = (type: string) => `event: error\ndata: ${server.errorBody(500, 'in words', type)}\n\n`;

  test.each([
    ['overloaded_error', 'overloaded', true],
    ['api_error', 'server', true],
    ['timeout_error', 'server', true],
    ['rate_limit_error', 'rate_limited', true],
    ['invalid_request_error', 'refused', false],
    ['billing_error', 'quota', false],
    ['something_new', 'server', true],
  ] as const)('%s in the middle of a stream is %s', async (type, code, retryable) => {
    const at = await serve(stream(...server.opening(), errorEvent(type)));
    expect(await fail(modelOf(at.baseUrl))).toMatchObject({ code, retryable });
  });

  test.each([
    [400, 'billing_error', 'quota', false],
    [400, 'invalid_request_error', 'refused', false],
    [500, 'overloaded_error', 'overloaded', true],
    [403, 'permission_error', 'unauthorized', false],
  ] as const)('%i with %s is %s', async (status, type, code, retryable) => {
    const at = await serve(
      raw(status, { 'content-type': 'application/json' }, server.errorBody(status, 'words', type)),
    );
    expect(await fail(modelOf(at.baseUrl))).toMatchObject({ code, retryable });
  });

  test('nothing is written on the console, and no profile or variable of the machine changes where a request goes', async () => {
    const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
    for (const name of ['ANTHROPIC_BASE_URL', 'ANTHROPIC_PROFILE', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_LOG']) {
      vi.stubEnv(name, name === 'ANTHROPIC_LOG' ? 'debug' : 'https://elsewhere.example.com');
    }
    const at = await serve(server.respond([{ type: 'text', pieces: ['ok'] }]));
    const { answer } = await ask(modelOf(at.baseUrl, { name: 'claude-2.1' }));
    expect(answer).toMatchObject({ kind: 'reply', text: 'ok' });
    expect(JSON.stringify(at.requests[0]?.headers)).not.toContain('elsewhere');
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  });
});
