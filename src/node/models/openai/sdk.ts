/**
 * The one place that touches the `openai` package at run time.
 *
 * Invariants: nothing of the environment gets into a request (the SDK would add headers from OPENAI_* variables); what is
 * sent goes through the transport and nowhere else; the SDK retries nothing and logs nothing.
 */
import type OpenAI from 'openai';
import type { APIPromise } from 'openai';
import type { Stream } from 'openai/streaming';
import type { ModelRequest } from '../../../core/ports/model';
import type { Destination, Open } from '../shared/exchange';
import { guardedFetch } from '../shared/guardedFetch';
import { NO_TIMEOUT, sdkStream } from '../shared/sdkStream';

/** One request of one of the APIs. */
type Ask = (client: OpenAI, request: ModelRequest, signal: AbortSignal) => APIPromise<Stream<unknown>>;

/** Loads the SDK, and makes what asks with it. */
export async function loadOpenAi(to: Destination, ask: Ask): Promise<Open> {
  const sdk = (await import('openai')).default;
  const authorization: Record<string, string> = to.key === undefined ? {} : { authorization: `Bearer ${to.key}` };
  return (request, signal) => {
    const guarded = guardedFetch(to, authorization);
    return sdkStream(() => ask(clientOf(sdk, to, guarded.fetch), request, signal), guarded);
  };
}

/** A member that is left out would be taken from the environment, so all of them are here. */
function clientOf(sdk: typeof OpenAI, to: Destination, fetch: typeof globalThis.fetch): OpenAI {
  return new sdk({
    baseURL: to.baseUrl,
    // The SDK refuses to work without a key; this one never leaves.
    apiKey: to.key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    logLevel: 'off',
    fetch,
  });
}
