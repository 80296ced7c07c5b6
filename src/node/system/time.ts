/** Clock and entropy of the machine, behind the core's ports. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Entropy } from '../../core/ports/clock';

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/** Milliseconds that never go back, for durations. */
export const monotonic = (): number => Math.round(performance.now());

/** Run ids sort by time: `20260131-120000-ab12cd`. */
export const systemEntropy: Entropy = {
  runId: () => {
    const [day = '', time = ''] = new Date().toISOString().split('T');
    return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
  },
  seed: () => randomBytes(16).toString('hex'),
};
