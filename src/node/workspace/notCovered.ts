/**
 * What a run's copy of the repository does not hold, or what git does with it that is not ours to control. Shown before
 * the run starts and kept with it: undo is only honest when its limits are named.
 */
import type { Git } from '../git/git';

/** Folders that are copied into the work tree although git ignores them. */
export const DEPENDENCY_FOLDERS = ['node_modules', '.venv', 'vendor'] as const;

const SHOWN = 8;

/**
 * One line each for: submodules, other nested repositories, files that git was told to overlook, ignored files, and content filters in use.
 * `left` are the folders that were left
 * out of the snapshot; `env` names the temporary index of the snapshot.
 */
export async function listNotCovered(
  { root, git }: { root: string; git: Git },
  baseTree: string,
  { index, left }: { readonly index: 'copied' | 'none'; readonly left: readonly string[] },
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const list = async (args: readonly string[]) => split((await git.run(root, args, { env })).stdout);
  const submodules = (await list(['ls-tree', '-r', '-z', baseTree]))
    .filter((line) => line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
  const overlooked =
    index === 'none'
      ? []
      : (await list(['ls-files', '-v', '-z'])).filter((l) => /^[a-zS] /.test(l)).map((l) => l.slice(2));
  const copied = new Set(DEPENDENCY_FOLDERS.map((name) => `${name}/`));
  const ignored = (await list(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'])).filter(
    (name) => !copied.has(name),
  );
  const filters = await filtersInUse({ root, git }, env);
  return [
    ...line('submodules are not checked out in the run', submodules),
    ...line(
      'nested repositories, not in the run and not undone',
      left.filter((name) => !submodules.includes(name)),
    ),
    ...line(
      'git was told to overlook these files (assume-unchanged or sparse), the run sees the version of the index',
      overlooked,
    ),
    ...line('ignored by git, not in the run and not undone', ignored),
    ...line('content filters from your git configuration run on the files they match', filters),
  ];
}

const split = (text: string): string[] => text.split('\0').filter((part) => part !== '');

function line(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, SHOWN).join(', ');
  return [`${what}: ${shown}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`];
}

async function filtersInUse({ root, git }: { root: string; git: Git }, env: Readonly<Record<string, string>>) {
  const pattern = '^filter\\..*\\.(clean|smudge|process)$';
  const configured = await git.run(root, ['config', '--name-only', '--get-regexp', pattern], { allowExit: [1] });
  const known = new Set(configured.stdout.split('\n').map((key) => key.slice('filter.'.length, key.lastIndexOf('.'))));
  if (configured.exitCode === 1) return [];
  const input = (await git.run(root, ['ls-files', '-z'], { env })).bytes;
  const { stdout } = await git.run(root, ['check-attr', '-z', '--stdin', 'filter'], { env, input });
  const used = split(stdout).filter((value, at) => at % 3 === 2 && known.has(value));
  return [...new Set(used)].sort();
}
