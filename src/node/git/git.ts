/**
 * git, hardened: whatever a repository or the person's settings could make git execute on our behalf is switched off
 * (hooks, fsmonitor, pager, external diff, textconv, signing, the ext transport, system configuration and attributes),
 * and the process gets a minimal environment without any inherited GIT_ variable.
 *
 * Deliberately left on: clean and smudge filters of the person's own configuration. A clone cannot bring them, and
 * without them git-crypt would store plain secrets and git-lfs whole files; `snapshot()` lists those in use.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { type Environment, minimalEnvironment } from '../system/environment';
import { findProgram } from '../system/programs';

export type GitOptions = {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Exit codes besides 0 that are an answer, not a failure. */
  readonly allowExit?: readonly number[];
  /** Bytes of output after which git is stopped and `cut` is true. */
  readonly limit?: number;
  /** Takes the output piece by piece as it comes, and must not throw; `bytes` and `stdout` stay empty then. */
  readonly onOutput?: (piece: Buffer) => void;
};

export type GitOutput = {
  readonly bytes: Buffer;
  /** The same as UTF-8 text. */
  readonly stdout: string;
  readonly exitCode: number;
  readonly cut: boolean;
};

export interface Git {
  /** Runs one git command; `git_missing` when there is no git, `git_failed` with git's own first line otherwise. */
  run(cwd: string, args: readonly string[], options?: GitOptions): Promise<GitOutput>;
  /** The version as git prints it, such as `2.39.5`. */
  version(): Promise<string>;
}

/** What every diff that we take says, so that no setting changes what is compared or runs a program for it. */
export const PLAIN_DIFF = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'] as const;

const NOTHING = process.platform === 'win32' ? 'NUL' : '/dev/null';

const HARDENED = [
  `core.hooksPath=${NOTHING}`,
  `core.attributesFile=${NOTHING}`,
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.quotePath=false',
  'core.untrackedCache=false',
  'protocol.ext.allow=never',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'core.safecrlf=false',
  'diff.ignoreSubmodules=dirty',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.addEmbeddedRepo=false',
  'submodule.recurse=false',
];

const GIT_ENVIRONMENT = {
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
};

const settings = (values: readonly string[]): string[] => values.flatMap((value) => ['-c', value]);

/** The same hardening for a git that others start: by its environment, which no argument of theirs can be mistaken for. */
export function hardenedEnvironment(): Record<string, string> {
  const entries = HARDENED.flatMap((setting, at): [string, string][] => {
    const equals = setting.indexOf('=');
    return [
      [`GIT_CONFIG_KEY_${at}`, setting.slice(0, equals)],
      [`GIT_CONFIG_VALUE_${at}`, setting.slice(equals + 1)],
    ];
  });
  const count = { GIT_CONFIG_COUNT: String(HARDENED.length), GIT_CONFIG_NOSYSTEM: '1' };
  return { ...GIT_ENVIRONMENT, ...count, ...Object.fromEntries(entries) };
}

/** A folder and the nearest one at or above it with a `.git`, as true places; the root of a disk is neither. */
async function foldersOf(cwd: string): Promise<string[]> {
  const real = await fs.realpath(cwd).catch(() => path.resolve(cwd));
  const { root } = path.parse(real);
  const found = [real];
  for (let at = real; at !== root; at = path.dirname(at)) {
    const git = await fs.lstat(path.join(at, '.git')).catch(() => null);
    if (git === null) continue;
    found.push(at);
    break;
  }
  return found.filter((folder) => folder !== root);
}

/** A git that runs the program found on the PATH of `environment`, outside of the folders that it worked on. */
export function createGit({ environment }: { environment: Environment }): Git {
  const env = { ...minimalEnvironment(environment), ...GIT_ENVIRONMENT };
  const content = new Map<string, Promise<string[]>>();
  /** The folders that calls worked on, with the repositories around them: what they bring is never run as git. */
  const outside = new Set<string>();

  const program = async (cwd: string): Promise<string> => {
    for (const folder of await foldersOf(cwd)) outside.add(folder);
    const found = await findProgram('git', environment, cwd, { outside: [...outside] });
    if (found !== null) return found;
    throw new OpenExecError(
      'git_missing',
      'git was not found on PATH; install git from https://git-scm.com and start again.',
    );
  };

  /**
   * How line ends and long paths are handled often stands in the system's file (Git for Windows), which is not read
   * below; the value that counts for a folder is therefore asked once and passed on.
   */
  const contentSettings = async (cwd: string, extra: Readonly<Record<string, string>>): Promise<string[]> => {
    const args = [...settings(HARDENED), 'config', '-z', '--get-regexp', '^core\\.(autocrlf|eol|longpaths)$'];
    const answer = await start(await program(cwd), cwd, args, { ...env, ...extra }, { allowExit: [1, 128] });
    const entries = answer.exitCode === 0 ? answer.stdout.split('\0') : [];
    return entries.filter((entry) => entry.includes('\n')).map((entry) => entry.replace('\n', '='));
  };

  const cached = (cwd: string, extra: Readonly<Record<string, string>>): Promise<string[]> => {
    const known = content.get(cwd);
    if (known !== undefined) return known;
    const asked = contentSettings(cwd, extra);
    content.set(cwd, asked);
    asked.catch(() => content.delete(cwd));
    return asked;
  };

  return {
    async run(cwd, args, options = {}) {
      const extra = options.env ?? {};
      const all = [...settings([...HARDENED, ...(await cached(cwd, extra))]), ...args];
      return start(await program(cwd), cwd, all, { ...env, GIT_CONFIG_NOSYSTEM: '1', ...extra }, options, args[0]);
    },
    async version() {
      const cwd = process.cwd();
      const { stdout } = await start(await program(cwd), cwd, ['--version'], { ...env, GIT_CONFIG_NOSYSTEM: '1' }, {});
      return stdout.trim().replace(/^git version /, '');
    },
  };
}

function start(
  program: string,
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
  options: GitOptions,
  verb = args[0],
): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const problems: Buffer[] = [];
    let size = 0;
    let cut = false;
    const { signal } = options;
    const child = spawn(program, args, {
      cwd,
      env,
      windowsHide: true,
      detached: process.platform !== 'win32',
      ...(signal === undefined ? {} : { signal }),
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (cut) return;
      if (options.onOutput !== undefined) return options.onOutput(chunk);
      out.push(chunk);
      size += chunk.length;
      if (options.limit !== undefined && size > options.limit) {
        cut = true;
        child.kill();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => problems.push(chunk));
    child.once('error', (cause) => void startFailure(cwd, verb, cause).then(reject));
    child.once('close', (code) => {
      const exitCode = cut ? 0 : (code ?? -1);
      const all = Buffer.concat(out);
      const bytes = cut ? all.subarray(0, options.limit) : all;
      if (exitCode === 0 || options.allowExit?.includes(exitCode) === true) {
        resolve({ bytes, stdout: bytes.toString('utf8'), exitCode, cut });
      } else {
        reject(new OpenExecError('git_failed', `git ${verb}: ${firstLine(Buffer.concat(problems).toString('utf8'))}`));
      }
    });
    // A git that ends before it has read everything closes the pipe; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

async function startFailure(cwd: string, verb: string | undefined, cause: Error): Promise<OpenExecError> {
  const folder = await fs.stat(cwd).catch(() => null);
  const reason = folder?.isDirectory() === true ? cause.message : `the folder ${cwd} does not exist`;
  return new OpenExecError('git_failed', `git ${verb} could not be run: ${reason}`, { cause });
}

function firstLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => !/^(warning|hint):/.test(line)) ?? lines[0] ?? 'failed without a message';
}
