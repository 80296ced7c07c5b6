/**
 * One page by GET over https, from an address that was looked up once, checked, and connected to as it is.
 *
 * Invariants: no name is resolved a second time, so that what was checked is what answers; nothing of this machine goes
 * out (no cookie, no proxy of the environment, no credentials, fixed headers); a redirect never leaves the host; what
 * comes back is bounded in time and size.
 *
 * The connection is made by `tls.connect` and handed to the request: an editor replaces `https.request` by one that goes
 * through its proxy, and there the check would be of an address that nobody connects to.
 */
import dns from 'node:dns/promises';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { messageOf } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';
import { isPublicAddress } from './address';

export type Page = {
  /** Where it was in the end, after redirects on the same host. */
  readonly url: string;
  readonly status: number;
  /** Content type in lower case, with its parameters; empty when none was given. */
  readonly type: string;
  readonly body: Buffer;
  /**
   * Why the body may not be the whole: it was longer than the limit, or nobody said where it ends and the connection
   * just did, which a broken one does as well. Null when it is whole.
   */
  readonly cut: 'limit' | 'unannounced' | null;
};

/** What a fetch goes through; the real ones when left out. */
export type WebPorts = {
  /** Every address of a host. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly isAllowedAddress?: (address: string) => boolean;
  /** Certificates that are trusted instead of the system's. */
  readonly ca?: string;
  /** The port that https means; 443 when left out. */
  readonly port?: number;
};

export type PageRequest = {
  readonly url: URL;
  /** Bytes of the body that are kept. */
  readonly limit: number;
  readonly signal: AbortSignal;
};

const REDIRECTS = 3;
const HEADERS = {
  'User-Agent': 'OpenExec',
  Accept: 'text/*, application/json, application/xml;q=0.8, */*;q=0.1',
  'Accept-Encoding': 'identity',
  Connection: 'close',
} as const;

const systemResolve = async (host: string): Promise<string[]> =>
  (await dns.lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Fetches a page, or says in one line why not. Rejects only with the reason of the signal, when that is aborted. */
export async function fetchPage(
  { url, limit, signal }: PageRequest,
  ports: WebPorts = {},
): Promise<Result<Page, string>> {
  let at = url;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    signal.throwIfAborted();
    const answer = await get(at, limit, signal, ports);
    signal.throwIfAborted();
    if (!answer.ok) return answer;
    const { location, ...page } = answer.value;
    if (location === null) return ok(page);
    const next = followed(location, at);
    if (!next.ok) return next;
    at = next.value;
  }
  return err(`${url.host} redirects more than ${REDIRECTS} times`);
}

/** Where a redirect leads, when that is the same host by https. */
function followed(location: string, from: URL): Result<URL, string> {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (to?.protocol === 'https:' && to.host === from.host && to.username === '' && to.password === '') return ok(to);
  const where = to === null ? JSON.stringify(location) : `${to.protocol}//${to.host}${to.pathname}`;
  return err(`${from.host} redirects to ${where.slice(0, 300)}, which is not followed; ask for that address itself`);
}

type Answer = Page & { readonly location: string | null };

async function get(url: URL, limit: number, signal: AbortSignal, ports: WebPorts): Promise<Result<Answer, string>> {
  const addresses = await Promise.race([checkedAddresses(url.hostname, ports), untilAborted(signal)]);
  if (!addresses.ok) return addresses;
  let problem = 'no address';
  for (const address of addresses.value) {
    signal.throwIfAborted();
    const socket = await connect(url, address, signal, ports);
    if (socket.ok) return request(url, socket.value, limit, signal);
    problem = socket.error;
  }
  return err(`${url.host} could not be reached: ${problem}`);
}

/** A name that is looked up cannot be called back; nobody waits for it any longer. */
function untilAborted(signal: AbortSignal): Promise<Result<never, string>> {
  return new Promise((resolve) => {
    const stop = (): void => resolve(err('it took too long'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** All addresses of a host; one that is not public is enough to refuse it, for the next answer may name only that. */
async function checkedAddresses(
  hostname: string,
  { resolve = systemResolve, isAllowedAddress = isPublicAddress }: WebPorts,
): Promise<Result<readonly string[], string>> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  let addresses: readonly string[];
  try {
    addresses = net.isIP(literal) === 0 ? await resolve(hostname) : [literal];
  } catch (error) {
    return err(`${hostname} could not be found: ${messageOf(error)}`);
  }
  const refused = addresses.find((address) => !isAllowedAddress(address));
  if (refused !== undefined) return err(`${hostname} is ${refused}, which is not an address of the public network`);
  return addresses.length === 0 ? err(`${hostname} has no address`) : ok(addresses);
}

function connect(
  url: URL,
  address: string,
  signal: AbortSignal,
  { ca, port = 443 }: WebPorts,
): Promise<Result<tls.TLSSocket, string>> {
  return new Promise((resolve) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket = tls.connect({
      host: address,
      port: url.port === '' ? port : Number(url.port),
      // A number has no name to ask for; the certificate must then be made out to the number.
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['http/1.1'],
      // Said, because an environment variable could switch it off.
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
    });
    const stop = (): void => void socket.destroy(new Error('it took too long'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      resolve(ok(socket));
    });
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop);
      resolve(err(messageOf(error)));
    });
  });
}

function request(url: URL, socket: tls.TLSSocket, limit: number, signal: AbortSignal): Promise<Result<Answer, string>> {
  return new Promise((resolve) => {
    const end = (result: Result<Answer, string>): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(result);
    };
    const failed = (error: Error): void => end(err(`${url.host}: ${messageOf(error)}`));
    const stop = (): void => failed(new Error('it took too long'));
    signal.addEventListener('abort', stop, { once: true });
    const outgoing = new http.ClientRequest({
      createConnection: () => socket,
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { Host: url.host, ...HEADERS },
    });
    outgoing.on('error', failed);
    // Without a listener Node leaves the request without an answer.
    outgoing.once('upgrade', () => failed(new Error('it answered by changing the protocol, which was not asked for')));
    outgoing.once('response', (incoming) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      const done = (cut: Page['cut']): void => end(ok({ ...headOf(url, incoming), body: joined(pieces, limit), cut }));
      incoming.on('data', (piece: Buffer) => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes > limit) done('limit');
      });
      const { headers } = incoming;
      const isAnnounced = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
      incoming.once('end', () => {
        if (incoming.complete) done(isAnnounced ? null : 'unannounced');
        else failed(new Error('the answer broke off'));
      });
      incoming.once('aborted', () => failed(new Error('the answer broke off')));
      incoming.on('error', failed);
    });
    outgoing.end();
    if (signal.aborted) stop();
  });
}

const joined = (pieces: readonly Buffer[], limit: number): Buffer => Buffer.concat(pieces).subarray(0, limit);

function headOf(url: URL, { statusCode = 0, headers }: http.IncomingMessage): Omit<Answer, 'body' | 'cut'> {
  const redirect = [301, 302, 303, 307, 308].includes(statusCode);
  return {
    url: url.href,
    status: statusCode,
    type: (headers['content-type'] ?? '').toLowerCase(),
    location: redirect ? (headers.location ?? '') : null,
  };
}
