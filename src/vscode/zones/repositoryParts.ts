/** What a repository has that can be a zone: the folders at its root, and its packages, by their manifests. */
import * as vscode from 'vscode';
import type { RepositoryParts } from './zones';

const MANIFESTS = [
  'package.json',
  'Cargo.toml',
  'go.mod',
  'pyproject.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
];
/** A person chooses among these; whoever has more writes a glob. */
const MAX_PACKAGES = 300;
/** Folders that no run works on. */
const NEVER = new Set(['.git', 'node_modules']);

/** Looks at the folder as it is now. What cannot be read is left out. */
export async function repositoryParts(root: string): Promise<RepositoryParts> {
  const base = vscode.Uri.file(root);
  const entries = await vscode.workspace.fs.readDirectory(base).then(
    (found) => found,
    () => [],
  );
  const isFolder = ([name, type]: [string, vscode.FileType]): boolean =>
    type === vscode.FileType.Directory && !NEVER.has(name);
  const folders = entries.filter(isFolder).map(([name]) => name);
  const pattern = new vscode.RelativePattern(base, `**/{${MANIFESTS.join(',')}}`);
  const manifests = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MAX_PACKAGES);
  const packages = manifests.map(({ path }) =>
    path
      .slice(base.path.length + 1)
      .split('/')
      .slice(0, -1)
      .join('/'),
  );
  // The package at the root is the whole repository, which is offered as such.
  return { packages: sorted(packages.filter((folder) => folder !== '')), folders: sorted(folders) };
}

/** The folder of the package that a path lies in, `''` for none below the root; the path itself may be a folder. */
export async function packageOf(root: string, path: string): Promise<string> {
  const parts = path.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const folder = parts.slice(0, length).join('/');
    for (const manifest of MANIFESTS) if (await exists(root, `${folder}/${manifest}`)) return folder;
  }
  return '';
}

/** Whether a path of the repository is a folder now. */
export const isFolder = (root: string, path: string): Promise<boolean> =>
  statOf(root, path).then((stat) => stat !== null && (stat.type & vscode.FileType.Directory) !== 0);

const exists = (root: string, path: string): Promise<boolean> => statOf(root, path).then((stat) => stat !== null);

async function statOf(root: string, path: string): Promise<vscode.FileStat | null> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(vscode.Uri.file(root), path)).then(
    (stat) => stat,
    () => null,
  );
}

const sorted = (paths: readonly string[]): string[] => [...new Set(paths)].sort();
