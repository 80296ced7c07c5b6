/** Whether a model's server answers at all. No prompt is sent, and elsewhere than on this machine no key and no header. */
import { err, ok, type Result } from '../../core/kernel/result';
import { listModels } from '../models/listModels';
import type { HttpRoute } from '../models/route';
import type { ModelSetup } from '../models/select';
import { systemCode } from '../models/shared/faults';
import { createTransport } from '../models/shared/transport';

const LIMIT_MS = 15_000;

type Asked = {
  readonly route: HttpRoute;
  readonly proxy: ModelSetup['proxy'];
  /** For a server on this machine, which is asked for the list of its models. */
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * What a server answers: the names of its models where it is on this machine; null for any other, of which only the base
 * address is asked for. The error is one line.
 */
export async function reach({ route, proxy, key, headers }: Asked): Promise<Result<readonly string[] | null, string>> {
  const { server, protocol } = route;
  const { fetch } = createTransport({ proxy, connectMs: LIMIT_MS });
  const signal = AbortSignal.timeout(LIMIT_MS);
  if (server.loopback) return listModels({ server, protocol, key, headers, fetch }, signal);
  try {
    await fetch(server.baseUrl, { method: 'HEAD', redirect: 'manual', signal });
    return ok(null);
  } catch (error) {
    const why = signal.aborted ? `not within ${LIMIT_MS / 1000} s` : (systemCode(error) ?? 'no connection');
    return err(`There is no answer from ${server.destination} (${why}).`);
  }
}
