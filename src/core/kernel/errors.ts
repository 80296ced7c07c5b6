/**
 * The one exception class of OpenExec. Callers tell errors apart by `code`, never by the message; the message is one
 * line for a person: what happened, where, and what to do about it.
 */
export type ErrorCode =
  | 'blueprint_invalid'
  | 'blueprint_unfit'
  | 'blueprint_unknown'
  | 'blob_missing'
  | 'bundle_invalid'
  | 'cancelled'
  | 'classifier_worker'
  | 'config_invalid'
  | 'disk_failure'
  | 'event_invalid'
  | 'git_failed'
  | 'git_missing'
  | 'internal'
  | 'journal_corrupt'
  | 'model_unconfigured'
  | 'no_folder'
  | 'no_head'
  | 'not_a_repository'
  | 'policy_invalid'
  | 'policy_unknown'
  | 'replay_impossible'
  | 'run_active'
  | 'run_exists'
  | 'run_locked'
  | 'run_not_resumable'
  | 'run_unknown'
  | 'store_worker'
  | 'traces_not_sent'
  | 'untrusted'
  | 'usage';

export class OpenExecError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'OpenExecError';
    this.code = code;
  }
}

/** True when the value is an OpenExecError with the given code (or with any, when no code is given). */
export function isOpenExecError(value: unknown, code?: ErrorCode): value is OpenExecError {
  return value instanceof OpenExecError && (code === undefined || value.code === code);
}

/** One line for a person out of anything that was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? text;
}
