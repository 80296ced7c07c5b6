/** Exit codes, fixed by cli.md: other programs rely on them. */
import type { RunStatus } from '../core/events/summary';
import { assertNever } from '../core/kernel/assertNever';
import { type ErrorCode, isOpenExecError } from '../core/kernel/errors';

export const EXIT = { ok: 0, failed: 1, usage: 2, paused: 3, stopped: 4 } as const;

/** What was named or configured cannot be used as it is; nothing was started. */
const WRONG_USE: readonly ErrorCode[] = [
  'usage',
  'blueprint_unknown',
  'blueprint_invalid',
  'blueprint_unfit',
  'policy_unknown',
  'policy_invalid',
  'run_unknown',
  'no_folder',
  'not_a_repository',
  'no_head',
  'model_unconfigured',
  'config_invalid',
];

/** The code for something that was thrown: 2 for wrong use, 1 for everything else. */
export function exitCodeOf(error: unknown): number {
  return isOpenExecError(error) && WRONG_USE.includes(error.code) ? EXIT.usage : EXIT.failed;
}

/** The code for how a run ended. */
export function exitCodeOfRun(status: RunStatus): number {
  switch (status) {
    case 'succeeded':
      return EXIT.ok;
    case 'failed':
    case 'cancelled':
    case 'interrupted':
    case 'running':
      return EXIT.failed;
    case 'paused':
    case 'waiting':
      return EXIT.paused;
    case 'stopped':
      return EXIT.stopped;
    default:
      return assertNever(status);
  }
}
