/**
 * Numbers, sizes and durations as people read them, in English and the same on every machine.
 */

/** By hand: the first of the platform's own formatters takes longer to be made than a timeline to be drawn. */
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
const whole = (value: number): string => grouped(value.toFixed(0));
function tenth(value: number): string {
  const [digits = '', fraction = '0'] = value.toFixed(1).split('.');
  return fraction === '0' ? grouped(digits) : `${grouped(digits)}.${fraction}`;
}

/** `1234` → `1,234`. */
export const formatNumber = (value: number): string => whole(value);

/** `1, 'file'` → `1 file`; `1200, 'file'` → `1,200 files`. Irregular plurals are given. */
export function formatCount(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(value)} ${value === 1 ? noun : plural}`;
}

/** Bytes in steps of 1,024: `512 B`, `1.5 KB`, `20 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${whole(bytes)} B`;
  const kilobytes = bytes / 1024;
  if (kilobytes < 1024) return `${(kilobytes < 10 ? tenth : whole)(kilobytes)} KB`;
  return `${tenth(kilobytes / 1024)} MB`;
}

/** Milliseconds: `320 ms`, `4.2 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${whole(ms)} ms`;
  if (ms < 59_950) return `${tenth(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** US dollars; null is "not known" and is never shown as 0. */
export function formatCost(costUsd: number | null): string {
  if (costUsd === null) return 'unknown';
  if (costUsd === 0) return '$0';
  return costUsd < 0.01 ? `$${costUsd.toFixed(4)}` : `$${costUsd.toFixed(2)}`;
}

/** The text on one line, white space squeezed, cut after `limit` characters with an ellipsis. */
export function oneLine(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
