/** What is at a path of the person's work tree right now, in git's terms, without touching anything. */
import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { GitFile } from './changes';
import type { Repository } from './repository';

export type Current =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly file: GitFile; readonly stat: Stats }
  | { readonly kind: 'other' };

/** The file at a path; its object id is what git would store for it. Adds no object except a blob that may be merged. */
export async function currentFile({ root, git }: Repository, file: string): Promise<Current> {
  const full = path.join(root, file);
  const stat = await lstat(full);
  if (stat === null) return { kind: 'absent' };
  if (stat.isSymbolicLink()) {
    const { stdout } = await git.run(root, ['hash-object', '-w', '--stdin'], { input: await fs.readlink(full) });
    return { kind: 'file', file: { blob: stdout.trim(), mode: '120000' }, stat };
  }
  if (!stat.isFile()) return { kind: 'other' };
  const input = await fs.readFile(full);
  const { stdout } = await git.run(root, ['hash-object', '-w', '--stdin', `--path=${file}`], { input });
  const executable = process.platform !== 'win32' && (stat.mode & 0o100) !== 0;
  return { kind: 'file', file: { blob: stdout.trim(), mode: executable ? '100755' : '100644' }, stat };
}

/** Why a path cannot be written because of a folder above it, or null: every one must be a real folder, or not be there. */
export async function problemAbove(root: string, file: string): Promise<string | null> {
  const parts = file.split('/').slice(0, -1);
  let at = root;
  for (const part of parts) {
    at = path.join(at, part);
    const stat = await lstat(at);
    if (stat === null) return null;
    const name = path.relative(root, at);
    if (stat.isSymbolicLink()) return `the folder ${name} is a link`;
    if (!stat.isDirectory()) return `${name} is a file, not a folder`;
  }
  return null;
}

/** True when nothing happened to the path since it was looked at. */
export async function isUnchanged(root: string, file: string, seen: Current): Promise<boolean> {
  const now = await lstat(path.join(root, file));
  if (seen.kind !== 'file') return now === null;
  const { stat } = seen;
  return now !== null && now.ino === stat.ino && now.size === stat.size && now.mtimeMs === stat.mtimeMs;
}

async function lstat(full: string): Promise<Stats | null> {
  try {
    return await fs.lstat(full);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
