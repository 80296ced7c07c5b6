import { createHash } from 'node:crypto';
import type { Sha256 } from '../../core/kernel/hash';

/** SHA-256 by the platform's own implementation; text is hashed as UTF-8. */
export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');
