/**
 * Where an OpenAI-compatible server is: its base URL, whether that is this machine, and how people see it.
 */
import { err, ok, type Result } from '../../../core/kernel/result';

export type Server = {
  /** Without a trailing slash; holds no credentials, query or fragment. */
  readonly baseUrl: string;
  readonly loopback: boolean;
  /** `host[:port]`, or `this machine (host[:port])` for a loopback address. */
  readonly destination: string;
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Parses a base URL; the error is one line that says what is wrong with it and gives an example. */
export function parseBaseUrl(text: string): Result<Server, string> {
  const example = 'Use something like http://127.0.0.1:11434/v1.';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return err(`The base URL "${text}" is not a URL. ${example}`);
  }
  if (url.username !== '' || url.password !== '') {
    return err(`The base URL for ${url.host} holds a user name or password. Leave it out and set the key instead.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return err(`The base URL "${text}" is neither http nor https. ${example}`);
  }
  if (url.search !== '' || url.hash !== '') {
    return err(`The base URL for ${url.host} has a query or a fragment. ${example}`);
  }
  const loopback = LOOPBACK.test(url.hostname);
  const destination = loopback ? `this machine (${url.host})` : url.host;
  return ok({ baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, loopback, destination });
}
