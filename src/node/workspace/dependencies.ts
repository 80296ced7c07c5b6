/**
 * Copies of installed dependencies for a run's worktree. Copies, not links: a command of the run may write into them,
 * and nothing of the person's may change by that. Where the file system can, the copies share blocks until written.
 */
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { DEPENDENCY_FOLDERS } from './notCovered';
import type { Repository } from './repository';

/** Copies the dependency folders at the root that git ignores completely; answers the names of those that were copied. */
export async function copyDependencies(repository: Repository, target: string): Promise<string[]> {
  const names = await copiedDependencies(repository);
  for (const name of names) {
    await copyFolder(path.join(repository.root, name), path.join(target, name), { from: repository.root, to: target });
  }
  return names;
}

/** The names of the dependency folders that a worktree gets copies of. */
export async function copiedDependencies(repository: Repository): Promise<string[]> {
  const names: string[] = [];
  for (const name of DEPENDENCY_FOLDERS) if (await isIgnoredFolder(repository, name)) names.push(name);
  return names;
}

async function isIgnoredFolder({ root, git }: Repository, name: string): Promise<boolean> {
  const stat = await fs.lstat(path.join(root, name)).catch(() => null);
  if (stat?.isDirectory() !== true) return false;
  const ignored = await git.run(root, ['check-ignore', '--quiet', name], { allowExit: [1] });
  const tracked = await git.run(root, ['ls-files', '-z', '--', name]);
  return ignored.exitCode === 0 && tracked.stdout === '';
}

async function copyFolder(source: string, target: string, roots: { from: string; to: string }): Promise<void> {
  await fs.cp(source, target, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    filter: async (from, to) => {
      const stat = await fs.lstat(from);
      if (!stat.isSymbolicLink()) return stat.isDirectory() || stat.isFile();
      const link = await fs.readlink(from);
      const inside = path.relative(roots.from, link);
      const leadsBack = path.isAbsolute(link) && !inside.startsWith('..') && !path.isAbsolute(inside);
      if (!leadsBack) return true;
      // An absolute link into the person's tree would let a command write through it.
      const moved = path.join(roots.to, inside);
      const isFolder = (await fs.stat(from).catch(() => null))?.isDirectory() === true;
      await fs.symlink(moved, to, isFolder ? 'junction' : 'file');
      return false;
    },
  });
}
