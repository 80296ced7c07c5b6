/** fetch_url against a real server of this machine, whose address the tests declare to be a public one. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import type http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { plainGate } from '../../../../src/core/gatekeeper/gate';
import { fetchUrl } from '../../../../src/node/tools/fetchUrl';
import type { WebPorts } from '../../../../src/node/web/page';
import { textOfHtml } from '../../../../src/node/web/readable';
import { bench, temporaryFolder } from '../tools/harness';

const HOST = 'docs.example.com';
const OPENSSL = 'openssl';

/** A key and a certificate for the host, made by openssl; null where there is none. */
function makeCertificate(): { key: string; cert: string } | null {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    execFileSync(
      OPENSSL,
      [...args, '-keyout', key, '-out', cert, '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`],
      { stdio: 'ignore' },
    );
    return { key: fs.readFileSync(key, 'utf8'), cert: fs.readFileSync(cert, 'utf8') };
  } catch {
    return null;
  }
}

const tls = makeCertificate();
const servers: https.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Limits = { readonly limitMs: number | null; readonly signal: AbortSignal };

/** A server; `ask` fetches a path of it by the host's name. */
async function serve(answer: http.RequestListener, change: WebPorts = {}) {
  const server = https.createServer({ key: tls?.key, cert: tls?.cert }, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ports: WebPorts = {
    resolve: async () => ['127.0.0.1'],
    isAllowedAddress: (address) => address === '127.0.0.1',
    ca: tls?.cert ?? '',
    port,
    ...change,
  };
  const context = { limitMs: null, signal: new AbortController().signal, gate: plainGate(4) };
  return {
    ports,
    ask: (at: string, limits: Partial<Limits> = {}) =>
      fetchUrl({ ...context, ...limits }, { url: `https://${HOST}${at}` }, ports),
  };
}

describe.skipIf(tls === null)('a page of an allowed host (needs openssl)', () => {
  test('is asked for by GET with fixed headers and comes back as text', async () => {
    const seen: http.IncomingMessage[] = [];
    const { ask } = await serve((request, response) => {
      seen.push(request);
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.setHeader('Set-Cookie', 'a=b');
      response.end('{"name":"grün"}');
    });
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    const said = await ask('/api?q=1');
    await ask('/api?q=2');
    expect(said).toEqual({ outcome: 'ok', output: `https://${HOST}/api?q=1\n{"name":"grün"}` });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api?q=1', 'GET /api?q=2']);
    for (const { headers } of seen) {
      expect(headers).toEqual({
        host: HOST,
        'user-agent': 'OpenExec',
        accept: expect.any(String),
        'accept-encoding': 'identity',
        connection: 'close',
      });
    }
  });

  test('is looked up once; the connection goes to exactly what was checked', async () => {
    const asked: string[] = [];
    const { ask } = await serve((_, response) => response.end('here'), {
      // A name that leads elsewhere the second time.
      resolve: async (host) => {
        asked.push(host);
        return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
      },
    });
    expect(await ask('/')).toMatchObject({ outcome: 'ok', output: expect.stringContaining('here') });
    expect(asked).toEqual([HOST]);
  });

  test('is not asked for when one of its addresses is not public', async () => {
    let reached = 0;
    const { ask } = await serve(
      (_, response) => {
        reached++;
        response.end();
      },
      { resolve: async () => ['127.0.0.1', '10.0.0.7'] },
    );
    expect(await ask('/')).toEqual({
      outcome: 'error',
      output: `${HOST} is 10.0.0.7, which is not an address of the public network`,
    });
    expect(reached).toBe(0);
  });

  test('is not taken from a server without a certificate for its name', async () => {
    const { ask, ports } = await serve((_, response) => response.end('secret'));
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { ca: _, ...system } = ports;
    const context = { limitMs: null, signal: new AbortController().signal, gate: plainGate(4) };
    const untrusted = await fetchUrl(context, { url: `https://${HOST}/` }, system);
    expect(untrusted).toMatchObject({
      outcome: 'error',
      output: expect.stringMatching(/could not be reached: .*certificate/),
    });
    const other = await fetchUrl(context, { url: 'https://other.example.com/' }, ports);
    expect(other).toMatchObject({ outcome: 'error', output: expect.stringContaining('could not be reached') });
    expect(await ask('/')).toMatchObject({ outcome: 'ok' });
  });

  test('may move on its own host three times, and nowhere else', async () => {
    const { ask } = await serve((request, response) => {
      const to: Record<string, string> = {
        '/1': '/2',
        '/2': `https://${HOST}/3`,
        '/3': './4',
        '/out': 'https://evil.example.com/collect?x=1',
        '/sub': `https://sub.${HOST}/`,
        '/port': `https://${HOST}:8443/`,
        '/plain': `http://${HOST}/4`,
        '/file': 'file:///etc/passwd',
        '/meta': 'https://169.254.169.254/latest/meta-data',
        '/user': `https://a:b@${HOST}/4`,
        '/loop': '/loop',
      };
      const location = to[request.url ?? ''];
      response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { Location: location });
      response.end('arrived');
    });
    expect(await ask('/1')).toMatchObject({ outcome: 'ok', output: `https://${HOST}/4\narrived` });
    expect(await ask('/loop')).toMatchObject({ outcome: 'error', output: `${HOST} redirects more than 3 times` });
    for (const [at, where] of [
      ['/out', 'https://evil.example.com/collect'],
      ['/sub', `https://sub.${HOST}/`],
      ['/port', `https://${HOST}:8443/`],
      ['/plain', `http://${HOST}/4`],
      ['/file', 'file:///etc/passwd'],
      ['/meta', 'https://169.254.169.254/latest/meta-data'],
      ['/user', `https://${HOST}/4`],
    ] as const) {
      const said = await ask(at);
      expect(said, at).toMatchObject({
        outcome: 'error',
        output: `${HOST} redirects to ${where}, which is not followed; ask for that address itself`,
      });
    }
  });

  test('is cut at its limit, by bytes and by lines, and says so', async () => {
    const { ask } = await serve((request, response) => {
      response.setHeader('Content-Type', 'text/plain');
      if (request.url === '/endless') {
        const more = (): void => void response.write(`${'x'.repeat(99)}\n`.repeat(1000), () => more());
        more();
      } else response.end('line\n'.repeat(3000));
    });
    const endless = await ask('/endless');
    expect(endless.outcome).toBe('ok');
    expect(endless.output.length).toBeLessThan(66_000);
    expect(endless.output).toMatch(/\n\[cut: only the first 1048576 bytes were read; \d+ more lines are not shown\]$/);
    expect((await ask('/lines')).output).toMatch(/\n\[cut: 1000 more lines are not shown\]$/);
  });

  test('that does not come in time, breaks off, or is cancelled has the outcome that it had', async () => {
    const { ask } = await serve((request, response) => {
      if (request.url === '/broken') {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half', () => response.destroy());
      } else response.write('...');
    });
    expect(await ask('/never', { limitMs: 200 })).toEqual({
      outcome: 'timeout',
      output: `${HOST} did not answer within 0.2 s`,
    });
    expect(await ask('/broken')).toMatchObject({ outcome: 'error' });
    const stop = new AbortController();
    const asking = ask('/never', { signal: stop.signal });
    stop.abort();
    await expect(asking).rejects.toThrow();
  });

  test('that ends with its connection, of a length nobody said, is not said to be whole', async () => {
    const { ask } = await serve((request, response) => {
      const announced = request.url === '/announced' ? 'Content-Length: 3\r\n' : '';
      const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${announced}\r\n`;
      response.socket?.write(`${head}abc`, () => response.socket?.destroy());
    });
    expect(await ask('/announced')).toEqual({ outcome: 'ok', output: `https://${HOST}/announced\nabc` });
    expect(await ask('/open')).toEqual({
      outcome: 'ok',
      output: `https://${HOST}/open\nabc\n[cut, perhaps: the connection ended, and the server had not said how long the page is]`,
    });
  });

  test('that answers by changing the protocol is refused at once', async () => {
    const { ask } = await serve((_, response) => {
      response.socket?.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
      );
    });
    expect(await ask('/')).toEqual({
      outcome: 'error',
      output: `${HOST}: it answered by changing the protocol, which was not asked for`,
    });
  });

  test('is without what steers a terminal, also where that would hide a secret', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const { ask } = await serve((_, response) => {
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end(`\u001b[31mred\u001b[0m\r\n\u202eright\u0007\t${token.slice(0, 9)}\u001b[0m${token.slice(9)}`);
    });
    expect((await ask('/')).output).toBe(`https://${HOST}/\nred\n\\u{202e}right\\u{7}\t«github-token»`);
  });

  test('that is no text, or no success, is an error that says what it was', async () => {
    const { ask } = await serve((request, response) => {
      if (request.url === '/gone') response.writeHead(404);
      else response.setHeader('Content-Type', request.url === '/image' ? 'image/png' : 'text/plain; charset=utf-8');
      response.end(Buffer.from([0xff, 0xfe, 0x00]));
    });
    expect((await ask('/image')).output).toBe(`https://${HOST}/image: it is image/png, which is not text`);
    expect((await ask('/bytes')).output).toBe(`https://${HOST}/bytes: it is not text that can be read`);
    expect((await ask('/gone')).output).toBe(`https://${HOST}/gone answered with the status 404`);
  });

  test('is without secrets, and HTML without its markup', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const { ask } = await serve((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<html><head><title>Rates &amp; more</title><script>steal()</script></head><p>Token ${token}</p></html>`,
      );
    });
    const { output } = await ask('/');
    expect(output).toBe(`https://${HOST}/ (its text, without the markup)\nRates & more\n\nToken «github-token»`);
  });
});

describe('the text of HTML', () => {
  test.each([
    ['<h1>One</h1><p>two &lt;b&gt; &#x41;&#66;<br>three', 'One\n\ntwo <b> AB\nthree'],
    ['a < b && c > d', 'a < b && c > d'],
    ['<!-- hidden <p> --><style>p{}</style>seen<!doctype html>', 'seen'],
    ['<script>never closed <p>text', ''],
    ['<ul><li>a</li><li>b <a href="x">link</a></li></ul>', 'a\n\nb link'],
    ['&unknown; &#xD800; &#0;', '&unknown;'],
    ['<', '<'],
  ])('%j is %j', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  test('takes time in proportion to its length, whatever it holds', () => {
    // Quadratic work on these would take hours.
    for (const part of ['<', '<!--', '<script', '<p ', '&#', '</', '<svg>'])
      expect(typeof textOfHtml(part.repeat(100_000))).toBe('string');
  });
});

describe('fetch_url through the toolbox', () => {
  test.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://localhost/',
    'https://metadata.google.internal/',
    'http://docs.example.com/',
    'https://user:pw@docs.example.com/',
    'https://docs.example.com:8443/',
    'ftp://docs.example.com/',
    'nonsense',
  ])('refuses %s', async (url) => {
    const { run } = await bench({ 'a.txt': '' });
    const said = await run('fetch_url', { url });
    expect(said).toMatchObject({ outcome: 'error', confinement: 'in process' });
    expect(said.output).toMatch(/^\S+: \S.*$/);
  });
});
