/**
 * A fetch for a provider's SDK: what it sends is written here to the last header, and what came instead of a success is
 * kept as it came, because an SDK keeps of it only what its own servers would say.
 */
import type { Destination, NoStream } from './exchange';

/** Characters of an error's body that are looked at. */
const LONGEST_BODY = 64 * 1024;

export type GuardedFetch = {
  readonly fetch: typeof globalThis.fetch;
  /** What came instead of a success; null when there was none, or nothing came yet. */
  readonly failed: () => NoStream | null;
};

/** For one request. `authorization` are the headers that say who asks; nothing that the SDK would send goes out. */
export function guardedFetch(to: Destination, authorization: Readonly<Record<string, string>>): GuardedFetch {
  let failed: NoStream | null = null;
  // In lower case, or two spellings of one name would be sent as one header with two values.
  const set = Object.entries(to.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = {
    ...Object.fromEntries(set),
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'user-agent': 'openexec',
    ...authorization,
  };
  return {
    failed: () => failed,
    async fetch(url, init) {
      let response: Response;
      try {
        response = await to.transport.fetch(url, { ...init, headers, redirect: 'manual' });
        if (response.ok) return response;
        const body = await bodyOf(response);
        failed = { kind: 'status', status: response.status, headers: response.headers, body };
      } catch (error) {
        failed = { kind: 'connection', error };
        throw error;
      }
      throw new Error('no success');
    },
  };
}

/** The beginning of a body. One that breaks off is what came of it: the status has been said by then. */
async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined && text.length < LONGEST_BODY) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return text;
  }
  // What is left of it is of no interest, and an error here is none.
  await reader?.cancel().catch(() => {});
  return text;
}
