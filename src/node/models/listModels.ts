/** The models that a server says it has: one request, which every protocol answers alike. */
import { z } from 'zod';
import { err, ok, type Result } from '../../core/kernel/result';
import type { ModelServer } from '../../core/models/settings';
import type { Server } from './shared/server';

export type AskedServer = {
  readonly server: Server;
  readonly protocol: ModelServer['protocol'];
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
};

/** Names beyond these are not read: a list to choose from has an end. */
const MOST = 500;
const MOST_BYTES = 4 * 1024 * 1024;
const LONGEST_NAME = 200;
const ANTHROPIC_VERSION = '2023-06-01';

const listSchema = z.object({ data: z.array(z.object({ id: z.string().min(1).max(LONGEST_NAME) })) });

/** The names of the models; the error is one line, and holds nothing that the server wrote. */
export async function listModels(
  { server, protocol, key, headers, fetch }: AskedServer,
  signal: AbortSignal,
): Promise<Result<string[], string>> {
  const url = protocol === 'anthropic' ? `${server.baseUrl}/v1/models` : `${server.baseUrl}/models`;
  const who = server.destination;
  let response: Response;
  try {
    response = await fetch(url, { headers: { ...headers, ...keyHeaders(protocol, key) }, redirect: 'manual', signal });
  } catch {
    return err(signal.aborted ? `${who} did not answer in time.` : `There is no connection to ${who}.`);
  }
  if (!response.ok) {
    await response.body?.cancel().catch(() => undefined);
    const denied = response.status === 401 || response.status === 403;
    return err(`${who} does not list its models (HTTP ${response.status})${denied ? ': it wants another key' : ''}.`);
  }
  const parsed = listSchema.safeParse(await jsonOf(response));
  if (!parsed.success) return err(`What ${who} answered is no list of models.`);
  const names = parsed.data.data.map(({ id }) => id).filter((id) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(id));
  return ok([...new Set(names)].slice(0, MOST));
}

function keyHeaders(protocol: ModelServer['protocol'], key: string | undefined): Record<string, string> {
  const anthropic = protocol === 'anthropic' ? { 'anthropic-version': ANTHROPIC_VERSION } : {};
  if (key === undefined) return anthropic;
  return protocol === 'anthropic' ? { ...anthropic, 'x-api-key': key } : { authorization: `Bearer ${key}` };
}

/** Undefined for what is too large, broken off or no JSON. */
async function jsonOf(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
