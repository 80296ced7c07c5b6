/**
 * Looking for text with ripgrep. It is faster than git's own grep and answers the same: the files that git knows or would
 * know, links not followed, nothing of what it ignores or of what is withheld.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { minimalEnvironment } from '../system/environment';
import { runProcess } from '../system/process';
import type { ToolContext } from './context';
import { isUnder, NAMED, OUTPUT_LIMIT } from './grep';

const TIMEOUT_MS = 60_000;

/** No settings of the person's; hidden files as well; only what git ignores is left out, not what `.ignore` says. */
const FORM = [
  '--no-config',
  '--no-messages',
  '--color=never',
  '--no-heading',
  '--with-filename',
  '--line-number',
  '--null',
  '--fixed-strings',
  '--case-sensitive',
  '--no-follow',
  '--hidden',
  '--no-ignore-dot',
  '--encoding=none',
  // Whether a file is text is decided later, by the rule that git has; the lines themselves are read then as well.
  '--text',
  '--max-columns=1',
  '--sort=path',
  '--path-separator=/',
];

export type Place = { readonly file: string; readonly line: number };

/**
 * Where a text stands below a path. `files` are those that git lists, `withheld` the places of those that must not be read. Null
 * when ripgrep did not do it, or when more is withheld than can be named; then git is asked.
 */
export async function ripgrep(
  context: ToolContext,
  search: { text: string; path: string; files: readonly string[]; withheld: readonly string[] },
): Promise<{ readonly places: readonly Place[]; readonly cut: boolean } | null> {
  const { ripgrep: program, root, signal } = context;
  if (program === null) return null;
  const below = (file: string): boolean => search.path === '.' || isUnder(file, search.path);
  const withheld = search.withheld.filter(below);
  if (withheld.length > NAMED) return null;
  const open = new Set(search.files.filter((file) => below(file) && !withheld.some((place) => isUnder(file, place))));
  const tracked = await trackedThoughIgnored(context, open);
  if (tracked === null) return null;
  const not = withheld.map((file) => `--glob=!/${file.replace(/[\\*?[\]{}!]/g, '\\$&')}`);
  const places = [search.path === '.' ? './' : `./${search.path}`, ...tracked.map((file) => `./${file}`)];
  const { end, output } = await runProcess({
    argv: [program, ...FORM, ...not, `--regexp=${search.text}`, '--', ...places],
    cwd: root,
    env: minimalEnvironment(context.environment),
    timeoutMs: Math.min(context.limitMs ?? TIMEOUT_MS, TIMEOUT_MS),
    outputLimit: OUTPUT_LIMIT,
    signal,
    monotonic: context.monotonic,
  });
  signal.throwIfAborted();
  // 1 says that nothing was found.
  if (end.kind !== 'exit' || (end.code !== 0 && end.code !== 1)) return null;
  return {
    places: output
      .split('\n')
      .flatMap(parse)
      .filter(({ file }) => open.has(file)),
    cut: Buffer.byteLength(output) > OUTPUT_LIMIT,
  };
}

/** Files that are part of the repository although a pattern ignores them, which ripgrep would pass over; null for many. */
async function trackedThoughIgnored(
  { worktree, root, signal }: ToolContext,
  open: ReadonlySet<string>,
): Promise<string[] | null> {
  const args = ['ls-files', '-z', '--cached', '--ignored', '--exclude-standard'];
  const { stdout } = await worktree.git.run(root, args, { env: worktree.env, signal });
  const files = stdout.split('\0').filter((file) => open.has(file));
  if (files.length > NAMED) return null;
  // What is named to it is followed and waited for, whatever it is.
  const stats = await Promise.all(files.map((file) => fs.lstat(path.join(root, file)).catch(() => null)));
  return files.filter((_, at) => stats[at]?.isFile() === true);
}

function parse(record: string): Place[] {
  const match = /^(?:\.\/)?([^\0]+)\0(\d+):/s.exec(record);
  return match === null ? [] : [{ file: match[1] ?? '', line: Number(match[2]) }];
}
