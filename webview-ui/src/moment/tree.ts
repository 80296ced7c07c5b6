/** The files that changed, as the rows of a tree of folders. Pure. */
import type { FileMoment } from '../../../src/protocol/events';

/** Of more files than these, the folders within folders are closed at first. */
const OPEN_UP_TO = 60;

type Placed = {
  /** Tells the rows of one tree apart. */
  readonly key: string;
  /** What is shown: the last part of the path, or several folders of which each holds nothing but the next. */
  readonly name: string;
  /** From 1. */
  readonly level: number;
  /** Place among those of the same folder, from 1, and how many these are. */
  readonly place: number;
  readonly of: number;
};
export type FolderRow = Placed & { readonly kind: 'folder'; readonly open: boolean; readonly files: number };
export type FileRow = Placed & { readonly kind: 'file'; readonly file: FileMoment };
export type TreeRow = FolderRow | FileRow;

type Folder = {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  readonly files: FileMoment[];
  count: number;
};

/**
 * The rows that are shown, from top to bottom: folders before files, each in the order of their names; below a folder
 * whose key is `closed`, nothing.
 */
export function treeRows(files: readonly FileMoment[], closed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (folder: Folder, level: number): void => {
    const of = folder.folders.size + folder.files.length;
    let place = 0;
    for (const [name, inner] of [...folder.folders].sort(byName)) {
      const { names, last } = chain(name, inner);
      const key = `${last.path}/`;
      const open = !closed.has(key);
      place += 1;
      rows.push({ kind: 'folder', key, name: names.join('/'), level, place, of, open, files: last.count });
      if (open) walk(last, level + 1);
    }
    for (const file of folder.files) {
      place += 1;
      rows.push({ kind: 'file', key: file.path, name: nameOf(file.path), level, place, of, file });
    }
  };
  walk(foldersOf(files), 1);
  return rows;
}

/**
 * The keys of the folders that are closed: where many files changed those within other folders, without the ones that a
 * person has `turned`, and those that were turned of all others.
 */
export function closedFolders(files: readonly FileMoment[], turned: ReadonlySet<string>): Set<string> {
  const many = files.length > OPEN_UP_TO;
  const isClosed = (row: TreeRow): boolean => turned.has(row.key) === !(many && row.level > 1);
  return new Set(
    treeRows(files, new Set()).flatMap((row) => (row.kind === 'folder' && isClosed(row) ? [row.key] : [])),
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

function foldersOf(files: readonly FileMoment[]): Folder {
  const root = folderAt('');
  for (const file of [...files].sort((a, b) => byName([a.path, a], [b.path, b]))) {
    let folder = root;
    folder.count += 1;
    const names = file.path.split('/').slice(0, -1);
    for (const [depth, name] of names.entries()) {
      const inner = folder.folders.get(name) ?? folderAt(names.slice(0, depth + 1).join('/'));
      folder.folders.set(name, inner);
      inner.count += 1;
      folder = inner;
    }
    folder.files.push(file);
  }
  return root;
}

const folderAt = (path: string): Folder => ({ path, folders: new Map(), files: [], count: 0 });

/** A folder and those below it as far as each holds nothing but the next, as VS Code's explorer shows them. */
function chain(name: string, folder: Folder): { names: string[]; last: Folder } {
  const names = [name];
  let last = folder;
  while (last.files.length === 0 && last.folders.size === 1) {
    for (const [inner, next] of last.folders) {
      names.push(inner);
      last = next;
    }
  }
  return { names, last };
}
