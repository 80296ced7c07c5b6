/**
 * What can go wrong with a request to any server, as a value with one line for a person: what happened, where, what to do.
 * What a status means is in `statusFault.ts`, what a broken connection means in `connectionFault.ts`.
 */
import { assertNever } from '../../../core/kernel/assertNever';
import type { ModelFailureCode } from '../../../core/ports/model';
import { systemCode } from './connectionFault';
import type { GivenUp } from './deadline';
import { cancelled, type Fault } from './failure';
import type { Limits } from './limits';
import { serverText, type Target } from './said';
import { isLoopback } from './server';

export { connectionFault, systemCode } from './connectionFault';
export type { Target } from './said';
export { statusFault } from './statusFault';

const HEADER_SAFE = /^[\x21-\x7e]+$/;

/** What is wrong with the key before anything is sent; null when nothing is. */
export function keyFault({ server, key, secrets, setKey }: Target): Fault | null {
  if (key === undefined) {
    // A gateway may go by a header of its own; without a key there is nothing else that is secret.
    // Whether a server wants a key goes by where it is, not by how far it is trusted.
    if (isLoopback(new URL(server.baseUrl).hostname) || server.declaredLocal || secrets.length > 0) return null;
    const message = `There is no API key for ${server.destination}. Set one ${setKey}.`;
    return { code: 'key_missing', retryable: false, message };
  }
  if (HEADER_SAFE.test(key)) return null;
  const what = `The API key for ${server.destination} holds characters that no key has`;
  return { code: 'unauthorized', retryable: false, message: `${what}. Set it again ${setKey}.` };
}

/** The request was given up on this side. */
export function givenUp({ server }: Pick<Target, 'server'>, why: GivenUp, limits: Limits): Fault {
  switch (why) {
    case 'cancelled':
      return cancelled();
    case 'first_token': {
      const what = `${server.baseUrl} sent no token within ${seconds(limits.firstTokenMs)}`;
      return stalled(true, `${what}: is the model still loading, or the server overloaded?`);
    }
    case 'stall': {
      const what = `${server.baseUrl} went silent for ${seconds(limits.stallMs)} in the middle of a reply`;
      return stalled(true, `${what}: is the server still running?`);
    }
    case 'whole': {
      const what = `${server.baseUrl} did not finish within ${seconds(limits.wholeMs ?? 0)}, the time left to this step`;
      return stalled(false, `${what}: a step's time is timeout_minutes in the blueprint`);
    }
    default:
      return assertNever(why);
  }
}

const stalled = (retryable: boolean, message: string): Fault => ({ code: 'stalled', retryable, message });
const seconds = (ms: number): string => `${ms / 1000} s`;

/** The server answered with success, but with something else than a stream of a reply. */
export function notAStream(target: Target, contentType: string): Fault {
  const type = contentType === '' ? 'no content type' : serverText(contentType, target);
  const what = `${target.server.baseUrl} answered with ${type} instead of ${target.stream}`;
  return { code: 'malformed', retryable: false, message: `${what}. Check the base URL.` };
}

/** The stream broke, or what it held is not the protocol; nothing was acted on, so that it may be asked again. */
export function brokenStream({ server }: Pick<Target, 'server'>, what: string): Fault {
  return { code: 'malformed', retryable: true, message: `The reply of ${server.baseUrl} cannot be used: ${what}.` };
}

/** The connection broke before the reply was complete. */
export function brokenOff(target: Pick<Target, 'server'>, error: unknown): Fault {
  const code = systemCode(error);
  return brokenStream(target, `the connection broke in the middle${code === undefined ? '' : ` (${code})`}`);
}

const AGAIN: ReadonlySet<ModelFailureCode> = new Set(['server', 'overloaded', 'rate_limited']);

/** An error that the server reported in the middle of a stream; `code` is what it means, by its type and never by its words. */
export function reportedInStream(target: Target, code: ModelFailureCode, said: string): Fault {
  const what = `${target.server.baseUrl} reported an error in the middle of a reply (${serverText(said, target)})`;
  const retryable = AGAIN.has(code);
  return { code, retryable, message: retryable ? `${what}. Try again later.` : `${what}.` };
}
