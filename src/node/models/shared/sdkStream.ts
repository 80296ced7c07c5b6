/** What an SDK answers, as a stream of the exchange: nothing that an SDK throws goes further than here. */
import { err, ok, type Result } from '../../../core/kernel/result';
import type { Next, NoStream, OpenStream } from './exchange';
import type { GuardedFetch } from './guardedFetch';

/** An SDK's own time limit is out of the way with it; ours are in `deadline.ts`. It must fit a 32 bit timer. */
export const NO_TIMEOUT = 2 ** 31 - 1;

/** What both SDKs give for a request that is to be streamed. */
type Asked = {
  withResponse(): Promise<{ readonly data: AsyncIterable<unknown>; readonly response: Response }>;
};

/** Sends what `ask` makes, and waits for the head of the answer; `guarded` is the fetch that it is sent with. */
export async function sdkStream(ask: () => Asked, guarded: GuardedFetch): Promise<Result<OpenStream, NoStream>> {
  try {
    const { data, response } = await ask().withResponse();
    const iterator = data[Symbol.asyncIterator]();
    return ok({ contentType: response.headers.get('content-type') ?? '', next: () => pull(iterator) });
  } catch (error) {
    return err(guarded.failed() ?? { kind: 'connection', error });
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
