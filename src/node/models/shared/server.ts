/**
 * Where a model's server is: its base URL, whether that is this machine, and how people see it.
 */
import { err, ok, type Result } from '../../../core/kernel/result';

export type Server = {
  /** Without a trailing slash; holds no credentials, query or fragment. */
  readonly baseUrl: string;
  readonly loopback: boolean;
  /** True when a person has declared that it is theirs, and that nothing sent there leaves their own machines. */
  readonly declaredLocal: boolean;
  /** `host[:port]`, or `this machine (host[:port])` for a loopback address. */
  readonly destination: string;
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a host, as a URL has it, is this machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/** Parses a base URL; the error is one line that says what is wrong with it and gives an example. */
export function parseBaseUrl(text: string): Result<Server, string> {
  const example = 'Use something like http://127.0.0.1:11434/v1.';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // Never repeated: there may be a password in it, or a key.
    return err(`The base URL is not a URL. ${example}`);
  }
  if (url.username !== '' || url.password !== '') {
    return err(`The base URL for ${url.host} holds a user name or password. Leave it out and set the key instead.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return err(`The base URL is neither http nor https. ${example}`);
  }
  if (url.search !== '' || url.hash !== '') {
    return err(`The base URL for ${url.host} has a query or a fragment. ${example}`);
  }
  const loopback = isLoopback(url.hostname);
  const destination = loopback ? `this machine (${url.host})` : url.host;
  return ok({
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    loopback,
    declaredLocal: false,
    destination,
  });
}
