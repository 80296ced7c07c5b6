/** Everything that goes wrong over HTTP: cancellation, servers that are down, slow, broken or unwilling. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import * as chat from '../support/openaiServer';
import { cleanups, fail, modelOf, REQUEST, serve } from './modelHarness';

describe('openai: cancellation reaches the server', () => {
  test('before the first byte of an answer', async () => {
    const server = await serve(chat.hang);
    const stop = new AbortController();
    const failing = fail(modelOf(server.baseUrl), stop.signal);
    const exchange = await server.request(0);
    stop.abort();
    expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
    expect(await exchange.abandoned).toBe(true);
  });

  test('in the middle of a stream', async () => {
    const server = await serve(chat.stallAfter(chat.chunk({ content: 'so far' })));
    const stop = new AbortController();
    const model = modelOf(server.baseUrl);
    const answer = await model.invoke(REQUEST, {
      signal: stop.signal,
      onDelta: () => setImmediate(() => stop.abort()),
    });
    expect(answer).toMatchObject({ kind: 'failure', code: 'cancelled' });
    expect(await (await server.request(0)).abandoned).toBe(true);
  });

  test('when a listener of the stream throws, the bug is not hidden and the connection is let go', async () => {
    const server = await serve(chat.stallAfter(chat.chunk({ content: 'so far' })));
    const onDelta = () => {
      throw new Error('a bug in the listener');
    };
    const invocation = modelOf(server.baseUrl).invoke(REQUEST, { signal: new AbortController().signal, onDelta });
    await expect(invocation).rejects.toThrow('a bug in the listener');
    expect(await (await server.request(0)).abandoned).toBe(true);
  });
});

describe('openai: failures are values that say what, where and what to do', () => {
  test('a server that is down', async () => {
    const server = await chat.startOpenAiServer();
    await server.close();
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'connection', retryable: true });
    expect(failure.message).toBe(`No answer from ${server.baseUrl} (ECONNREFUSED): is the server running?`);
  });

  test('a connection that is reset before an answer', async () => {
    const server = await serve(({ response }) => void response.destroy());
    expect(await fail(modelOf(server.baseUrl))).toMatchObject({ code: 'connection', retryable: true });
  });

  test('a server that does not speak HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.example.com ESMTP\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    expect((await fail(modelOf(`http://127.0.0.1:${port}/v1`))).code).toBe('connection');
  });

  test('a server that does not answer in time', async () => {
    const server = await serve(chat.hang);
    const failure = await fail(modelOf(server.baseUrl, { limits: { firstTokenMs: 50 } }));
    expect(failure).toMatchObject({ code: 'stalled', retryable: true });
    expect(failure.message).toContain(`${server.baseUrl} sent no token within 0.05 s`);
  });

  test('a server that opens the stream and sends no token in time', async () => {
    const server = await serve(chat.stallAfter(chat.chunk({ role: 'assistant', content: '' })));
    const failure = await fail(modelOf(server.baseUrl, { limits: { firstTokenMs: 200, stallMs: 60_000 } }));
    expect(failure.message).toContain('sent no token within 0.2 s');
  });

  test('a server that goes silent in the middle', async () => {
    const server = await serve(chat.stallAfter(chat.chunk({ content: 'so far' })));
    const failure = await fail(modelOf(server.baseUrl, { limits: { stallMs: 50 } }));
    expect(failure).toMatchObject({ code: 'stalled', retryable: true });
    expect(failure.message).toContain('went silent for 0.05 s');
    expect(await (await server.request(0)).abandoned).toBe(true);
  });

  test('a stream that breaks in the middle', async () => {
    const server = await serve(chat.breakAfter(chat.chunk({ content: 'so far' })));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'malformed', retryable: true });
    expect(failure.message).toContain('the connection broke in the middle');
  });

  test('a stream that ends without saying why', async () => {
    const server = await serve(chat.stream(chat.chunk({ content: 'so far' }), 'data: [DONE]\n\n'));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'malformed', retryable: true });
    expect(failure.message).toContain('ended before it was complete');
  });

  test.each([
    ['is not JSON', 'data: {"choices": [{"delta"\n\n', 'a chunk is not JSON'],
    ['is JSON of another shape', 'data: {"choices": "none"}\n\n', 'a chunk does not fit the protocol (choices)'],
  ])('a chunk that %s', async (_what, broken, said) => {
    const server = await serve(chat.stream(chat.chunk({ content: 'so far' }), broken));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'malformed', retryable: true });
    expect(failure.message).toContain(said);
  });

  test.each([
    ['a web page', 'text/html; charset=utf-8', '<!doctype html><h1>Welcome</h1>'],
    ['a JSON document', 'application/json', '{"hello":"world"}'],
    ['plain text', 'text/plain', 'hello'],
    ['nothing at all', 'text/event-stream', ''],
  ])('a success that is %s instead of a stream', async (_what, type, body) => {
    const server = await serve(chat.raw(200, { 'content-type': type }, body));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'malformed', retryable: false });
    expect(failure.message).toContain(`${server.baseUrl} answered with ${type}`);
    expect(failure.message).toContain('/v1');
  });

  test('an error that the server reports inside the stream', async () => {
    const overloaded = 'data: {"error":{"message":"The engine is overloaded","type":"server_error"}}\n\n';
    const server = await serve(chat.stream(chat.chunk({ content: 'so far' }), overloaded));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'server', retryable: true });
    expect(failure.message).toContain('The engine is overloaded');
  });

  test.each([
    [400, {}, 'refused', false],
    [401, {}, 'unauthorized', false],
    [403, {}, 'unauthorized', false],
    [404, {}, 'refused', false],
    [408, {}, 'server', true],
    [413, {}, 'refused', false],
    [429, {}, 'server', true],
    [429, { code: 'insufficient_quota' }, 'refused', false],
    [500, {}, 'server', true],
    [503, {}, 'server', true],
  ] as const)('status %i %o is %s, retryable %s, after one request', async (code, extra, failureCode, retryable) => {
    const server = await serve(chat.status(code, 'the reason', extra));
    const failure = await fail(modelOf(server.baseUrl, { key: 'sk-canary-key' }));
    expect(failure).toMatchObject({ code: failureCode, retryable });
    expect(failure.message).toContain(`${server.baseUrl} answered ${code}`);
    expect(server.requests).toHaveLength(1);
  });

  test('a refused key: which server, which key, how to set it', async () => {
    const server = await serve(chat.status(401, 'no'), chat.status(401, 'no'));
    const refused = await fail(modelOf(server.baseUrl, { key: 'sk-canary-key' }));
    expect(refused.message).toMatch(/refused the API key\. Check the key for this server .*OpenExec: Set API Key…/);
    const asked = await fail(modelOf(server.baseUrl));
    expect(asked.message).toMatch(/asks for an API key\. Set one .*OpenExec: Set API Key…/);
  });

  test('a model the server does not know: which model, and where it is set', async () => {
    const server = await serve(chat.status(404, 'model not found'));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure.message).toContain('"test-model"');
    expect(failure.message).toContain('openexec.model');
  });

  test('an error page is shortened to one line', async () => {
    const page = `<html>\n${'<p>Bad gateway</p>\n'.repeat(500)}</html>`;
    const server = await serve(chat.raw(502, { 'content-type': 'text/html' }, page));
    const failure = await fail(modelOf(server.baseUrl));
    expect(failure).toMatchObject({ code: 'server', retryable: true });
    expect(failure.message.length).toBeLessThan(400);
  });

  test.each([400, 401, 403, 404, 418, 429, 500])(
    'status %i never shows the key, even when the server repeats it',
    async (code) => {
      const server = await serve(chat.status(code, 'bad key sk-canary-key, yes sk-canary-key'));
      const failure = await fail(modelOf(server.baseUrl, { key: 'sk-canary-key' }));
      expect(JSON.stringify(failure)).not.toContain('canary');
    },
  );
});
