/** Times as the timeline shows them. */

/** Time since the start of the run: `0:04`, `12:30`, `1:02:03`. Clocks may be set back; before the start is `0:00`. */
export function clock(startedAt: string, at: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(at) - Date.parse(startedAt)) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** Date and time in UTC, as recorded: `2026-01-31 12:00:00.000 UTC`. */
export const utc = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 23)} UTC`;
