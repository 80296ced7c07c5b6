/** Files with more than one name among those that a program would read: another of them may be a withheld one. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PathFact } from '../../core/events/parts';

/** Files and folders that are looked at for other names; with more of them every file with several names counts. */
const ENTRIES = 50_000;
/** How many are named; the first already decides. */
const NAMED = 20;
const AT_ONCE = 64;

/** What package managers fill, often with links to a store of their own. */
const DEPENDENCIES = /(^|\/)(node_modules|\.venv|vendor|target)\//;

type Linked = { readonly file: string; readonly links: number; readonly id: string };

/**
 * The facts about those of `files` (relative to `root`, with `/`) that have several names. In a folder of dependencies one
 * counts only when it is the same file as a withheld one of the repository. What is gone or no file has none.
 */
export async function hardLinks(
  root: string,
  files: readonly string[],
  excluded: (path: string) => string | null,
): Promise<PathFact[]> {
  const linked = await linkedOf(root, files);
  const inDependencies = linked.some(({ file }) => DEPENDENCIES.test(file));
  const secret = inDependencies ? await withheldIds(root, excluded) : new Set<string>();
  return linked
    .filter(({ file, id }) => !DEPENDENCIES.test(file) || secret === null || secret.has(id))
    .slice(0, NAMED)
    .map(({ file, links }) => ({ asked: file, inside: file, problem: null, needs: 'repo_read', links }));
}

async function linkedOf(root: string, files: readonly string[]): Promise<Linked[]> {
  const found: Linked[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = await Promise.all(files.slice(at, at + AT_ONCE).map((file) => look(root, file)));
    found.push(...some.filter((one) => one !== null));
  }
  return found;
}

async function look(root: string, file: string): Promise<Linked | null> {
  const stat = await fs.lstat(path.join(root, file), { bigint: true }).catch(() => null);
  if (stat?.isFile() !== true || stat.nlink <= 1n) return null;
  return { file, links: Number(stat.nlink), id: `${stat.dev}:${stat.ino}` };
}

/** Which files with several names policy withholds, outside of dependencies; null when there is too much to look at. */
async function withheldIds(root: string, excluded: (path: string) => string | null): Promise<Set<string> | null> {
  const files: string[] = [];
  const waiting = ['.'];
  let entries = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(() => [])) {
      if (++entries > ENTRIES) return null;
      const place = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '.git' && !DEPENDENCIES.test(`${place}/`)) waiting.push(place);
      else if (entry.isFile() && excluded(place.normalize('NFC')) !== null) files.push(place);
    }
  }
  return new Set((await linkedOf(root, files)).map(({ id }) => id));
}
