/**
 * The one place that touches the `openai` package at run time.
 *
 * Invariants: nothing of the environment gets into a request (the SDK would add headers from OPENAI_* variables);
 * redirects are not followed, because they would carry a prompt to a server nobody chose.
 */
import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { err, ok, type Result } from '../../../core/kernel/result';

/** The SDK's own time limit is out of the way; ours are in `deadline.ts`. It must fit a 32 bit timer. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** Loads the SDK and makes a client for one server; no request is made. */
export async function createClient(baseURL: string, key: string | undefined): Promise<OpenAI> {
  const { default: OpenAi } = await import('openai');
  return new OpenAi({
    baseURL,
    // The SDK refuses to work without a key; a stand-in never leaves, because `send` writes the headers.
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    logLevel: 'off',
    fetch: (url, init) => fetch(url, { ...init, headers: headers(key), redirect: 'manual' }),
  });
}

function headers(key: string | undefined): Record<string, string> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'user-agent': 'openexec',
    ...authorization,
  };
}

type Next = { readonly done: true } | { readonly done: false; readonly chunk: unknown };

export type OpenStream = {
  readonly contentType: string;
  /** The next chunk; the error is whatever the SDK threw. */
  next(): Promise<Result<Next, unknown>>;
};

/** Sends a request and waits for the head of the answer. The error is whatever the SDK threw, for `faults.ts`. */
export async function openStream(
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
): Promise<Result<OpenStream, unknown>> {
  try {
    const { data, response } = await client.chat.completions.create(body, { signal }).withResponse();
    const iterator = data[Symbol.asyncIterator]();
    return ok({ contentType: response.headers.get('content-type') ?? '', next: () => pull(iterator) });
  } catch (error) {
    return err(error);
  }
}

async function pull(iterator: AsyncIterator<unknown>): Promise<Result<Next, unknown>> {
  try {
    const { done, value } = await iterator.next();
    return ok(done === true ? { done } : { done: false, chunk: value });
  } catch (error) {
    return err(error);
  }
}
