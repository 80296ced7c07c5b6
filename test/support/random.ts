/**
 * Random choices that can be made again: every proof draws from one seed, and says it when it fails. OPENEXEC_SEED takes
 * another one; OPENEXEC_LONG=1 asks for the long form of the proofs.
 */

const LONG = process.env.OPENEXEC_LONG === '1';

/** The seed of all random choices of this run of the tests. */
export const SEED = Number(process.env.OPENEXEC_SEED ?? 20260131);

/** How many cases: the first in `npm test`, the second in `npm run test:long`. */
export const cases = (quick: number, long: number): number => (LONG ? long : quick);

/** How long a proof may take, in milliseconds, in its quick and in its long form. */
export const patience = (quick: number): number => (LONG ? 40 * quick : quick);

/** What is said beside an expectation that fails, so that the very case can be made again. */
export const again = (what: string): string => `${what} (OPENEXEC_SEED=${SEED})`;

export type Random = {
  /** A number in [0, 1). */
  (): number;
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
};

/** A small seeded generator (mulberry32). */
export function random(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Object.assign(next, { below: (limit: number) => Math.floor(next() * limit) });
}
