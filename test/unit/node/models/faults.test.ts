import { describe, expect, test } from 'vitest';
import { connectionFault } from '../../../../src/node/models/shared/connectionFault';
import { retryAfterMs } from '../../../../src/node/models/shared/retryAfter';
import { serverText } from '../../../../src/node/models/shared/said';
import { parseBaseUrl } from '../../../../src/node/models/shared/server';

function target() {
  const server = parseBaseUrl('https://models.example.com/v1');
  if (!server.ok) throw new Error(server.error);
  return { server: server.value };
}

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error('words that say nothing: certificate, timeout'), { code, cause });

describe('why there was no answer', () => {
  test.each([
    ['ECONNREFUSED', 'connection', true],
    ['ECONNRESET', 'connection', true],
    ['ENOTFOUND', 'connection', true],
    ['EAI_AGAIN', 'connection', true],
    ['UND_ERR_SOCKET', 'connection', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true],
    ['ETIMEDOUT', 'timeout', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', false],
    ['CERT_HAS_EXPIRED', 'tls', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', false],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', false],
    ['OPENEXEC_PROXY_REFUSED', 'connection', false],
    ['OPENEXEC_PROXY_UNUSABLE', 'connection', false],
  ] as const)('%s is %s, retryable %s', (code, kind, retryable) => {
    const fault = connectionFault(target(), new TypeError('fetch failed', { cause: coded(code) }));
    expect(fault).toMatchObject({ code: kind, retryable });
  });

  test('is told by a code and never by words', () => {
    const fault = connectionFault(target(), new Error('the certificate has expired: timeout'));
    expect(fault).toEqual({
      code: 'connection',
      retryable: true,
      message: 'No answer from https://models.example.com/v1: is the server running?',
    });
  });

  test('is that of the first address, where several were tried', () => {
    const both = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
    expect(connectionFault(target(), new TypeError('fetch failed', { cause: both })).message).toContain('ECONNREFUSED');
  });
});

describe('how long a server asks to wait', () => {
  const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
  const asked = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), () => NOW);

  test.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': ' 7 ' }, 7000],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Monday, 23-Nov-26 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Mon Nov 23 12:00:30 2026 GMT' }, 30_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 11:59:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '2026' }, 2_026_000],
    [{ 'retry-after': '999999999999' }, 86_400_000],
  ])('%j is %s', (headers, ms) => {
    expect(asked(headers)).toBe(ms);
  });
});

describe("a server's words", () => {
  test('are one short line without a secret, whichever of them holds another', () => {
    const secrets = ['sk-1', 'sk-1-long', ''];
    expect(serverText('bad\n  key sk-1-long, or sk-1', { secrets })).toBe('bad key [secret], or [secret]');
    expect(serverText('x'.repeat(1000), { secrets })).toHaveLength(201);
    expect(serverText(' \n', { secrets })).toBe('no reason given');
  });
});

describe('where a server is', () => {
  test.each([
    ['http://127.0.0.1:11434/v1/', true],
    ['http://localhost:1234', true],
    ['http://[::1]:8080/v1', true],
    ['http://127.0.0.1.example.com/v1', false],
    ['http://0.0.0.0:8080', false],
    ['http://192.168.1.7:8080', false],
  ])('%s: this machine %s, and nobody has declared it theirs', (url, loopback) => {
    expect(parseBaseUrl(url)).toMatchObject({ ok: true, value: { loopback, declaredLocal: false } });
  });
});
