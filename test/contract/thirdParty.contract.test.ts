/**
 * The adapters against a server that none of us wrote: `@copilotkit/aimock`, which speaks the protocols of the providers as
 * its authors read them. What our own servers and adapters misunderstand alike shows here.
 */
import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Model, ModelRequest } from '../../src/core/ports/model';
import type { Dialect } from './dialect';
import { DIALECTS } from './dialects/all';
import { fail, REQUEST, reply } from './modelHarness';

let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 5 });
  await mock.start();
});
afterEach(() => mock.stop());

const CALLS = [
  { id: 'call_a', name: 'read_file', arguments: '{"path":"src/tax.js"}' },
  { id: 'call_b', name: 'git_status', arguments: '{}' },
];

describe.each(DIALECTS)('a server of somebody else: $name', (dialect: Dialect) => {
  const model = (): Model => {
    const baseUrl = dialect.name === 'anthropic' ? mock.url : `${mock.url}/v1`;
    return dialect.model({ baseUrl, key: 'sk-canary-1234567890' });
  };

  test('answers in words, streamed piece by piece', async () => {
    mock.onMessage('Fix the bug', { content: 'The bug is in tax.js: größer 🐞.' });
    const answer = await reply(model());
    expect(answer).toMatchObject({ text: 'The bug is in tax.js: größer 🐞.', stop: 'end', toolCalls: [] });
    expect(answer.deltas.length).toBeGreaterThan(1);
    expect(answer.deltas.join('')).toBe(answer.text);
    expect(answer.usage.input).toBeGreaterThan(0);
  });

  test('calls several tools at once', async () => {
    mock.onMessage('Fix the bug', { toolCalls: CALLS });
    const answer = await reply(model());
    expect(answer).toMatchObject({ text: '', stop: 'tools' });
    expect(answer.toolCalls.map(({ name }) => name)).toEqual(['read_file', 'git_status']);
    expect(answer.toolCalls.map((call) => call.arguments)).toEqual(CALLS.map((call) => call.arguments));
  });

  test('speaks and calls a tool in one reply', async () => {
    mock.onMessage('Fix the bug', { content: 'I look.', toolCalls: CALLS });
    const answer = await reply(model());
    expect(answer).toMatchObject({ text: 'I look.', stop: 'tools' });
    expect(answer.toolCalls).toHaveLength(2);
  });

  test('goes on after the results of its calls', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: CALLS });
    mock.on({ hasToolResult: true, toolResultContains: 'clean' }, { content: 'It is fixed.' });
    const first = await reply(model());
    const [a, b] = first.toolCalls;
    if (a === undefined || b === undefined) throw new Error('two calls were expected');
    const next: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        {
          role: 'assistant',
          content: first.text,
          toolCalls: first.toolCalls,
          ...(first.kept ? { kept: first.kept } : {}),
        },
        { role: 'tool', call: a.id, content: 'const tax = 1;' },
        { role: 'tool', call: b.id, content: 'clean' },
      ],
    };
    expect(await reply(model(), next)).toMatchObject({ text: 'It is fixed.', stop: 'end' });
  });

  test('thinks without a word of it in the text', async () => {
    mock.onMessage('Fix the bug', { content: 'Done.', reasoning: 'I should look first.' });
    const answer = await reply(model());
    expect(answer.text).toBe('Done.');
    expect(answer.deltas.join('')).toBe('Done.');
  });

  test.each([
    [401, 'unauthorized', false],
    [404, 'not_found', false],
    [429, 'rate_limited', true],
    [500, 'server', true],
    [503, 'overloaded', true],
  ] as const)('fails with %i, which is %s, retryable %s', async (status, code, retryable) => {
    mock.onMessage('Fix the bug', { content: 'never' });
    mock.nextRequestError(status, { message: 'as it was told', type: 'some_error' });
    expect(await fail(model())).toMatchObject({ code, retryable });
  });

  test('says when to come again', async () => {
    mock.onMessage('Fix the bug', {
      error: { message: 'slow down', type: 'rate_limit_error' },
      status: 429,
      retryAfter: 3,
    });
    expect(await fail(model())).toMatchObject({ code: 'rate_limited', retryAfterMs: 3000 });
  });

  test('breaks off in the middle of a stream', async () => {
    mock.onMessage('Fix the bug', { content: 'a long story '.repeat(50) }, { truncateAfterChunks: 8 });
    expect(await fail(model())).toMatchObject({ retryable: true });
  });

  test.each([
    ['drops requests', { dropRate: 1 }, { retryable: true }],
    ['limits the rate', { rateLimitRate: 1 }, { code: 'rate_limited', retryable: true }],
    ['cuts connections', { disconnectRate: 1 }, { code: 'connection', retryable: true }],
    ['answers with garbage', { malformedRate: 1 }, { code: 'malformed' }],
  ])('in trouble %s, which is a failure each time', async (_what, chaos, failure) => {
    mock.onMessage('Fix the bug', { content: 'never' });
    mock.setChaos(chaos);
    expect(await fail(model())).toMatchObject(failure);
  });
});

describe('a reasoning model of somebody else', () => {
  test('gets its encrypted reasoning back with the results of its calls', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: CALLS.slice(0, 1), reasoning: 'I should look first.' });
    mock.on({ hasToolResult: true }, { content: 'It is fixed.' });
    const { createResponsesModel } = await import('../../src/node/models/openai/responses/model');
    const { httpOptions } = await import('./modelHarness');
    const model = createResponsesModel({
      ...httpOptions({ baseUrl: `${mock.url}/v1` }),
      provider: 'openai',
      name: 'gpt-5',
    });
    const first = await reply(model);
    expect(first.kept).toContain('encrypted_content');
    const [call] = first.toolCalls;
    if (call === undefined || !first.kept) throw new Error('a call was expected, and something to keep');
    const next: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: first.text, toolCalls: first.toolCalls, kept: first.kept },
        { role: 'tool', call: call.id, content: 'clean' },
      ],
    };
    expect(await reply(model, next)).toMatchObject({ text: 'It is fixed.' });
  });
});
