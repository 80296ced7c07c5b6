/** Merging one text file three ways, by git itself. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../../core/kernel/result';
import type { Repository } from './repository';

/** Why there is no merged text although there could be one: a person has to decide. */
export const SAME_LINES = 'both sides changed the same lines';

/** `git merge-file` answers the number of conflicts, at most 127. */
const CONFLICTS = Array.from({ length: 127 }, (_, at) => at + 1);

/**
 * Merges what `result` and `current` each changed since `base` (all object ids of blobs). Answers the blob of the merged
 * text, or why there is none.
 */
export async function mergeText(
  { root, git }: Repository,
  blobs: { current: string; base: string; result: string },
): Promise<Result<string, string>> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'openexec-merge-'));
  try {
    const files: string[] = [];
    for (const [name, blob] of Object.entries(blobs)) {
      const { bytes } = await git.run(root, ['cat-file', 'blob', blob]);
      if (bytes.subarray(0, 8000).includes(0)) return err('both sides changed it and it is not text');
      const file = path.join(folder, name);
      await fs.writeFile(file, bytes);
      files.push(file);
    }
    const merged = await git.run(root, ['merge-file', '-p', ...files], { allowExit: CONFLICTS });
    if (merged.exitCode !== 0) return err(SAME_LINES);
    const { stdout } = await git.run(root, ['hash-object', '-w', '--stdin'], { input: merged.bytes });
    return ok(stdout.trim());
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
