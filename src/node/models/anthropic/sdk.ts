/**
 * The one place that touches the `@anthropic-ai/sdk` package at run time.
 *
 * Invariants: nothing of the environment or of the machine's profiles gets into a request; what is sent goes through the
 * transport and nowhere else; the SDK retries nothing, logs nothing and traces nothing.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import type { ModelRequest } from '../../../core/ports/model';
import type { Destination, Open } from '../shared/exchange';
import { guardedFetch } from '../shared/guardedFetch';
import { NO_TIMEOUT, sdkStream } from '../shared/sdkStream';
import type { MessagesRequest } from './request';

const VERSION = '2023-06-01';

/** Loads the SDK, and makes what asks with it. */
export async function loadMessages(to: Destination, body: (request: ModelRequest) => MessagesRequest): Promise<Open> {
  const sdk = (await import('@anthropic-ai/sdk')).default;
  const authorization = { 'anthropic-version': VERSION, ...(to.key === undefined ? {} : { 'x-api-key': to.key }) };
  return (request, signal) => {
    const guarded = guardedFetch(to, authorization);
    // Not `messages.create`, which writes on the console about models that are to be retired.
    const ask = () =>
      clientOf(sdk, to, guarded.fetch).post<Stream<unknown>>('/v1/messages', {
        body: body(request),
        signal,
        stream: true,
      });
    return sdkStream(ask, guarded);
  };
}

/** A member that is left out would be taken from the environment, so all of them are here. */
function clientOf(sdk: typeof Anthropic, to: Destination, fetch: typeof globalThis.fetch): Anthropic {
  return new sdk({
    baseURL: to.baseUrl,
    // With no credential in code the SDK would look for a profile on this machine; this one never leaves.
    apiKey: to.key ?? 'none',
    webhookKey: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    logLevel: 'off',
    openTelemetry: false,
    fetch,
  });
}
