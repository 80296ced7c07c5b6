/** Why there was no answer: told apart by the codes of the system and of the transport, never by words. */
import type { Fault } from './failure';
import type { Target } from './said';

/** The codes that the transport gives to its own failures. */
export const PROXY_UNUSABLE = 'OPENEXEC_PROXY_UNUSABLE';
export const PROXY_REFUSED = 'OPENEXEC_PROXY_REFUSED';

/** Node's and OpenSSL's: an unknown or expired certificate, a wrong name in it, a server that speaks no TLS. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_(GET_ISSUER|VERIFY|GET_CRL|DECRYPT_C)|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|CRL_|PATH_LENGTH|EPROTO$|UND_ERR_PRX_TLS$)/;

const TIMEOUT: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** No answer came at all. */
export function connectionFault({ server }: Pick<Target, 'server'>, error: unknown): Fault {
  const code = systemCode(error);
  const why = code === undefined ? '' : ` (${code})`;
  if (code === PROXY_UNUSABLE) {
    const what = 'The proxy that is set cannot be used: its address is not one of an http or https proxy';
    return {
      code: 'connection',
      retryable: false,
      message: `${what}. Correct http.proxy, or HTTPS_PROXY and HTTP_PROXY.`,
    };
  }
  if (code === PROXY_REFUSED) {
    const what = `The proxy refused the connection to ${server.destination}`;
    return {
      code: 'connection',
      retryable: false,
      message: `${what}: check its user name and password, and what it allows.`,
    };
  }
  if (code !== undefined && TLS.test(code)) {
    const what = `No secure connection to ${server.baseUrl}${why}: its certificate is not trusted, or it speaks no TLS`;
    return { code: 'tls', retryable: false, message: `${what}.` };
  }
  if (code !== undefined && TIMEOUT.has(code)) {
    const what = `No connection to ${server.baseUrl} in time${why}`;
    return { code: 'timeout', retryable: true, message: `${what}: is the server running, and can it be reached?` };
  }
  return {
    code: 'connection',
    retryable: true,
    message: `No answer from ${server.baseUrl}${why}: is the server running?`,
  };
}

/** The first system error code (`ECONNREFUSED`, …) in a chain of causes. */
export function systemCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = firstOf(at), depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]+$/.test(at.code)) return at.code;
  }
  return undefined;
}

/** Where several addresses were tried, the first error speaks for all. */
const firstOf = (error: Error): unknown => (error instanceof AggregateError ? error.errors[0] : error.cause);
