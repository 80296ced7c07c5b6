/** The state of a run as an icon and a word: never by colour alone. */
import type { RunStatus } from '../core/events/summary';

export type StatusLook = { readonly icon: string; readonly color: string | null; readonly word: string };

const LOOKS: Readonly<Record<RunStatus, StatusLook>> = {
  running: { icon: 'sync~spin', color: null, word: 'running' },
  waiting: { icon: 'question', color: 'charts.yellow', word: 'waits for approval' },
  paused: { icon: 'debug-pause', color: 'charts.yellow', word: 'paused' },
  interrupted: { icon: 'debug-disconnect', color: 'charts.orange', word: 'interrupted' },
  cancelled: { icon: 'circle-slash', color: null, word: 'cancelled' },
  succeeded: { icon: 'pass', color: 'charts.green', word: 'succeeded' },
  failed: { icon: 'error', color: 'charts.red', word: 'failed' },
  stopped: { icon: 'shield', color: 'charts.red', word: 'stopped by policy or budget' },
};

export const lookOf = (status: RunStatus): StatusLook => LOOKS[status];
