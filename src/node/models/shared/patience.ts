/**
 * Limits for models that think without a sign of life: what they think is hidden, or encrypted, and comes when they are done with
 * it. To give them up as other servers are given up would cost a second thought, and a third.
 */
export const PATIENCE = { firstTokenMs: 600_000, stallMs: 300_000 };
