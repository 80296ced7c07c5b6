/**
 * What servers that speak OpenAI's protocols say about a failed request in their own way; what all providers have in common
 * is in `shared/faults.ts`.
 */
import type { ModelFailureCode } from '../../../core/ports/model';
import type { Broken, Reported } from '../shared/assembly';
import type { NoStream } from '../shared/exchange';
import type { Fault } from '../shared/failure';
import { brokenOff, brokenStream, connectionFault, reportedInStream, statusFault, type Target } from '../shared/faults';
import { meaning, reportedBy, reportedIn } from './reported';

/** What the server's words may say more exactly than a status of the request's own fault. */
const BY_WORDS: ReadonlySet<ModelFailureCode> = new Set(['quota', 'too_large', 'not_found']);

/** Why no stream began: a status that is no success, or no answer at all. */
export function noStreamFault(target: Target, failed: NoStream): Fault {
  if (failed.kind === 'connection') return connectionFault(target, failed.error);
  const { status, headers, body } = failed;
  const reported = reportedIn(body);
  const means = status < 500 ? meaning(reported) : null;
  const exact = means !== null && BY_WORDS.has(means) ? means : null;
  return statusFault(target, { status, headers, said: reported.message, means: exact });
}

/** A stream that is given up for what it held. */
export function brokenFault(target: Target, broken: Broken): Fault {
  return broken.kind === 'protocol' ? brokenStream(target, broken.what) : reportedFault(target, broken.error);
}

/** What the SDK threw while a stream was read: an error the server reported in it, text that is no JSON, or a break. */
export function streamFault(target: Target, error: unknown): Fault {
  if (error instanceof SyntaxError) return brokenStream(target, 'a chunk is not JSON');
  const reported = error instanceof Error && 'error' in error && error.error !== undefined;
  return reported ? reportedFault(target, reportedBy(error.error)) : brokenOff(target, error);
}

const reportedFault = (target: Target, error: Reported): Fault =>
  reportedInStream(target, meaning(error) ?? 'server', error.message);
