/** What Anthropic's own errors mean: by status and by type, never by words. */
import { z } from 'zod';
import type { ModelFailureCode } from '../../../core/ports/model';
import type { Broken } from '../shared/assembly';
import type { NoStream } from '../shared/exchange';
import type { Fault } from '../shared/failure';
import { brokenOff, brokenStream, connectionFault, reportedInStream, statusFault, type Target } from '../shared/faults';

const errorBody = z.object({
  error: z.object({ type: z.string().catch(''), message: z.string().catch('') }),
});

const MEANS: Readonly<Record<string, ModelFailureCode>> = {
  api_error: 'server',
  authentication_error: 'unauthorized',
  billing_error: 'quota',
  conflict_error: 'server',
  invalid_request_error: 'refused',
  not_found_error: 'not_found',
  overloaded_error: 'overloaded',
  permission_error: 'unauthorized',
  rate_limit_error: 'rate_limited',
  request_too_large: 'too_large',
  timeout_error: 'server',
};

type Said = { readonly means: ModelFailureCode | null; readonly words: string };

function saidBy(body: unknown): Said | null {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return null;
  const { type, message } = parsed.data.error;
  return { means: Object.hasOwn(MEANS, type) ? (MEANS[type] ?? null) : null, words: message };
}

/** What a status alone leaves open. */
const BY_TYPE: ReadonlySet<ModelFailureCode> = new Set(['quota', 'too_large', 'overloaded']);

/** Why no stream began. */
export function noStreamFault(target: Target, failed: NoStream): Fault {
  if (failed.kind === 'connection') return connectionFault(target, failed.error);
  const said = saidBy(parseJson(failed.body));
  const means = said?.means ?? null;
  const byType = means !== null && BY_TYPE.has(means) ? means : null;
  return statusFault(target, { ...failed, said: said?.words ?? failed.body, means: byType });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the SDK threw while a stream was read: an error the server reported in it, text that is no JSON, or a break. */
export function streamFault(target: Target, error: unknown): Fault {
  if (error instanceof SyntaxError) return brokenStream(target, 'a chunk is not JSON');
  if (error instanceof Error && 'error' in error && error.error !== undefined) {
    const said = saidBy(error.error);
    return reportedInStream(target, said?.means ?? 'server', said?.words ?? '');
  }
  return brokenOff(target, error);
}

/** A stream that is given up for what it held. */
export function brokenFault(target: Target, broken: Broken): Fault {
  return broken.kind === 'protocol'
    ? brokenStream(target, broken.what)
    : reportedInStream(target, MEANS[broken.error.type ?? ''] ?? 'server', broken.error.message);
}
