/** Everything that goes wrong between an adapter and its server, over each of the protocols. */
import { type AddressInfo, createServer } from 'node:net';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { startFullSocket } from '../support/fullSocket';
import { type Answer, breakAfter, cut, raw, stream } from '../support/sseServer';
import { DIALECTS } from './dialects/all';
import { JSON_TYPE, KEY, linuxOnly, live } from './live';
import { ask, cleanups, fail, reply } from './modelHarness';

describe.each(DIALECTS)('every model over HTTP: $name', (dialect) => {
  const { serving, modelAt, failing, error, someText, whole } = live(dialect);

  describe('a status that is no success', () => {
    test.each([
      [400, 'refused', false],
      [401, 'unauthorized', false],
      [402, 'quota', false],
      [403, 'unauthorized', false],
      [404, 'not_found', false],
      [408, 'server', true],
      [409, 'server', true],
      [413, 'too_large', false],
      [422, 'refused', false],
      [425, 'server', true],
      [429, 'rate_limited', true],
      [500, 'server', true],
      [502, 'server', true],
      [503, 'overloaded', true],
      [504, 'server', true],
      [529, 'overloaded', true],
    ] as const)('%i is %s, retryable %s, after one request', async (status, code, retryable) => {
      const { server, ...failure } = await failing(error(status, 'the reason'), { key: KEY });
      expect(failure).toMatchObject({ code, retryable });
      expect(failure.message).toContain(`${server.baseUrl} answered ${status}`);
      expect(failure.retryAfterMs).toBeUndefined();
    });

    test.each([408, 409, 429, 500, 502, 503, 529])('%i says when to try again, if the server does', async (status) => {
      expect(await failing(error(status, 'later', { 'retry-after': '7' }))).toMatchObject({ retryAfterMs: 7000 });
      expect(await failing(error(status, 'later', { 'retry-after-ms': '250' }))).toMatchObject({ retryAfterMs: 250 });
      const odd = await failing(error(status, 'later', { 'retry-after': 'soon' }));
      expect(odd.retryAfterMs).toBeUndefined();
    });

    test('an account without quota is not asked again, whatever the status', async () => {
      const { status, body } = dialect.quota;
      expect(await failing(raw(status, JSON_TYPE, body))).toMatchObject({ code: 'quota', retryable: false });
    });

    test('a request that is too large for the model is told apart from one that is wrong', async () => {
      const { status, body } = dialect.tooLarge;
      expect(await failing(raw(status, JSON_TYPE, body))).toMatchObject({ code: 'too_large', retryable: false });
    });

    test('an error page is shortened to one line', async () => {
      const page = `<html>\n${'<p>Bad gateway</p>\n'.repeat(500)}</html>`;
      const failure = await failing(raw(502, { 'content-type': 'text/html' }, page));
      expect(failure).toMatchObject({ code: 'server', retryable: true });
    });

    test.each([
      ['nothing', ''],
      ['a number', '17'],
      ['broken JSON', '{"error": {"mess'],
      ['members of other types', '{"error": {"message": 17, "type": [], "code": {}}}'],
    ])('an error whose body is %s is still that status', async (_what, body) => {
      expect(await failing(raw(500, JSON_TYPE, body))).toMatchObject({ code: 'server', retryable: true });
    });

    test('a refused key: which server, and how to set it', async () => {
      const { message } = await failing(error(401, 'no'), { key: KEY });
      expect(message).toMatch(/refused the API key.*OpenExec: Set API Key…/);
    });

    test('a model the server does not know: which model, and where it is set', async () => {
      const { message } = await failing(error(404, 'model not found'));
      expect(message).toContain('"test-model"');
      expect(message).toContain('openexec.model');
    });
  });

  describe('a connection', () => {
    test('to a server that is down', async () => {
      const server = await dialect.start();
      await server.close();
      const failure = await fail(modelAt(server));
      expect(failure).toMatchObject({ code: 'connection', retryable: true });
      expect(failure.message).toBe(`No answer from ${server.baseUrl} (ECONNREFUSED): is the server running?`);
    });

    test('that is reset before an answer', async () => {
      expect(await failing(cut)).toMatchObject({ code: 'connection', retryable: true });
    });

    test('that is reset in the middle of a stream', async () => {
      const failure = await failing(breakAfter(...dialect.opening, ...someText));
      expect(failure).toMatchObject({ retryable: true });
      expect(['connection', 'malformed']).toContain(failure.code);
      expect(failure.message).toContain('broke in the middle');
    });

    test('that is reset in the middle of a tool call: nothing of the call is used', async () => {
      expect(await failing(breakAfter(...dialect.opening, ...dialect.halfCall))).toMatchObject({ retryable: true });
    });

    test('that is reset in the middle of an error', async () => {
      const broken: Answer = ({ response }) => {
        response.writeHead(500, { ...JSON_TYPE, 'content-length': '1000' });
        response.write('{"error"', () => response.destroy());
      };
      expect(await failing(broken)).toMatchObject({ retryable: true });
    });

    test('to something that does not speak HTTP', async () => {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.end('220 mail.example.com ESMTP\r\n', () => socket.destroy());
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
      const { port } = server.address() as AddressInfo;
      expect((await fail(modelAt({ baseUrl: `http://127.0.0.1:${port}/v1` }))).code).toBe('connection');
    });

    test('to a server whose certificate nobody vouches for', async () => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
      const server = await dialect.start({ tls: { key, cert } });
      cleanups.push(() => server.close());
      const failure = await fail(modelAt(server, { key: KEY }));
      expect(failure).toMatchObject({ code: 'tls', retryable: false });
      expect(failure.message).toContain(server.baseUrl);
      expect(server.requests).toEqual([]);
    });

    linuxOnly('that nobody takes', async () => {
      const full = await startFullSocket();
      cleanups.push(() => full.close());
      const limits = { connectMs: 50, firstTokenMs: 60_000 };
      const failure = await fail(modelAt({ baseUrl: `http://127.0.0.1:${full.port}/v1` }, { limits }));
      expect(failure).toMatchObject({ code: 'timeout', retryable: true });
    });
  });

  describe('a stream', () => {
    test('that is cut into single bytes arrives whole', async () => {
      const text = 'größer 🐞 日本';
      const call = { id: 'a', name: 'read_file', arguments: '{"path":"größer 🐞 日本"}' };
      const bytes = Buffer.from((dialect.reply({ text: [text], toolCalls: [call] }) ?? []).join(''));
      const server = await serving(stream(...Array.from(bytes, (byte) => Uint8Array.of(byte))));
      expect(await reply(modelAt(server))).toMatchObject({ text, toolCalls: [call] });
    });

    test('with the line ends of another system is the same stream', async () => {
      const server = await serving(stream(whole.join('').replaceAll('\n', '\r\n')));
      expect((await reply(modelAt(server))).text).toBe('whole');
    });

    test('with comments between its events is the same stream', async () => {
      const server = await serving(stream(': hello\n\n', ...whole.flatMap((part) => [': still here\n\n', part])));
      expect((await reply(modelAt(server))).text).toBe('whole');
    });

    test('that ends without saying why is no reply', async () => {
      const failure = await failing(stream(...dialect.opening, ...someText));
      expect(failure).toMatchObject({ code: 'malformed', retryable: true });
      expect(failure.message).toContain('ended before it was complete');
    });

    test.each([
      ['is not JSON', (event: string) => event.replace(/data: .*/, 'data: {"choices": [{"delta"')],
      ['is JSON of another kind', (event: string) => event.replace(/data: .*/, 'data: 17')],
    ])('with an event that %s is given up', async (_what, garble) => {
      const [text = ''] = someText.slice(-1);
      const failure = await failing(stream(...dialect.opening, ...someText, garble(text)));
      expect(failure).toMatchObject({ code: 'malformed', retryable: true });
    });

    test.each([
      ['a web page', 'text/html; charset=utf-8', '<!doctype html><h1>Welcome</h1>'],
      ['a JSON document', 'application/json', '{"hello":"world"}'],
      ['plain text', 'text/plain', 'hello'],
      ['nothing at all', 'text/event-stream', ''],
    ])('that is %s instead is told with what came', async (_what, type, body) => {
      const failure = await failing(raw(200, { 'content-type': type }, body));
      expect(failure).toMatchObject({ code: 'malformed', retryable: false });
      expect(failure.message).toContain(`${failure.server.baseUrl} answered with ${type}`);
    });

    test('in which the server reports an error is that failure', async () => {
      const failure = await failing(stream(...dialect.opening, ...someText, dialect.errorEvent('Too much to do')));
      expect(failure).toMatchObject({ retryable: true });
      expect(['server', 'overloaded']).toContain(failure.code);
      expect(failure.message).toContain('Too much to do');
    });
  });

  test('a reply that was complete before the connection broke is a reply', async () => {
    const server = await serving(breakAfter(...whole));
    expect((await reply(modelAt(server))).text).toBe('whole');
  });

  test('the same model answers as often as it is asked, one request each', async () => {
    const server = await serving(stream(...whole), error(500, 'no'), stream(...whole));
    const model = modelAt(server);
    expect((await reply(model)).text).toBe('whole');
    expect((await ask(model)).answer.kind).toBe('failure');
    expect((await reply(model)).text).toBe('whole');
    expect(server.requests).toHaveLength(3);
  });
});
