/** A store that a repository brought along: its records were written by whoever made that repository. */
import { stat } from 'node:fs/promises';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import type { Git } from '../git/git';

/**
 * Refuses a store of which git tracks a file: the policy and the agreements in such a record are somebody else's. Throws
 * `usage`. A folder outside of every repository, and one that is not there, is nobody's.
 */
export async function refuseTrackedStore(root: string, git: Git): Promise<void> {
  const tracked = await firstTracked(root, git);
  if (tracked === '') return;
  const who = `git tracks files of the store at ${root} (${JSON.stringify(tracked)}), so its records may be anybody's`;
  throw new OpenExecError('usage', `${who}. Take them out of git, or name another store with --store.`);
}

/** Empty when there is none. */
async function firstTracked(root: string, git: Git): Promise<string> {
  const found = await stat(root).catch(() => null);
  if (found?.isDirectory() !== true) return '';
  try {
    // 128 is the answer outside of a repository.
    const { stdout } = await git.run(root, ['ls-files', '-z', '--', '.'], { allowExit: [128], limit: 4096 });
    return stdout.split('\0', 1)[0] ?? '';
  } catch (error) {
    // Without git nothing can be resumed either, and a record can still be looked at.
    if (isOpenExecError(error, 'git_missing')) return '';
    throw error;
  }
}
