/** Where the requests of a model go, with what, and what of it is never shown; over each of the protocols. */
import { describe, expect, test } from 'vitest';
import { raw, stream } from '../support/sseServer';
import { DIALECTS } from './dialects/all';
import { KEY, live } from './live';
import { cleanups, fail, reply } from './modelHarness';

describe.each(DIALECTS)('every model over HTTP: $name', (dialect) => {
  const { serving, modelAt, failing, error, whole } = live(dialect);

  describe('where a request goes', () => {
    test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed to a server nobody chose', async (status) => {
      const elsewhere = await serving(stream(...whole));
      const failure = await failing(raw(status, { location: `${elsewhere.baseUrl}/chat/completions` }, ''));
      expect(failure).toMatchObject({ code: 'refused', retryable: false });
      expect(elsewhere.requests).toEqual([]);
    });

    test('the person sees the server, and that it is this machine', async () => {
      const server = await serving();
      const { host } = new URL(server.baseUrl);
      expect(modelAt(server).id).toMatchObject({ destination: `this machine (${host})`, local: true });
      expect(modelAt({ baseUrl: 'https://models.example.com/v1' }).id).toMatchObject({
        destination: 'models.example.com',
        local: false,
      });
    });

    test('nothing is sent without a key to a server that is not this machine, and how to set one is said', async () => {
      const failure = await fail(modelAt({ baseUrl: 'https://models.example.com/v1' }));
      expect(failure).toMatchObject({ code: 'key_missing', retryable: false });
      expect(failure.message).toContain('models.example.com');
      expect(failure.message).toContain('OpenExec: Set API Key…');
    });

    test('a header may say who asks, instead of a key', async () => {
      const asked: string[] = [];
      const fetch: typeof globalThis.fetch = async (url, init) => {
        asked.push(`${new URL(String(url)).host} ${new Headers(init?.headers).get('x-gateway-token')}`);
        return new Response(whole.join(''), { headers: { 'content-type': 'text/event-stream' } });
      };
      const headers = { 'X-Gateway-Token': 'gw' };
      const model = modelAt({ baseUrl: 'https://models.example.com/v1' }, { headers, transport: { fetch } });
      expect((await reply(model)).text).toBe('whole');
      expect(asked).toEqual(['models.example.com gw']);
    });

    test('the headers that are set go along, and nothing out of the environment does', async () => {
      const names = ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_CUSTOM_HEADERS', 'ANTHROPIC_API_KEY'];
      for (const name of [...names, 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_CUSTOM_HEADERS']) {
        process.env[name] = 'x-secret: of-the-environment';
        cleanups.push(async () => void delete process.env[name]);
      }
      const server = await serving(stream(...whole), stream(...whole));
      await reply(modelAt(server, { key: `${KEY}\n`, headers: { 'x-team': 'tax' } }));
      await reply(modelAt(server));
      const { name, value } = dialect.keyHeader(KEY);
      expect(server.requests[0]?.headers).toMatchObject({ [name]: value, 'x-team': 'tax', 'user-agent': 'openexec' });
      expect(server.requests[1]?.headers[name]).toBeUndefined();
      const all = JSON.stringify(server.requests.map(({ headers }) => headers));
      expect(all).not.toContain('of-the-environment');
      expect(all).not.toContain('stainless');
    });
  });

  describe('the key and the headers stay secret', () => {
    const SECRETS = { key: KEY, headers: { 'x-gateway-token': 'gw-canary-0987654321' } };
    const ECHO = `bad key ${KEY}, yes ${KEY}, with gw-canary-0987654321`;

    test.each([400, 401, 403, 404, 413, 418, 429, 500, 503, 529])(
      'status %i never shows them, even when the server repeats them',
      async (status) => {
        const { server: _server, ...failure } = await failing(error(status, ECHO), SECRETS);
        expect(JSON.stringify(failure)).not.toContain('canary');
      },
    );

    test('an error inside a stream never shows them', async () => {
      const { server: _server, ...failure } = await failing(
        stream(...dialect.opening, dialect.errorEvent(ECHO)),
        SECRETS,
      );
      expect(JSON.stringify(failure)).not.toContain('canary');
    });

    test('a key that no header can hold is not sent and not repeated', async () => {
      const failure = await fail(
        modelAt({ baseUrl: 'https://models.example.com/v1' }, { key: 'sk-canary\u0000with\nlines' }),
      );
      expect(failure).toMatchObject({ code: 'unauthorized', retryable: false });
      expect(failure.message).not.toContain('canary');
    });
  });
});
