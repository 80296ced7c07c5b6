/**
 * Asks git and ripgrep which files a command of theirs would show. Only they know their ignore files and the history; the
 * question is as harmless as the command: both were proved to by the same tables.
 */
import { spawn } from 'node:child_process';
import type { Shows } from '../../core/commands/analyse';
import { messageOf } from '../../core/kernel/errors';
import { createGit, type Git } from '../git/git';
import { type Environment, minimalEnvironment } from '../system/environment';

export type Shown = {
  readonly files: readonly string[];
  /** Whether they are files of the disk that are read there, not names of the history. */
  readonly searched?: true;
  readonly problems: readonly { readonly asked: string; readonly why: string }[];
};

/** Bytes of names that are read; who shows more shows too much to be looked through. */
const NAMES_LIMIT = 4 * 1024 * 1024;
const TIME_LIMIT_MS = 10_000;
const TOO_MANY = 'it would show too many files to look through; name a path, or fewer commits';

/** Exit codes of git for what it does not know: a revision or path that is not there. It shows nothing then. */
const UNKNOWN = [1, 128, 129];

/** The files whose content a git command would show, under every name they have in the commits that are shown. */
export async function filesShownByGit(
  { args, commits }: Extract<Shows, { by: 'git' }>,
  root: string,
  environment: Environment,
): Promise<Shown> {
  const git = createGit({ environment });
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const problems = await notCommits(git, root, commits, signal);
    if (problems.length > 0 || args === null) return { files: [], problems };
    const { stdout, cut } = await git.run(root, args, { limit: NAMES_LIMIT, signal, allowExit: UNKNOWN });
    return cut ? tooMany('git') : { files: namesIn(stdout), problems: [] };
  } catch (error) {
    return signal.aborted ? tooMany('git') : { files: [], problems: [{ asked: 'git', why: messageOf(error) }] };
  }
}

/** A blob or a tree is content without a path, so that nobody can say whether it may be read. */
async function notCommits(git: Git, root: string, revisions: readonly string[], signal: AbortSignal) {
  if (revisions.length === 0) return [];
  const input = revisions.map((revision) => `${revision}^{}\n`).join('');
  const { stdout } = await git.run(root, ['cat-file', '--batch-check'], { input, signal, allowExit: UNKNOWN });
  const answers = stdout.split('\n');
  return revisions.flatMap((asked, at) => {
    const answer = answers[at] ?? '';
    const harmless = / commit \d+$/.test(answer) || / missing$/.test(answer);
    return harmless ? [] : [{ asked, why: 'it names no commit; read a file by its path' }];
  });
}

/** The files that ripgrep would search below `places`, which are as the command has them: its globs see them like that. */
export function filesShownByRipgrep(
  program: string,
  args: readonly string[],
  places: readonly string[],
  root: string,
  environment: Environment,
): Promise<Shown> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const child = spawn(program, [...args, '--', ...places], {
      cwd: root,
      env: minimalEnvironment(environment),
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > NAMES_LIMIT) child.kill();
    });
    child.once('error', () => resolve(tooMany('rg')));
    child.once('close', (code) => {
      if (code === null || size > NAMES_LIMIT) resolve(tooMany('rg'));
      else resolve({ files: namesIn(Buffer.concat(chunks).toString('utf8')), problems: [] });
    });
  });
}

const tooMany = (asked: string): Shown => ({ files: [], problems: [{ asked, why: TOO_MANY }] });

/** Names separated by NUL; between commits git puts line breaks as well, and ripgrep begins with the folder's `./`. */
const namesIn = (text: string): string[] =>
  text
    .split('\0')
    .map((name) => name.replace(/^\n+/, '').replaceAll('\\', '/').replace(/^\.\//, ''))
    .filter((name) => name !== '')
    .map((name) => name.normalize('NFC'));
