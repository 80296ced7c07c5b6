import crypto from 'node:crypto';
import type { Sha256 } from '../../core/kernel/hash';

/** The one-shot function is twice as fast for short texts; Node has it from 20.12 on, the oldest VS Code that we run in not. */
const oneShot: typeof crypto.hash | undefined = crypto.hash;

/** SHA-256 by the platform's own implementation; text is hashed as UTF-8. */
export const sha256: Sha256 =
  oneShot === undefined
    ? (data) => crypto.createHash('sha256').update(data).digest('hex')
    : (data) => oneShot('sha256', data, 'hex');
