/**
 * What went wrong with a request, as a value with one line for a person: what happened, where, what to do.
 *
 * Invariant: text that came from a server is shortened to one line and cleared of the key before it is used.
 */
import { z } from 'zod';
import { assertNever } from '../../../core/kernel/assertNever';
import { cancelled, type Fault } from '../shared/failure';
import type { GivenUp, Limits } from './deadline';
import type { Server } from './server';

/** What faults are told about: the server, the model asked for, and the key that must not appear. */
export type Target = { readonly server: Server; readonly model: string; readonly key: string | undefined };

const SET_KEY = 'with the command "OpenExec: Set API Key…", or in OPENAI_API_KEY for the command line';
const CHECK_URL = 'Check the base URL; it usually ends in /v1.';

const fault = (code: Fault['code'], retryable: boolean, message: string): Fault => ({ code, message, retryable });

/** No key for a server that is not this machine; found before anything is sent. */
export function keyMissing({ server }: Target): Fault {
  return fault('key_missing', false, `There is no API key for ${server.destination}. Set one ${SET_KEY}.`);
}

/** The key cannot be sent at all, because no HTTP header may hold it. */
export function keyUnusable({ server }: Target): Fault {
  const what = `The API key for ${server.destination} holds characters that no key has`;
  return fault('unauthorized', false, `${what}. Set it again ${SET_KEY}.`);
}

/** The request was given up on this side. */
export function givenUp({ server }: Target, why: GivenUp, limits: Limits): Fault {
  switch (why) {
    case 'cancelled':
      return cancelled();
    case 'first_token': {
      const what = `${server.baseUrl} sent no token within ${seconds(limits.firstTokenMs)}`;
      return fault('stalled', true, `${what}: is the model still loading, or the server overloaded?`);
    }
    case 'stall': {
      const what = `${server.baseUrl} went silent for ${seconds(limits.stallMs)} in the middle of a reply`;
      return fault('stalled', true, `${what}: is the server still running?`);
    }
    case 'whole': {
      const what = `${server.baseUrl} did not finish within ${seconds(limits.wholeMs ?? 0)}, the time left to this step`;
      return fault('stalled', false, `${what}: a step's time is timeout_minutes in the blueprint`);
    }
    default:
      return assertNever(why);
  }
}

const seconds = (ms: number): string => `${ms / 1000} s`;

/** The server answered with success, but with something else than a stream of a reply. */
export function notAStream({ server, key }: Target, contentType: string): Fault {
  const type = serverText(contentType, key) || 'no content type';
  const what = `${server.baseUrl} answered with ${type} instead of a chat completion stream`;
  return fault('malformed', false, `${what}. ${CHECK_URL}`);
}

/** The stream broke, or what it held is not the protocol; nothing was acted on, so that it may be asked again. */
export function brokenStream({ server }: Target, what: string): Fault {
  return fault('malformed', true, `The reply of ${server.baseUrl} cannot be used: ${what}.`);
}

const httpError = z.object({ status: z.number().int(), error: z.unknown(), message: z.string() });
const errorBody = z.object({
  message: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
});

/** What the SDK threw before a stream began: a status that is no success, or no answer at all. */
export function requestFault(target: Target, error: unknown): Fault {
  const http = httpError.safeParse(error);
  return http.success ? statusFault(target, http.data) : connectionFault(target, error);
}

function statusFault(target: Target, { status, error, message }: z.infer<typeof httpError>): Fault {
  const { server, key } = target;
  const body = errorBody.safeParse(error).data;
  const said = serverText(body?.message ?? message.replace(/^\d{3} /, ''), key);
  const where = `${server.baseUrl} answered ${status}`;
  if (status === 401 || status === 403) return keyFault(target, status, said);
  if (status >= 300 && status < 400) {
    const what = `${where}: it redirects to another address, which is not followed`;
    return fault('refused', false, `${what}. Set that address as the base URL if it is meant.`);
  }
  if (status === 404) {
    const what = `${where}: it does not know the model "${target.model}", or the address is not right`;
    return fault('refused', false, `${what} (${said}). Check openexec.model or --model, and the base URL.`);
  }
  if (status === 429 && body?.code === 'insufficient_quota') {
    return fault('refused', false, `${where}: the account has no quota left (${said}).`);
  }
  if (status === 429) return fault('server', true, `${where}: too many requests (${said}). Try again later.`);
  if (status === 408 || status === 409 || status >= 500) {
    return fault('server', true, `${where}: ${said}. The server has a problem; try again later.`);
  }
  return fault('refused', false, `${where}: it refused the request (${said}).`);
}

/** For 401 the server's own words are left out, because some servers repeat parts of the key in them. */
function keyFault({ server, key }: Target, status: number, said: string): Fault {
  const reason = status === 403 ? ` (${said})` : '';
  const what = key === undefined ? 'asks for an API key' : 'refused the API key';
  const todo = key === undefined ? 'Set one' : 'Check the key for this server and set it again';
  return fault('unauthorized', false, `${server.baseUrl} answered ${status}: it ${what}${reason}. ${todo} ${SET_KEY}.`);
}

function connectionFault({ server }: Target, error: unknown): Fault {
  const code = systemCode(error);
  const why = code === undefined ? '' : ` (${code})`;
  if (code !== undefined && /CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return fault(
      'connection',
      false,
      `No secure connection to ${server.baseUrl}${why}: its certificate is not trusted.`,
    );
  }
  return fault('connection', true, `No answer from ${server.baseUrl}${why}: is the server running?`);
}

/** What the SDK threw while a stream was read: an error the server reported in it, text that is no JSON, or a break. */
export function streamFault(target: Target, error: unknown): Fault {
  if (error instanceof SyntaxError) return brokenStream(target, 'a chunk is not JSON');
  const reported = error instanceof Error && 'error' in error ? errorBody.safeParse(error.error).data : undefined;
  if (reported === undefined) {
    const code = systemCode(error);
    return brokenStream(target, `the connection broke in the middle${code === undefined ? '' : ` (${code})`}`);
  }
  const said = serverText(reported.message ?? '', target.key);
  const what = `${target.server.baseUrl} reported an error in the middle of a reply (${said})`;
  return reported.type === 'invalid_request_error'
    ? fault('refused', false, `${what}.`)
    : fault('server', true, `${what}. Try again later.`);
}

/** The first system error code (`ECONNREFUSED`, …) in a chain of causes. */
function systemCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]+$/.test(at.code)) return at.code;
  }
  return undefined;
}

const LONGEST = 200;

function serverText(text: string, key: string | undefined): string {
  const clean = key === undefined ? text : text.replaceAll(key, '[key]');
  const line = clean.replace(/\s+/g, ' ').trim();
  if (line === '') return 'no reason given';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
