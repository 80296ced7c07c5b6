/** Bytes as text for a model: strict about what is text, bounded, and made of whole lines. */
import { err, ok, type Result } from '../../core/kernel/result';

/** Files above this are not read at all. */
export const FILE_LIMIT = 10 * 1024 * 1024;

/** Whether bytes are not text, by the rule that git has: a NUL among the first 8000. */
export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8000).includes(0);

/** The text of a file, its line ends and byte order mark kept; an error for what is not UTF-8 text. */
export function decode(bytes: Uint8Array): Result<string, string> {
  if (isBinary(bytes)) return err('it is a binary file');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err('it is not UTF-8 text');
  }
}

/** The lines of a text, each with its line end; the last may have none. An empty text has no lines. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

export type Excerpt = { readonly from: number; readonly to: number; readonly total: number; readonly text: string };

/**
 * Lines `from` to `to` (from 1, both included), as many of them as fit into the limits. `from` is 0 and `to` is 0 when
 * there is nothing to show. A single line above the limit in bytes is cut, and says so.
 */
export function excerpt(
  text: string,
  range: { from: number; to: number },
  limit: { lines: number; bytes: number },
): Excerpt {
  const lines = linesOf(text);
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(range.from - 1, range.to)) {
    const size = Buffer.byteLength(line);
    if (kept.length > 0 && (kept.length === limit.lines || bytes + size > limit.bytes)) break;
    kept.push(size > limit.bytes ? `${line.slice(0, limit.bytes / 4)}[cut: the line has ${size} bytes]\n` : line);
    bytes += size;
  }
  if (kept.length === 0) return { from: 0, to: 0, total: lines.length, text: '' };
  return { from: range.from, to: range.from + kept.length - 1, total: lines.length, text: kept.join('') };
}

/** A name as one line: quoted when it holds what would break the line or show it in another order. */
export const nameInLine = (name: string): string =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? JSON.stringify(name) : name;
