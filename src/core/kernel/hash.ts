/**
 * Hashing as the core sees it. The algorithm is SHA-256 everywhere; the adapter supplies it, because the core imports
 * nothing of the platform.
 */
import { z } from 'zod';

/** SHA-256 of UTF-8 text or bytes, as 64 lower-case hexadecimal digits. */
export type Sha256 = (data: string | Uint8Array) => string;

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in hexadecimal');

/** What stands for "the hash before" in the first event of a run. */
export const ZERO_HASH = '0'.repeat(64);
