/**
 * Everything of a work tree into an index, without git working inside of a repository that lies in it.
 *
 * Invariant: a nested repository brings settings of its own (filters, fsmonitor), and a command of a run can have made
 * it; `git add` would look after changes inside by a git that obeys them, outside of every confinement. No option keeps
 * it from that, only that the folder is left out.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../git/git';

/** The mode of a submodule in git's index. */
const GITLINK = '160000 ';

type Place = { readonly git: Git; readonly folder: string; readonly env: Readonly<Record<string, string>> };

/**
 * Adds all that is there and not ignored to the index that `env` names. A submodule that is checked out stays as the
 * index has it, another nested repository is left out; the answer names both, relative with `/`. Throws `git_failed`.
 */
export async function addAll(place: Place, signal: AbortSignal): Promise<string[]> {
  const { git, folder, env } = place;
  const list = async (...args: string[]): Promise<string[]> => {
    const { bytes } = await git.run(folder, ['ls-files', '-z', ...args], { env, signal });
    // Names are bytes; as latin1 they come back as they are.
    return bytes
      .toString('latin1')
      .split('\0')
      .filter((line) => line !== '');
  };
  // git lists a nested repository as a folder and does not look into it; all else is listed file by file.
  const untracked = (await list('--others', '--exclude-standard'))
    .filter((name) => name.endsWith('/'))
    .map((name) => name.slice(0, -1));
  const links = (await list('--stage')).filter((line) => line.startsWith(GITLINK)).map((line) => afterTab(line));
  const holding = async (names: readonly string[]): Promise<string[]> => {
    const held = await Promise.all(names.map((name) => holdsGit(folder, name)));
    return names.filter((_, at) => held[at]);
  };
  const linked = new Set(links);
  const replaced = await holding((await list('--modified')).filter((name) => !linked.has(name)));
  const left = [...new Set([...untracked, ...replaced, ...(await holding(links))])];
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
  return left.map((name) => Buffer.from(name, 'latin1').toString('utf8')).sort();
}

const afterTab = (line: string): string => line.slice(line.indexOf('\t') + 1);

const lines = (names: readonly string[]): Buffer => Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');

/** Whether git could take a folder for a repository: by an entry of that name, in any case. */
async function holdsGit(folder: string, name: string): Promise<boolean> {
  const at = Buffer.concat([Buffer.from(folder + path.sep), Buffer.from(name, 'latin1')]);
  const names = await fs.readdir(at).catch(() => []);
  return names.some((each) => each.toLowerCase() === '.git');
}
