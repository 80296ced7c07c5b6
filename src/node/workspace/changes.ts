/** What differs between two trees, file by file, as git's plumbing says it. */
import { type Git, PLAIN_DIFF } from '../git/git';

/** A file in a tree: git's object id of its content and its mode (`100644`, `100755`, `120000`, `160000`). */
export type GitFile = { readonly blob: string; readonly mode: string };

export type TreeChange = {
  /** From the root, with `/`. */
  readonly path: string;
  readonly before: GitFile | null;
  readonly after: GitFile | null;
};

export const SUBMODULE = '160000';

export const isRegular = (file: GitFile): boolean => file.mode.startsWith('100');

/** The changes from one tree to another, sorted by path in code units; renames are a deletion and a creation. */
export async function changesBetween(
  git: Git,
  cwd: string,
  from: string,
  to: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TreeChange[]> {
  if (from === to) return [];
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--ignore-submodules=none', ...PLAIN_DIFF, from, to];
  const fields = (await git.run(cwd, args, { env })).stdout.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeBefore = '', modeAfter = '', blobBefore = '', blobAfter = ''] = (fields[at] ?? '').slice(1).split(' ');
    changes.push({
      path: fields[at + 1] ?? '',
      before: fileOf(modeBefore, blobBefore),
      after: fileOf(modeAfter, blobAfter),
    });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const fileOf = (mode: string, blob: string): GitFile | null => (mode === '000000' ? null : { mode, blob });

/** The bytes of a file in a tree; for a submodule, the line that git shows for it. */
export async function readGitFile(
  git: Git,
  cwd: string,
  file: GitFile,
  env: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  if (file.mode === SUBMODULE) return Buffer.from(`Subproject commit ${file.blob}\n`);
  return (await git.run(cwd, ['cat-file', 'blob', file.blob], { env })).bytes;
}
