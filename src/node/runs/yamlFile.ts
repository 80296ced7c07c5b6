/** A YAML file off the disk as text: a file of another kind, too large, or no text is refused before it is parsed. */
import { open, stat } from 'node:fs/promises';
import { err, ok, type Result } from '../../core/kernel/result';
import { type Problem, SIZE_LIMIT, TOO_LARGE } from '../../core/kernel/yaml';

/**
 * The text of a file; null when there is none that can be opened. No more is read than a YAML file may have, whatever
 * lies there; a pipe or a device is not opened.
 */
export async function readYamlFile(file: string): Promise<Result<string, readonly Problem[]> | null> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) return null;
  if (found.size > SIZE_LIMIT) return err([TOO_LARGE]);
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    // One byte more, for it may have grown.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SIZE_LIMIT + 1), 0, SIZE_LIMIT + 1, 0);
    return bytesRead > SIZE_LIMIT ? err([TOO_LARGE]) : decoded(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function decoded(bytes: Buffer): Result<string, readonly Problem[]> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const before = bytes
      .subarray(0, brokenAt(bytes))
      .toString('utf8')
      .split(/\r\n|\r|\n/);
    const column = (before.at(-1)?.length ?? 0) + 1;
    return err([{ line: before.length, column, severity: 'error', message: 'this is not UTF-8 text' }]);
  }
}

const REPLACEMENT = '\uFFFD';
const WRITTEN = Buffer.from(REPLACEMENT);

/** Where the first bytes stand that are no UTF-8: where decoding puts a replacement that is not in the bytes themselves. */
function brokenAt(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  for (const [at, piece] of text.split(REPLACEMENT).entries()) {
    if (at > 0) {
      if (!bytes.subarray(offset, offset + WRITTEN.length).equals(WRITTEN)) return offset;
      offset += WRITTEN.length;
    }
    offset += Buffer.byteLength(piece);
  }
  return offset;
}
