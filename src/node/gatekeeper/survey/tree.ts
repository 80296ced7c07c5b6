/** The files of a repository as a survey sees them: their names at once, the contents of few. */
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isSecretName } from '../../../core/gatekeeper/secretName';
import type { Repository } from '../../workspace/repository';

/** What a survey looks at. */
export type SurveyTree = {
  /** Every file whose name is no secret, in the order of code units; paths with `/` from the root. */
  readonly files: readonly string[];
  /** Symbolic links, which are none of the files and are not followed. */
  readonly links: readonly string[];
  /** The contents of some files as text; one that is too long, or cannot be read, is left out. */
  read(paths: readonly string[]): Promise<Map<string, string>>;
  /** The sizes of some files in bytes. */
  sizes(paths: readonly string[]): Promise<Map<string, number>>;
};

/** Bytes of names that are read; a repository with more has more than a million files. */
const NAMES_LIMIT = 128 * 1024 * 1024;
/** Bytes of a file that is read for what it declares. */
const CONTENT_LIMIT = 512 * 1024;
const CONTENTS_LIMIT = 64 * 1024 * 1024;

/** Files as they are in a tree of git's. */
export async function treeOf({ root, git }: Repository, tree: string): Promise<SurveyTree> {
  const { stdout } = await git.run(root, ['ls-tree', '-r', '-z', '--full-tree', tree], { limit: NAMES_LIMIT });
  const objects = new Map<string, string>();
  const links: string[] = [];
  for (const entry of stdout.split('\0')) {
    const tab = entry.indexOf('\t');
    // Links and other repositories within are not followed.
    if (tab > 0 && entry.startsWith('120')) links.push(entry.slice(tab + 1));
    if (tab > 0 && entry.startsWith('100')) objects.set(entry.slice(tab + 1), entry.slice(12, tab));
  }
  const ids = (paths: readonly string[]) => paths.flatMap((file) => objects.get(file) ?? []);
  const sizes = async (paths: readonly string[]): Promise<Map<string, number>> => {
    const known = paths.filter((file) => objects.has(file));
    if (known.length === 0) return new Map();
    const input = ids(known).join('\n');
    const answer = await git.run(root, ['cat-file', '--batch-check=%(objectsize)', '--buffer'], {
      input: `${input}\n`,
    });
    const lines = answer.stdout.split('\n');
    return new Map(known.map((file, at) => [file, Number(lines[at]) || 0]));
  };
  return {
    files: [...objects.keys()].filter((file) => !isSecretName(file)).sort(),
    links,
    sizes,
    async read(paths) {
      const size = await sizes(paths);
      const small = [...size].filter(([, bytes]) => bytes <= CONTENT_LIMIT).map(([file]) => file);
      if (small.length === 0) return new Map();
      const input = `${ids(small).join('\n')}\n`;
      const { bytes } = await git.run(root, ['cat-file', '--batch', '--buffer'], { input, limit: CONTENTS_LIMIT });
      return contentsIn(bytes, small);
    },
  };
}

/** What `cat-file --batch` prints: a line that ends in the size, the content, a line break. */
function contentsIn(bytes: Buffer, paths: readonly string[]): Map<string, string> {
  const contents = new Map<string, string>();
  let at = 0;
  for (const file of paths) {
    const line = bytes.indexOf(10, at);
    if (line < 0) break;
    const size = Number(bytes.toString('latin1', at, line).split(' ').at(-1));
    const end = line + 1 + size;
    if (!Number.isSafeInteger(size) || end > bytes.length) break;
    contents.set(file, bytes.toString('utf8', line + 1, end));
    at = end + 1;
  }
  return contents;
}

/** Files as they lie in the work tree: those that git knows or would add, without those that were deleted there. */
export async function workTreeOf({ root, git }: Repository): Promise<SurveyTree> {
  const listed = async (...which: string[]): Promise<string[]> => {
    const args = ['ls-files', '-z', ...which, '--exclude-standard', '--deduplicate', '--full-name'];
    const { stdout } = await git.run(root, args, { limit: NAMES_LIMIT });
    return stdout.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
  };
  const [known, deleted] = await Promise.all([listed('--cached', '--others'), listed('--deleted')]);
  const gone = new Set(deleted);
  const files = known.filter((file) => !gone.has(file) && !isSecretName(file));
  return {
    files: [...new Set(files)].sort(),
    // Nothing is known of what each is without looking; one that is a link has neither size nor contents.
    links: [],
    sizes: (paths) => each(paths, (file) => sizeOf(path.join(root, file))),
    read: (paths) => contentsOnDisk(root, paths),
  };
}

/** The contents of files as they lie below a folder; one that is too long, is a link, or cannot be read, is left out. */
export const contentsOnDisk = (root: string, paths: readonly string[]): Promise<Map<string, string>> =>
  each(paths, async (file) => {
    const place = path.join(root, file);
    const size = await sizeOf(place);
    return size === null || size > CONTENT_LIMIT ? null : readFile(place, 'utf8');
  });

async function each<T>(paths: readonly string[], look: (file: string) => Promise<T | null>): Promise<Map<string, T>> {
  const found = await Promise.all(paths.map(async (file) => [file, await look(file).catch(() => null)] as const));
  return new Map(found.flatMap(([file, value]) => (value === null ? [] : [[file, value] as const])));
}

async function sizeOf(place: string): Promise<number | null> {
  const found = await lstat(place);
  return found.isFile() ? found.size : null;
}
