/** Requests to models through a proxy, and with certificates of one's own. */
import { generate } from 'selfsigned';
import { describe, expect, test, vi } from 'vitest';
import type { ProxySetting } from '../../src/core/models/proxy';
import { createTransport } from '../../src/node/models/shared/transport';
import { type ProxyServer, startProxy } from '../support/proxyServer';
import { hang, type SseServer, stream } from '../support/sseServer';
import { anthropic } from './dialects/anthropic';
import { cleanups, fail, reply } from './modelHarness';

const WHOLE = anthropic.reply({ text: ['whole'] }) ?? [];
const KEY = 'sk-canary-1234567890';

async function started(
  options: { tls?: boolean; refuse?: number } = {},
): Promise<{ server: SseServer; proxy: ProxyServer }> {
  const pems = options.tls === true ? await generate([{ name: 'commonName', value: 'models.test' }]) : null;
  const server = await anthropic.start(pems === null ? {} : { tls: { key: pems.private, cert: pems.cert } });
  server.answer(stream(...WHOLE));
  const to = Number(new URL(server.baseUrl).port);
  const proxy = await startProxy({ to, ...(options.refuse === undefined ? {} : { refuse: options.refuse }) });
  cleanups.push(
    () => server.close(),
    () => proxy.close(),
  );
  return { server, proxy };
}

const set = (url: string, more: Partial<ProxySetting & { kind: 'settings' }> = {}): ProxySetting => ({
  kind: 'settings',
  url,
  noProxy: [],
  strictTls: true,
  ...more,
});

const modelAt = (baseUrl: string, proxy: ProxySetting) =>
  anthropic.model({ baseUrl, key: KEY, transport: createTransport({ proxy, connectMs: 5_000 }) });

const withPassword = (url: string): string => url.replace('//', '//me:p%40ss-canary@');

describe('a proxy', () => {
  test('that is set in VS Code carries what is not encrypted as it is', async () => {
    const { proxy } = await started();
    expect((await reply(modelAt('http://models.test', set(proxy.url)))).text).toBe('whole');
    expect(proxy.asked).toEqual(['POST http://models.test/v1/messages']);
  });

  test('sees of an encrypted request only where it goes', async () => {
    const { proxy, server } = await started({ tls: true });
    const model = modelAt('https://models.test', set(proxy.url, { strictTls: false }));
    expect((await reply(model)).text).toBe('whole');
    expect(proxy.asked).toEqual(['CONNECT models.test:443']);
    expect(server.requests).toHaveLength(1);
  });

  test('does not make a certificate trusted that nobody vouches for', async () => {
    const { proxy, server } = await started({ tls: true });
    const failure = await fail(modelAt('https://models.test', set(proxy.url)));
    expect(failure).toMatchObject({ code: 'tls', retryable: false });
    expect(server.requests).toEqual([]);
  });

  test('is told the user name and the password of its address, and the server is not', async () => {
    const { proxy, server } = await started({ tls: true });
    await reply(modelAt('https://models.test', set(withPassword(proxy.url), { strictTls: false })));
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('me:p@ss-canary').toString('base64')}`]);
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain('proxy');
  });

  test.each([
    ['http://models.test', 407],
    ['https://models.test', 407],
    ['https://models.test', 403],
  ])('that refuses %s (%i) is told apart from the server, without its password', async (baseUrl, refuse) => {
    const { proxy, server } = await started({ refuse });
    const failure = await fail(modelAt(baseUrl, set(withPassword(proxy.url))));
    expect(failure.retryable).toBe(false);
    expect(JSON.stringify(failure)).not.toContain('canary');
    expect(server.requests).toEqual([]);
  });

  test('that is down is a connection that failed, without its password', async () => {
    const { proxy } = await started();
    await proxy.close();
    const failure = await fail(modelAt('https://models.test', set(withPassword(proxy.url))));
    expect(failure).toMatchObject({ code: 'connection', retryable: true });
    expect(JSON.stringify(failure)).not.toContain('canary');
  });

  test.each(['ftp://me:p-canary@proxy.test', 'http://me:p-canary@[not-an-address', 'socks5://me:p-canary@proxy.test'])(
    'whose address is none is said to be that, and nothing goes past it: %s',
    async (url) => {
      const { server } = await started();
      const failure = await fail(modelAt('http://models.test', set(url)));
      expect(failure).toMatchObject({ code: 'connection', retryable: false });
      expect(failure.message).toContain('http.proxy');
      expect(JSON.stringify(failure)).not.toContain('canary');
      expect((await reply(modelAt(server.baseUrl, set(url)))).text).toBe('whole');
    },
  );

  test('may be written without http://', async () => {
    const { proxy } = await started();
    await reply(modelAt('http://models.test', set(proxy.url.replace('http://', ''))));
    expect(proxy.asked).toHaveLength(1);
  });

  test('is not asked for this machine', async () => {
    const { proxy, server } = await started();
    await reply(modelAt(server.baseUrl, set(proxy.url)));
    expect(proxy.asked).toEqual([]);
  });

  // Every address of this machine, which is no loopback address by its name.
  test.skipIf(process.platform === 'win32')('is not asked for what is excepted from it', async () => {
    const { proxy, server } = await started();
    const elsewhere = server.baseUrl.replace('127.0.0.1', '0.0.0.0');
    await reply(modelAt(elsewhere, set(proxy.url, { noProxy: ['.example.com', '0.0.0.0'] })));
    expect(proxy.asked).toEqual([]);
    server.answer(stream(...WHOLE));
    await reply(modelAt(elsewhere, set(proxy.url, { noProxy: ['.example.com'] })));
    expect(proxy.asked).toHaveLength(1);
  });

  test('of the environment is used when nothing else is set, and only then', async () => {
    const { proxy, server } = await started();
    const other = await started();
    vi.stubEnv('HTTP_PROXY', proxy.url);
    vi.stubEnv('http_proxy', proxy.url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    await reply(modelAt('http://models.test', { kind: 'environment' }));
    await reply(modelAt('http://models.test', set(other.proxy.url)));
    expect(server.requests).toHaveLength(1);
    expect(proxy.asked).toHaveLength(1);
    expect(other.proxy.asked).toHaveLength(1);
  });

  test('lets a request through to its end only as long as it is wanted', async () => {
    const server = await anthropic.start();
    server.answer(hang);
    const proxy = await startProxy({ to: Number(new URL(server.baseUrl).port) });
    cleanups.push(
      () => server.close(),
      () => proxy.close(),
    );
    const stop = new AbortController();
    const failing = fail(modelAt('http://models.test', set(proxy.url)), stop.signal);
    const exchange = await server.request(0);
    stop.abort();
    expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
    expect(await exchange.abandoned).toBe(true);
  });
});
