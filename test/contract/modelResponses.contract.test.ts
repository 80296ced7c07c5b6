/** What only the Responses API does: items, phases, encrypted reasoning that must be given back, errors as events. */
import { describe, expect, test } from 'vitest';
import type { Model, ModelReply, ModelRequest } from '../../src/core/ports/model';
import { createResponsesModel } from '../../src/node/models/openai/responses/model';
import * as api from '../support/responsesServer';
import { stream } from '../support/sseServer';
import { cleanups, fail, httpOptions, REQUEST, reply } from './modelHarness';

async function serve(...script: api.Answer[]): Promise<api.ResponsesServer> {
  const server = await api.startResponsesServer(...script);
  cleanups.push(() => server.close());
  return server;
}

const modelOf = ({ baseUrl }: { readonly baseUrl: string }, options: { name?: string } = {}): Model =>
  createResponsesModel({ ...httpOptions({ baseUrl }), provider: 'openai', ...options });

const CALL = { id: 'call_a', name: 'read_file', arguments: '{"path":"x"}' };
const call = (id: string): api.Output => ({ kind: 'call', call: { ...CALL, id } });
const reasoning = (id: string): api.Output => ({
  kind: 'reasoning',
  item: { id, summary: [{ type: 'summary_text', text: 'Looking.' }], encrypted_content: `secret of ${id}` },
});
const givenBack = (id: string): object => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text: 'Looking.' }],
  encrypted_content: `secret of ${id}`,
});

/** The next request of the conversation: the reply, and a result for each of its calls. */
const following = (answer: ModelReply, change: Partial<ModelReply> = {}): ModelRequest => {
  const { text, toolCalls, kept } = { ...answer, ...change };
  return {
    ...REQUEST,
    messages: [
      ...REQUEST.messages,
      { role: 'assistant', content: text, toolCalls, ...(kept ? { kept } : {}) },
      ...toolCalls.map(({ id }) => ({ role: 'tool' as const, call: id, content: `result of ${id}` })),
    ],
  };
};

describe('responses: the request', () => {
  test('carries the conversation as items, stores nothing, and has the limit and the tools', async () => {
    const server = await serve(api.respond(api.words('ok')));
    const request: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: 'I look.', toolCalls: [{ ...CALL, id: 'a' }] },
        { role: 'tool', call: 'a', content: 'const x = 1;' },
        { role: 'assistant', content: '', toolCalls: [{ ...CALL, id: 'b', arguments: 'not JSON' }] },
        { role: 'tool', call: 'b', content: 'That is not JSON.' },
      ],
    };
    await reply(modelOf(server), request);
    expect(server.requests[0]?.body).toEqual({
      model: 'test-model',
      stream: true,
      store: false,
      max_output_tokens: 100,
      input: [
        { type: 'message', role: 'system', content: 'You fix bugs.' },
        { type: 'message', role: 'user', content: 'Fix the bug — now.' },
        { type: 'message', role: 'assistant', content: 'I look.' },
        { type: 'function_call', call_id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
        { type: 'function_call_output', call_id: 'a', output: 'const x = 1;' },
        { type: 'function_call', call_id: 'b', name: 'read_file', arguments: 'not JSON' },
        { type: 'function_call_output', call_id: 'b', output: 'That is not JSON.' },
      ],
      tools: REQUEST.tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
    });
  });

  test.each([
    ['gpt-5', true],
    ['gpt-5-mini-2025-08-07', true],
    ['gpt-5.1-codex', true],
    ['gpt-6', true],
    ['o1', true],
    ['o4-mini', true],
    ['gpt-5-chat-latest', false],
    ['gpt-4o', false],
    ['gpt-4.1-mini', false],
    ['gpt-3.5-turbo', false],
    ['some-model', false],
  ])('%s is asked for encrypted reasoning: %s', async (name, asked) => {
    const server = await serve(api.respond(api.words('ok')));
    await reply(modelOf(server, { name }));
    expect(server.requests[0]?.body.include).toEqual(asked ? ['reasoning.encrypted_content'] : undefined);
  });
});

describe('responses: what is kept and given back', () => {
  const thinking = [
    reasoning('rs_1'),
    { kind: 'message', parts: [{ type: 'output_text', pieces: ['I look ', 'twice.'] }], phase: 'commentary' },
    call('call_a'),
    reasoning('rs_2'),
    call('call_b'),
  ] as const satisfies readonly api.Output[];

  async function said(...outputs: readonly api.Output[]) {
    const server = await serve(api.respond(...outputs), api.respond(api.words('ok')));
    const model = modelOf(server, { name: 'gpt-5' });
    const answer = await reply(model);
    const next = async (request: ModelRequest, other = model): Promise<unknown[]> => {
      await reply(other, request);
      return (server.requests[1]?.body.input ?? []).slice(REQUEST.messages.length);
    };
    return { server, answer, next };
  }

  test('reasoning goes back where it was, with its phase of text and before its calls', async () => {
    const { answer, next } = await said(...thinking);
    expect(answer).toMatchObject({ text: 'I look twice.', stop: 'tools' });
    expect(await next(following(answer))).toEqual([
      givenBack('rs_1'),
      { type: 'message', role: 'assistant', content: 'I look twice.', phase: 'commentary' },
      { type: 'function_call', call_id: 'call_a', name: 'read_file', arguments: '{"path":"x"}' },
      givenBack('rs_2'),
      { type: 'function_call', call_id: 'call_b', name: 'read_file', arguments: '{"path":"x"}' },
      { type: 'function_call_output', call_id: 'call_a', output: 'result of call_a' },
      { type: 'function_call_output', call_id: 'call_b', output: 'result of call_b' },
    ]);
  });

  test('a message that is not what it was any more has its reasoning first', async () => {
    const { answer, next } = await said(...thinking);
    const items = await next(following(answer, { text: 'I look [withheld].' }));
    expect(items.slice(0, 3)).toEqual([
      givenBack('rs_1'),
      givenBack('rs_2'),
      { type: 'message', role: 'assistant', content: 'I look [withheld].' },
    ]);
  });

  test.each([
    ['is not JSON', () => 'not JSON'],
    ['is of another shape', () => '{"protocol":"openai.responses","items":17}'],
    ['is of another provider', () => '{"thinking":[{"type":"thinking","thinking":"…","signature":"…"}]}'],
    ['is of another model', (kept: string) => kept.replace('"gpt-5"', '"gpt-6"')],
    ['is of another server', (kept: string) => kept.replace('this machine', 'another machine')],
  ])('what %s is left out', async (_what, change) => {
    const { answer, next } = await said(...thinking);
    const items = await next(following(answer, { kept: change(answer.kept ?? '') }));
    expect(JSON.stringify(items)).not.toContain('secret of');
    expect(items).toHaveLength(5);
  });

  test('reasoning that is not encrypted is not kept, because nobody could find it again', async () => {
    const { answer } = await said({ kind: 'reasoning', item: { id: 'rs_1' } }, call('call_a'));
    expect(answer.kept ?? null).toBeNull();
  });

  test('reasoning that nothing follows is not given back', async () => {
    const { answer, next } = await said(api.words('Wait.'), reasoning('rs_1'));
    expect(await next(following(answer))).toEqual([{ type: 'message', role: 'assistant', content: 'Wait.' }]);
  });

  test('a reply without reasoning keeps nothing', async () => {
    const { answer } = await said(api.words('Done.'), call('call_a'));
    expect(answer.kept ?? null).toBeNull();
  });

  test('several messages of one reply are one text, streamed as it is, and several messages again', async () => {
    const phased = (phase: 'commentary' | 'final_answer', text: string): api.Output => ({
      kind: 'message',
      parts: [{ type: 'output_text', pieces: [text] }],
      phase,
    });
    const { answer, next } = await said(phased('commentary', 'I look.'), phased('final_answer', 'Done. 🐞'));
    expect(answer.text).toBe('I look.\n\nDone. 🐞');
    expect(answer.deltas.join('')).toBe(answer.text);
    expect(await next(following(answer))).toEqual([
      { type: 'message', role: 'assistant', content: 'I look.', phase: 'commentary' },
      { type: 'message', role: 'assistant', content: 'Done. 🐞', phase: 'final_answer' },
    ]);
  });
});

describe('responses: the reply', () => {
  test('what was read from the cache and written to it is told apart', async () => {
    const usage = {
      ...api.USAGE,
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 },
    };
    const server = await serve(stream(...api.OPENING, ...api.itemEvents(api.words('ok'), 0), api.completed([], usage)));
    expect((await reply(modelOf(server))).usage).toEqual({
      input: 1000,
      output: 7,
      cached: 900,
      cacheWrite: 50,
      estimated: false,
    });
  });

  test('thinking is a sign of life and no word of the text', async () => {
    const thinks: api.Output = { kind: 'reasoning', item: {}, summary: ['I should ', 'look.'] };
    const server = await serve(api.respond(thinks, api.words('Done.')));
    let now = 0;
    const monotonic = (): number => (now += 10);
    const model = createResponsesModel({ ...httpOptions({ baseUrl: server.baseUrl }), provider: 'openai', monotonic });
    const answer = await reply(model);
    expect(answer.text).toBe('Done.');
    // The clock is read once at the start, once at the first token, once at the end.
    expect(answer.firstTokenMs).toBe(10);
    expect(answer.ms).toBe(20);
  });

  test('events that nobody here knows are no reason to fail', async () => {
    const parts = [api.event('response.something.new', { members: true }), api.event('keepalive')];
    const [first = '', ...others] = api.events(api.words('ok'));
    const server = await serve(stream(first, ...parts, ...others));
    expect((await reply(modelOf(server))).text).toBe('ok');
  });

  test('a server that streams no items is believed by its last event', async () => {
    const outputs = [api.words('Whole.'), call('call_a')];
    const server = await serve(stream(...api.OPENING, api.completed(outputs)));
    const answer = await reply(modelOf(server));
    expect(answer).toMatchObject({ text: 'Whole.', toolCalls: [CALL], stop: 'tools', deltas: ['Whole.'] });
  });

  test('a call that was cut off by the limit is handed on as far as it came', async () => {
    const half: api.Output = {
      kind: 'call',
      call: { id: 'call_a', name: 'git_status', arguments: '' },
      status: 'incomplete',
    };
    const server = await serve(
      stream(...api.OPENING, ...api.itemEvents(half, 0), api.incomplete([half], 'max_output_tokens')),
    );
    expect(await reply(modelOf(server))).toMatchObject({ stop: 'length', toolCalls: [{ arguments: '' }] });
  });

  test('a response that is incomplete for a reason nobody knows is no reply', async () => {
    const server = await serve(stream(...api.OPENING, api.incomplete([], 'the_moon')));
    expect(await fail(modelOf(server))).toMatchObject({ code: 'malformed' });
  });

  test.each([
    ['server_error', 'server', true],
    ['rate_limit_exceeded', 'rate_limited', true],
    ['insufficient_quota', 'quota', false],
    ['context_length_exceeded', 'too_large', false],
    ['invalid_prompt', 'refused', false],
    ['image_file_not_found', 'refused', false],
  ] as const)('a response that failed with %s is %s, retryable %s', async (code, means, retryable) => {
    const event = api.event('error', { code, message: 'the reason', param: null });
    const server = await serve(stream(...api.OPENING, api.failed(code, 'the reason')), stream(...api.OPENING, event));
    for (const model of [modelOf(server), modelOf(server)]) {
      const failure = await fail(model);
      expect(failure).toMatchObject({ code: means, retryable });
      expect(failure.message).toContain('the reason');
    }
  });

  test.each([
    [
      'arguments without a call',
      api.event('response.function_call_arguments.delta', { output_index: 3, delta: '{}' }),
      'arguments belong to an item that is no call',
    ],
    ['a delta without a place', api.event('response.output_text.delta', { delta: 'x' }), 'does not fit the protocol'],
    [
      'a call without a name',
      api.event('response.output_item.done', {
        output_index: 0,
        item: { type: 'function_call', call_id: 'a', arguments: '{}' },
      }) + api.completed([]),
      'a tool call has no name',
    ],
  ])('%s is not the protocol', async (_what, event, words) => {
    const server = await serve(stream(...api.OPENING, event));
    const failure = await fail(modelOf(server));
    expect(failure).toMatchObject({ code: 'malformed', retryable: true });
    expect(failure.message).toContain(words);
  });
});
