/**
 * What a path that somebody asked for really is: normalised, and followed through every symbolic link. Facts for the
 * policy; the tools check again at the moment of use.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PathFact } from '../../core/events/parts';
import { namesIn } from './pathText';

const WORDS: Readonly<Record<string, string>> = {
  ELOOP: 'it is a symbolic link that leads to itself',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENAMETOOLONG: 'the path is too long',
  EACCES: 'the system does not allow it',
};

/** The fact about one asked path under `root` (absolute, itself without links). Never throws for any text. */
export async function pathFact(root: string, asked: string): Promise<PathFact> {
  const refuse = (problem: string): PathFact => ({ asked, inside: null, problem });
  const names = namesIn(asked);
  if (!names.ok) return refuse(names.error);
  try {
    const real = await follow(path.join(root, ...names.value));
    if (real === null) return refuse('it is a symbolic link that leads nowhere');
    // The name of what is there is the one on the disk, also where the file system takes others for the same.
    const inside = path.relative(root, real).split(path.sep).join('/').normalize('NFC');
    if (inside === '..' || inside.startsWith('../') || path.isAbsolute(inside)) {
      return refuse('it leads out of the repository through a symbolic link');
    }
    // A link may lead to what nobody could have asked for by its name.
    const there = inside === '' ? names : namesIn(inside);
    if (!there.ok) return refuse(there.error);
    return { asked, inside: inside || '.', problem: null, ...(await linksOf(real)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return refuse(WORDS[code] ?? `it cannot be looked at (${code})`);
  }
}

/** How many names a regular file has, when it has more than one: what is protected under another is so under this. */
async function linksOf(real: string): Promise<Pick<PathFact, 'links'>> {
  const stat = await fs.lstat(real).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return stat?.isFile() === true && stat.nlink > 1 ? { links: stat.nlink } : {};
}

/**
 * The real path of what exists, plus what does not exist yet; null when a dangling link is on the way. The system is
 * asked, so that on a disk that folds case, normal forms or short names the real names come back.
 */
async function follow(full: string): Promise<string | null> {
  const missing: string[] = [];
  for (let at = full; ; at = path.dirname(at)) {
    const real = await fs.realpath(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (real !== null) return path.join(real, ...missing);
    const isLink = (await fs.lstat(at).catch(() => null))?.isSymbolicLink() === true;
    if (isLink) return null;
    missing.unshift(path.basename(at));
  }
}
