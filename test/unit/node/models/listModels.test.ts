/** What a server says it has, asked over HTTP on loopback. */
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listModels } from '../../../../src/node/models/listModels';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(answer: RequestListener) {
  const asked: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

const NEVER = new AbortController().signal;

function ask(baseUrl: string, more: Partial<Parameters<typeof listModels>[0]> = {}, signal = NEVER) {
  const server = { baseUrl, loopback: true, declaredLocal: false, destination: 'this machine (test)' };
  return listModels({ server, protocol: 'chat', key: 'sk-canary', headers: {}, fetch, ...more }, signal);
}

const json =
  (value: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

test('the names are those that the server gives, each once; one that cannot be shown is left out', async () => {
  const { asked, baseUrl } = await serve(
    json({ data: [{ id: 'a:1b', more: 1 }, { id: 'b' }, { id: 'a:1b' }, { id: 'x\ny' }] }),
  );
  expect(await ask(baseUrl, { headers: { 'x-team': 'blue' } })).toEqual({ ok: true, value: ['a:1b', 'b'] });
  expect(asked[0]).toMatchObject({
    url: '/v1/models',
    headers: { authorization: 'Bearer sk-canary', 'x-team': 'blue' },
  });
});

test('the protocol of Anthropic has another address and another header for the key', async () => {
  const { asked, baseUrl } = await serve(json({ data: [{ id: 'claude' }] }));
  expect(await ask(baseUrl.replace('/v1', ''), { protocol: 'anthropic' })).toEqual({ ok: true, value: ['claude'] });
  expect(asked[0]).toMatchObject({ url: '/v1/models', headers: { 'x-api-key': 'sk-canary' } });
  expect(asked[0]?.headers.authorization).toBeUndefined();
});

test.each<[string, RequestListener, RegExp]>([
  ['refuses', json({ error: 'sk-canary' }, 401), /HTTP 401\): it wants another key/],
  ['has no list', json({}, 404), /HTTP 404/],
  [
    'sends it elsewhere',
    (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /HTTP 302/,
  ],
  ['answers something else', json({ models: [] }), /no list of models/],
  ['answers no JSON', (_, response) => void response.end('<html>'), /no list of models/],
  [
    'breaks off',
    (_, response) => void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
    /no list/,
  ],
  ['ends the connection', (request) => void request.socket.destroy(), /no connection/],
])('a server that %s is told of in one line, without what it wrote', async (_what, answer, words) => {
  const { baseUrl } = await serve(answer);
  const listed = await ask(baseUrl);
  expect(listed).toMatchObject({ ok: false, error: expect.stringMatching(words) });
  expect(JSON.stringify(listed)).not.toMatch(/canary|\\n/);
});

test('a server that says nothing is given up', async () => {
  const stop = new AbortController();
  const { baseUrl } = await serve(() => stop.abort());
  expect(await ask(baseUrl, {}, stop.signal)).toMatchObject({ ok: false, error: expect.stringContaining('in time') });
});
