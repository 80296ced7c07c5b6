/** What an HTTP status that is no success means, as one line for a person. */
import type { ModelFailureCode } from '../../../core/ports/model';
import type { Fault } from './failure';
import { retryAfterMs } from './retryAfter';
import { serverText, type Target } from './said';

export type StatusAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** The server's own words, as they came. */
  readonly said: string;
  /** What the protocol's error codes say more exactly than the status; null where they do not. */
  readonly means: ModelFailureCode | null;
};

/** Statuses after which the same request may succeed a little later. */
const AGAIN: ReadonlySet<ModelFailureCode> = new Set(['rate_limited', 'overloaded', 'server']);

/** The failure of a request that was answered with this status. */
export function statusFault(target: Target, answer: StatusAnswer): Fault {
  const code = answer.means ?? codeOf(answer.status);
  const message = `${target.server.baseUrl} answered ${answer.status}: ${sentence(target, answer, code)}`;
  if (!AGAIN.has(code)) return { code, message, retryable: false };
  const wait = retryAfterMs(answer.headers);
  return { code, message, retryable: true, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function codeOf(status: number): ModelFailureCode {
  switch (status) {
    case 401:
    case 403:
      return 'unauthorized';
    case 402:
      return 'quota';
    case 404:
      return 'not_found';
    case 408:
    case 409:
    case 425:
      return 'server';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 500 ? 'server' : 'refused';
  }
}

function sentence(target: Target, { status, said }: StatusAnswer, code: ModelFailureCode): string {
  const words = serverText(said, target);
  switch (code) {
    case 'unauthorized':
      return unauthorized(target, status, words);
    case 'not_found': {
      const what = `it does not know the model "${target.model}", or the address is not right`;
      return `${what} (${words}). Check openexec.model or --model, and the base URL.`;
    }
    case 'quota':
      return `the account has no quota left (${words}). Check its plan and billing.`;
    case 'too_large':
      return `the request is larger than the model takes (${words}).`;
    case 'rate_limited':
      return `too many requests (${words}). Try again later.`;
    case 'overloaded':
      return `it is overloaded (${words}). Try again later.`;
    case 'server':
      return `${words}. The server has a problem; try again later.`;
    default:
      if (status >= 300 && status < 400) {
        return 'it redirects to another address, which is not followed. Set that address as the base URL if it is meant.';
      }
      return `it refused the request (${words}).`;
  }
}

/** For 401 the server's own words are left out, because some servers repeat parts of the key in them. */
function unauthorized({ key, setKey }: Target, status: number, words: string): string {
  const reason = status === 403 ? ` (${words})` : '';
  const what = key === undefined ? 'asks for an API key' : 'refused the API key';
  const todo = key === undefined ? 'Set one' : 'Check the key for this server and set it again';
  return `it ${what}${reason}. ${todo} ${setKey}.`;
}
