/** Where identifiers stand in a repository: one pass of git over its files for all of them. */
import type { Repository } from '../../workspace/repository';
import { leavingOut } from './neverOpened';

/** An identifier in more files than this says nothing about where a task is at work. */
const MOST_FILES = 12;
/** In a repository with more files than this, only those that git knows are looked through. */
const MOST_WALKED = 20_000;
const OUTPUT_LIMIT = 8 * 1024 * 1024;
/** Whatever the policy says, these are not opened for this. */
const NEVER = ['.env*', '*.pem', '*.key', 'id_*', '*.p12', '*.pfx', '*.jks'].map(
  (name) => `:(exclude,icase,glob)**/${name}`,
);
const TIME_LIMIT_MS = 20_000;

/**
 * The files that hold each of the identifiers as a whole word; those that are nowhere or everywhere are left out. What the
 * globs exclude is not opened.
 */
export async function filesWith(
  symbols: readonly string[],
  files: ReadonlySet<string>,
  { root, git }: Repository,
  excluded: readonly string[],
): Promise<Map<string, string[]>> {
  const plain = [...new Set(symbols)].filter((symbol) => /^\w+$/.test(symbol));
  const leftOut = leavingOut(excluded);
  if (plain.length === 0 || leftOut === null) return new Map();
  // Of git's ways to look for many words this is the fastest by far. By standard input, for a command line has an end.
  const input = `${plain.join('|')}\n`;
  const news = files.size > MOST_WALKED ? [] : ['--untracked'];
  const args = [
    'grep',
    '-z',
    '-o',
    '-I',
    '-w',
    '-E',
    ...news,
    '--full-name',
    '-f',
    '-',
    '--',
    '.',
    ...NEVER,
    ...leftOut,
  ];
  const options = { input, allowExit: [1], limit: OUTPUT_LIMIT, signal: AbortSignal.timeout(TIME_LIMIT_MS) };
  // Without an answer nothing is known to be named, and a task that names nothing is about the whole repository.
  const stdout = await git.run(root, args, options).then(
    (answer) => answer.stdout,
    () => '',
  );
  const found = new Map<string, Set<string>>();
  for (const line of stdout.split('\n')) {
    const at = line.indexOf('\0');
    const [file, symbol] = [line.slice(0, at), line.slice(at + 1)];
    if (at < 0 || !files.has(file)) continue;
    const known = found.get(symbol);
    if (known === undefined) found.set(symbol, new Set([file]));
    else if (known.size <= MOST_FILES) known.add(file);
  }
  const told = [...found].filter(([, where]) => where.size <= MOST_FILES);
  return new Map(told.map(([symbol, where]) => [symbol, [...where].sort()]));
}
