/** Made-up secrets: put together here by a seeded generator, so that no scanner takes this repository for a leak. */

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
export const HEX = `${DIGITS}abcdef`;
export const ALNUM = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
export const UPPER = `${LOWER.toUpperCase()}234567`;
export const BASE64 = `${ALNUM}+/`;
export const URL64 = `${ALNUM}-_`;

/** Letters by chance, the same for the same seed (mulberry32). */
export function chance(seed: number): (length: number, alphabet?: string) => string {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return (length, alphabet = ALNUM) => {
    const text = Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)] ?? '').join('');
    // What has no digit at all is possible, and would say nothing about the detector.
    return length >= 12 && alphabet === ALNUM && !/\d/.test(text) ? `${text.slice(0, -1)}7` : text;
  };
}

/** A UUID of random digits. */
export const uuid = (r: ReturnType<typeof chance>): string =>
  [8, 4, 4, 4, 12].map((length) => r(length, HEX)).join('-');
