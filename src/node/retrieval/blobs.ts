/** Contents of files as git's index has them, read from git's objects and not from the disk: exactly what was asked for. */
import type { ToolContext } from '../tools/context';
import { decode } from '../tools/text';

const BLOB_LIMIT = 256 * 1024;
const TOTAL_LIMIT = 24 * 1024 * 1024;

/**
 * Gives the texts of blobs to `take`, which must not throw, in the order asked for and while git still reads. Left out: what is no
 * text, what is larger than 256 KiB, and whatever is beyond 24 MiB in all.
 */
export async function readBlobs(
  context: ToolContext,
  ids: readonly string[],
  take: (id: string, text: string) => void,
): Promise<void> {
  const wanted = await withinLimits(context, ids);
  if (wanted.length === 0) return;
  const onOutput = blobsIn((id, bytes) => {
    const text = decode(bytes);
    if (text.ok) take(id, text.value);
  });
  await catFile(context, ['--batch', '--buffer'], wanted, onOutput);
}

async function withinLimits(context: ToolContext, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { stdout } = await catFile(context, ['--batch-check', '--buffer'], ids);
  let total = 0;
  return stdout.split('\n').flatMap((line) => {
    const [id = '', type, size] = line.split(' ');
    const bytes = Number(size);
    if (type !== 'blob' || bytes > BLOB_LIMIT || total + bytes > TOTAL_LIMIT) return [];
    total += bytes;
    return [id];
  });
}

const LINE_BREAK = 10;

/** Takes `id type size`, a line break, so many bytes and a line break, again and again, in pieces of any size. */
function blobsIn(take: (id: string, bytes: Buffer) => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      const end = rest.indexOf(LINE_BREAK);
      if (end < 0) return;
      const [id = '', type, size] = rest.toString('latin1', 0, end).split(' ');
      const isBlob = type === 'blob';
      const after = isBlob ? end + 1 + Number(size) + 1 : end + 1;
      if (rest.length < after) return;
      if (isBlob) take(id, rest.subarray(end + 1, after - 1));
      rest = rest.subarray(after);
    }
  };
}

function catFile(
  { worktree, root, signal }: ToolContext,
  options: readonly string[],
  ids: readonly string[],
  onOutput?: (piece: Buffer) => void,
) {
  const input = `${ids.join('\n')}\n`;
  const output = onOutput === undefined ? {} : { onOutput };
  return worktree.git.run(root, ['cat-file', ...options], { env: worktree.env, input, signal, ...output });
}
