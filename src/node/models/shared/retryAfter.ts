/** How long a server asks to wait before the next try. */

/** A day; who asks for more is not waited for, and says so with another status. */
const LONGEST_MS = 86_400_000;

/**
 * Milliseconds, from `retry-after-ms`, else `retry-after` as seconds or as an HTTP date; undefined where neither says a time.
 * `now` is milliseconds since 1970, for the date only.
 */
export function retryAfterMs(headers: Headers, now: () => number = Date.now): number | undefined {
  const ms = numberOf(headers.get('retry-after-ms'));
  if (ms !== undefined) return bounded(ms);
  const text = headers.get('retry-after')?.trim() ?? '';
  const seconds = numberOf(text);
  if (seconds !== undefined) return bounded(seconds * 1000);
  // A date in words begins with the name of a day; `Date.parse` alone takes nearly everything for a date.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return undefined;
  // Servers count in whole seconds of their own clock.
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : bounded(date - now());
}

const numberOf = (text: string | null): number | undefined =>
  text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;

const bounded = (ms: number): number => Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms)));
