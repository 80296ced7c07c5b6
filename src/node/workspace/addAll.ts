/**
 * Everything of a work tree into an index, without git working inside of a repository that lies in it.
 *
 * Invariant: a nested repository brings settings of its own (filters, fsmonitor), and a command of a run can have made
 * it; `git add` would look after changes inside by a git that obeys them, outside of every confinement. No option keeps
 * it from that, only that the folder is left out.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../git/git';

/** The mode of a submodule in git's index. */
const GITLINK = '160000 ';
/**
 * How `ls-files -t` begins its lines: of an entry of the index (plain, in conflict, left out by a sparse checkout), of an entry that is
 * listed again as modified or gone, of what is in no index.
 */
const ENTRY = /^[HMS] /;
const [PLAIN, MODIFIED, UNTRACKED] = ['H ', 'C ', '? '];

type Place = { readonly git: Git; readonly folder: string; readonly env: Readonly<Record<string, string>> };

/** What an index has, and what is in its work tree. Names are relative with `/`, bytes as latin1. */
export type Listing = {
  /** Submodules that are checked out, and other nested repositories. */
  readonly left: readonly string[];
  /** Those of them that took the place of a tracked file. */
  readonly replaced: readonly string[];
  /** Whether adding all would change nothing. */
  readonly same: boolean;
  /** The hash of all entries of the index, by which two indexes of one tree are known for one another. */
  readonly entries: string;
};

/** Compares the index that `env` names with what is there and not ignored. Throws `git_failed`. */
export async function listAll({ git, folder, env }: Place, signal: AbortSignal): Promise<Listing> {
  const all = ['-t', '--stage', '--modified', '--others', '--exclude-standard'];
  const { bytes } = await git.run(folder, ['ls-files', '-z', ...all], { env, signal });
  // Names are bytes; as latin1 they come back as they are.
  const found = bytes
    .toString('latin1')
    .split('\0')
    .filter((line) => line !== '');
  const tagged = (tag: string): string[] => found.filter((line) => line.startsWith(tag)).map((line) => line.slice(2));
  const untracked = tagged(UNTRACKED);
  const entries = found.filter((line) => ENTRY.test(line)).map((line) => line.slice(2));
  const links = entries.filter((entry) => entry.startsWith(GITLINK)).map(afterTab);
  const linked = new Set(links);
  const modified = tagged(MODIFIED).map(afterTab);
  const replaced = await holding(
    folder,
    modified.filter((name) => !linked.has(name)),
  );
  // git lists a nested repository as a folder and does not look into it; all else is listed file by file.
  const nested = untracked.filter((name) => name.endsWith('/'));
  const left = [...nested.map((name) => name.slice(0, -1)), ...replaced, ...(await holding(folder, links))];
  return {
    left: [...new Set(left)],
    replaced,
    same: tagged(PLAIN).length + nested.length === found.length,
    entries: createHash('sha256').update(entries.join('\0'), 'latin1').digest('hex'),
  };
}

/**
 * Adds all that is there and not ignored to the index that `env` names. A submodule that is checked out stays as the
 * index has it, another nested repository is left out. Throws `git_failed`.
 */
export async function addListed({ git, folder, env }: Place, listing: Listing, signal: AbortSignal): Promise<void> {
  const { left, replaced } = listing;
  if (replaced.length > 0) {
    // One that took the place of a tracked file: that file is gone.
    await git.run(folder, ['update-index', '--force-remove', '-z', '--stdin'], {
      env,
      signal,
      input: lines(replaced),
    });
  }
  const input = lines([':(top)', ...left.map((name) => `:(top,exclude,literal)${name}`)]);
  await git.run(folder, ['add', '--all', '--pathspec-from-file=-', '--pathspec-file-nul'], { env, signal, input });
}

/** The names of what is left out, as text. */
export const namesLeft = ({ left }: Listing): string[] =>
  left.map((name) => Buffer.from(name, 'latin1').toString('utf8')).sort();

const afterTab = (line: string): string => line.slice(line.indexOf('\t') + 1);

const lines = (names: readonly string[]): Buffer => Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');

/** Those of the names that are folders which git could take for repositories. */
async function holding(folder: string, names: readonly string[]): Promise<string[]> {
  const held = await Promise.all(names.map((name) => holdsGit(folder, name)));
  return names.filter((_, at) => held[at]);
}

/** Whether git could take a folder for a repository: by an entry of that name, in any case. */
async function holdsGit(folder: string, name: string): Promise<boolean> {
  const at = Buffer.concat([Buffer.from(folder + path.sep), Buffer.from(name, 'latin1')]);
  const names = await fs.readdir(at).catch(() => []);
  return names.some((each) => each.toLowerCase() === '.git');
}
