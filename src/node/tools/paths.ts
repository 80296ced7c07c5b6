/**
 * What a path that somebody asked for really is: normalised, and followed through every symbolic link. Facts for the
 * policy; the tools check again at the moment of use.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PathFact } from '../../core/events/parts';

/** The fact about one asked path under `root` (absolute, itself without links). Never throws for any text. */
export async function pathFact(root: string, asked: string): Promise<PathFact> {
  const plain = normalise(asked);
  if (plain.problem !== null) return { asked, inside: null, problem: plain.problem };
  try {
    const real = await follow(path.join(root, ...plain.parts));
    if (real === null) return { asked, inside: null, problem: 'it is a symbolic link that leads nowhere' };
    const inside = path.relative(root, real).split(path.sep).join('/').normalize('NFC');
    if (inside === '..' || inside.startsWith('../') || path.isAbsolute(inside)) {
      return { asked, inside: null, problem: 'it leads out of the repository through a symbolic link' };
    }
    const problem = reservedName(inside.split('/'));
    return problem === null ? { asked, inside: inside || '.', problem } : { asked, inside: null, problem };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { asked, inside: null, problem: `it cannot be looked at (${code})` };
  }
}

type Normalised = { readonly parts: string[]; readonly problem: string | null };

/** The segments of a relative path in Unicode NFC, or why it is not one. */
function normalise(asked: string): Normalised {
  const text = asked.normalize('NFC');
  const refuse = (problem: string): Normalised => ({ parts: [], problem });
  if (text === '') return refuse('the path is empty');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) return refuse('it holds a control or invisible character');
  if (text.includes('\\')) return refuse('paths are written with forward slashes');
  if (text.startsWith('/')) return refuse('it is absolute; paths are relative to the root of the repository');
  if (text.includes(':')) return refuse('it holds a colon (a drive or an alternate stream)');
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return refuse('".." is not allowed in a path');
  if (parts.some((part) => /[. ]$/.test(part))) return refuse('a name in it ends with a dot or a space');
  return { parts, problem: reservedName(parts) };
}

/** git's own folder under any of its names, and names that are devices on Windows. */
function reservedName(parts: readonly string[]): string | null {
  if (parts.some((part) => /^(\.git|git~\d+)$/i.test(part))) return "it is inside git's own folder";
  if (parts.some((part) => /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part))) return 'it is the name of a device';
  return null;
}

/** The real path of what exists, plus what does not exist yet; null when a dangling link is on the way. */
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
