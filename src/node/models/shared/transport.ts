/**
 * How requests to models travel: over undici, which is loaded with the first of them.
 *
 * Invariants: no redirect is followed; this machine is never asked through a proxy; nothing of a proxy's address gets into
 * an error; only a person's `http.proxyStrictSSL: false` makes certificates not count.
 */
import type { Dispatcher } from 'undici';
import type { ProxySetting } from '../../../core/models/proxy';
import { PROXY_REFUSED, PROXY_UNUSABLE, systemCode } from './connectionFault';
import { isLoopback } from './server';

/** A fetch that keeps the invariants of this file. Its failures are told apart by `connectionFault`, by code. */
export type Transport = {
  readonly fetch: typeof globalThis.fetch;
  /** Loads what `fetch` needs, so that the loading is not counted as a server's time. */
  readonly ready?: () => Promise<void>;
};

type Undici = typeof import('undici');
type Routes = { readonly direct: Dispatcher; readonly proxied: () => Dispatcher };

/** Makes a transport; nothing is loaded and nothing is opened before its first request. */
export function createTransport(options: { readonly proxy: ProxySetting; readonly connectMs: number }): Transport {
  let loading: Promise<{ undici: Undici; routes: Routes }> | undefined;
  const load = async () => {
    const undici = await import('undici');
    return { undici, routes: routesOf(undici, options.proxy, options.connectMs) };
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    async ready() {
      await loaded();
    },
    async fetch(input, init) {
      const { undici, routes } = await loaded();
      const url = input instanceof Request ? input.url : input;
      const dispatcher = isLoopback(new URL(url).hostname) ? routes.direct : routes.proxied();
      const asked = { ...(init as import('undici').RequestInit), redirect: 'manual' as const, dispatcher };
      try {
        // The same things have other types in the web's library and in undici's.
        return (await undici.fetch(url, asked)) as unknown as Response;
      } catch (error) {
        throw dispatcher !== routes.direct && init?.signal?.aborted !== true ? throughProxy(error) : error;
      }
    },
  };
}

/** What undici has for a proxy that answers 407, or does not open a tunnel; why is in its words only. */
const REFUSED: ReadonlySet<string | undefined> = new Set(['UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG']);

const throughProxy = (error: unknown): unknown => (REFUSED.has(systemCode(error)) ? coded(PROXY_REFUSED) : error);

/** An error that says nothing but its code: what caused it may hold a password. */
const coded = (code: string): Error => Object.assign(new Error('the proxy'), { code });

function routesOf({ Agent, EnvHttpProxyAgent }: Undici, proxy: ProxySetting, connectMs: number): Routes {
  const strict = proxy.kind !== 'settings' || proxy.strictTls;
  const connect = { timeout: connectMs, ...(strict ? {} : { rejectUnauthorized: false }) };
  // A model may think for as long as `deadline.ts` allows; undici's own limits would end it before.
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  const direct = new Agent({ ...patient, connect });
  let proxied: Dispatcher | undefined;
  return {
    direct,
    proxied() {
      if (proxy.kind === 'none') return direct;
      const { noProxy, ...named } = proxy.kind === 'settings' ? setProxies(proxy) : environmentProxies();
      const addresses = { httpProxy: addressOf(named.httpProxy), httpsProxy: addressOf(named.httpsProxy), noProxy };
      const tls = { connect, requestTls: connect, proxyTls: connect };
      proxied ??= new EnvHttpProxyAgent({ ...patient, ...tls, ...addresses, proxyTunnel: false });
      return proxied;
    },
  };
}

type Proxies = { readonly httpProxy: string; readonly httpsProxy: string; readonly noProxy: string };

const setProxies = ({ url, noProxy }: ProxySetting & { kind: 'settings' }): Proxies => ({
  httpProxy: url,
  httpsProxy: url,
  noProxy: noProxy.join(','),
});

function environmentProxies(): Proxies {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = process.env;
  const httpProxy = http_proxy || HTTP_PROXY || '';
  return { httpProxy, httpsProxy: https_proxy || HTTPS_PROXY || httpProxy, noProxy: no_proxy || NO_PROXY || '' };
}

/** A proxy's address as undici takes it; people leave the `http://` out. Empty where there is none. */
function addressOf(written: string): string {
  const text = written.trim();
  if (text === '') return '';
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw coded(PROXY_UNUSABLE);
  return url.href;
}
