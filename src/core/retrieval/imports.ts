/** From what a file imports to the files that this can be. Pure; what is outside of the repository leads to none. */
import type { Language } from './languages';

/** Looks files up by their path, and by the end of it. */
export type FileIndex = {
  readonly has: (path: string) => boolean;
  /** Files whose path is this or ends with `/` and this; in order. */
  readonly endingWith: (tail: string) => readonly string[];
  /** Files that lie in a folder whose path is this or ends with `/` and this; in order. */
  readonly inFolder: (tail: string) => readonly string[];
};

/** An index over files that are in order. */
export function indexOf(files: readonly string[]): FileIndex {
  const all = new Set(files);
  let byName: Map<string, string[]> | null = null;
  let byFolder: Map<string, Map<string, string[]>> | null = null;
  const names = () => (byName ??= groupBy(files, nameOf));
  const folders = () => {
    if (byFolder !== null) return byFolder;
    byFolder = new Map();
    for (const [folder, members] of groupBy(files, folderOf)) {
      const last = nameOf(folder);
      const same = byFolder.get(last) ?? new Map<string, string[]>();
      byFolder.set(last, same.set(folder, members));
    }
    return byFolder;
  };
  return {
    has: (path) => all.has(path),
    endingWith: (tail) => (names().get(nameOf(tail)) ?? []).filter((path) => endsWith(path, tail)),
    inFolder: (tail) =>
      [...(folders().get(nameOf(tail)) ?? [])].flatMap(([folder, members]) => (endsWith(folder, tail) ? members : [])),
  };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const endsWith = (path: string, tail: string): boolean => path === tail || path.endsWith(`/${tail}`);

function groupBy(files: readonly string[], key: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of files) {
    const group = groups.get(key(path));
    if (group === undefined) groups.set(key(path), [path]);
    else group.push(path);
  }
  return groups;
}

/** How many files one import leads to at most: a folder of Go, a name that several packages have. */
const TARGETS = 3;

/** The files that `from`, imported by the file at `path`, can be; at most three. */
export function resolveImport(language: Language, path: string, from: string, files: FileIndex): readonly string[] {
  const found = targetsOf(language, path, from, files).filter((target) => target !== path);
  return [...new Set(found)].slice(0, TARGETS);
}

function targetsOf(language: Language, path: string, from: string, files: FileIndex): readonly string[] {
  switch (language) {
    case 'javascript':
    case 'typescript':
    case 'tsx':
      return script(path, from, files);
    case 'python':
      return python(path, from, files);
    case 'go':
      return shorter(from.split('/'), (tail) => files.inFolder(tail).filter((file) => /(?<!_test)\.go$/.test(file)));
    case 'java':
      return files.endingWith(`${from.replaceAll('.', '/')}.java`);
    case 'rust':
      return rust(path, from, files);
    case 'cpp':
      return first([joined(folderOf(path), from)], files) ?? files.endingWith(from.replace(/^(\.\.?\/)+/, ''));
    case 'c-sharp':
      return shorter(from.split('.'), (tail) => files.inFolder(tail).filter((file) => file.endsWith('.cs')));
    case 'ruby':
      return (
        first([joined(folderOf(path), `${from}.rb`)], files) ??
        files.endingWith(`${from}.rb`.replace(/^(\.\.?\/)+/, ''))
      );
    case 'php':
      return from.includes('\\')
        ? shorter(from.split('\\'), (tail) => files.endingWith(`${tail}.php`))
        : (first([joined(folderOf(path), from)], files) ?? files.endingWith(from.replace(/^(\.\.?\/)+/, '')));
  }
}

const SCRIPTS = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'd.ts'];

function script(path: string, from: string, files: FileIndex): readonly string[] {
  if (!from.startsWith('.')) return packageOf(from, files);
  const base = joined(folderOf(path), from);
  // TypeScript is imported by the name of what it becomes.
  const plain = base.replace(/\.([mc]?)jsx?$/, '');
  const tries = [base, ...SCRIPTS.map((end) => `${base}.${end}`), ...SCRIPTS.map((end) => `${plain}.${end}`)];
  return first([...tries, ...SCRIPTS.map((end) => `${base}/index.${end}`)], files) ?? [];
}

/** A package of the repository: the folder of its name that has a manifest, and in it what it usually begins with. */
function packageOf(from: string, files: FileIndex): readonly string[] {
  const name = from.split('/')[from.startsWith('@') ? 1 : 0] ?? '';
  if (name === '') return [];
  return files.endingWith(`${name}/package.json`).flatMap((manifest) => {
    const folder = folderOf(manifest);
    const inside = SCRIPTS.flatMap((end) => [`${folder}/src/index.${end}`, `${folder}/index.${end}`]);
    return first(inside, files) ?? [];
  });
}

function python(path: string, from: string, files: FileIndex): readonly string[] {
  const dots = /^\.*/.exec(from)?.[0].length ?? 0;
  const tail = from.slice(dots).replaceAll('.', '/');
  if (dots > 0) {
    const base = joined(folderOf(path), `${'../'.repeat(dots - 1)}${tail}`);
    return first([`${base}.py`, `${base}/__init__.py`], files) ?? [];
  }
  const whole = [...files.endingWith(`${tail}.py`), ...files.endingWith(`${tail}/__init__.py`)];
  // The last part can be a name in the module instead of a module.
  const parent = tail.slice(0, Math.max(0, tail.lastIndexOf('/')));
  return whole.length > 0 || parent === '' ? whole : files.endingWith(`${parent}.py`);
}

function rust(path: string, from: string, files: FileIndex): readonly string[] {
  const parts = from.split('::').filter((part) => !['', 'crate', 'self', 'super'].includes(part));
  const here = folderOf(path);
  const beside = parts.join('/');
  const own = first([joined(here, `${beside}.rs`), joined(here, `${beside}/mod.rs`)], files);
  if (own !== null) return own;
  for (let length = parts.length; length > 0; length--) {
    const tail = parts.slice(0, length).join('/');
    const found = [...files.endingWith(`src/${tail}.rs`), ...files.endingWith(`src/${tail}/mod.rs`)];
    if (found.length > 0) return found;
  }
  return [];
}

/** What the longest tail of the parts leads to, of those with more than one part, or all there are. */
function shorter(parts: readonly string[], look: (tail: string) => readonly string[]): readonly string[] {
  for (let from = 0; from < parts.length; from++) {
    if (from > 0 && parts.length - from < 2) break;
    const found = look(parts.slice(from).join('/'));
    if (found.length > 0) return found;
  }
  return [];
}

function first(tries: readonly string[], files: FileIndex): readonly string[] | null {
  const found = tries.find((path) => files.has(path));
  return found === undefined ? null : [found];
}

/** A path relative to a folder as one from the root; what leads out of the root becomes a path that no file has. */
function joined(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return '';
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
