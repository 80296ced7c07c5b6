/** The proxy settings of VS Code, as requests of models go by them. */
import { beforeEach, expect, test, vi } from 'vitest';

const http = vi.hoisted(() => ({ settings: {} as Record<string, unknown> }));
vi.mock('vscode', () => ({
  workspace: { getConfiguration: () => ({ get: (name: string) => http.settings[name] }) },
}));
const { proxySecrets, proxySetting } = await import('../../../src/vscode/proxy');

beforeEach(() => {
  http.settings = {};
});

test('where nothing is set, the environment says', () => {
  expect(proxySetting()).toEqual({ kind: 'environment' });
  http.settings = { proxy: ' ', proxySupport: 'override', noProxy: [], proxyStrictSSL: true };
  expect(proxySetting()).toEqual({ kind: 'environment' });
});

test('where proxies are switched off, there is none, whatever the environment says', () => {
  http.settings = { proxySupport: 'off', proxy: 'http://proxy.example.com:8080' };
  expect(proxySetting()).toEqual({ kind: 'none' });
});

test('the proxy that is set is used, with its exceptions, and its certificate is looked at unless that is switched off', () => {
  http.settings = {
    proxySupport: 'override',
    proxy: ' http://proxy.example.com:8080 ',
    noProxy: ['intern.example.com'],
  };
  const expected = { kind: 'settings', url: 'http://proxy.example.com:8080', noProxy: ['intern.example.com'] };
  expect(proxySetting()).toEqual({ ...expected, strictTls: true });
  http.settings.proxyStrictSSL = false;
  expect(proxySetting()).toEqual({ ...expected, strictTls: false });
  http.settings.noProxy = 'nonsense';
  expect(proxySetting()).toMatchObject({ noProxy: [] });
});

test.each([[7], ['no address'], ['socks5://proxy.example.com:1080']])(
  'a proxy that cannot be used (%j) is handed on to be refused: nothing goes past it',
  (proxy) => {
    http.settings = { proxy };
    expect(proxySetting()).toMatchObject({ kind: 'settings', url: String(proxy) });
  },
);

test('the password of the proxy is a secret, as it is written and as it is meant', () => {
  http.settings = { proxy: 'http://user:p%40ss-w0rd@proxy.example.com:8080' };
  expect(proxySecrets()).toEqual(['p%40ss-w0rd', 'p@ss-w0rd']);
  http.settings = { proxy: 'user:hunter22@proxy.example.com:8080' };
  expect(proxySecrets()).toEqual(['hunter22']);
  for (const proxy of ['http://proxy.example.com', 'no address', undefined]) {
    http.settings = { proxy };
    expect(proxySecrets()).toEqual([]);
  }
});
