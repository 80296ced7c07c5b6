/**
 * Confinement of commands by the operating system: bubblewrap on Linux, seatbelt on macOS, nothing on Windows.
 *
 * Invariants: whether it works is tried until it does and by the same flags that commands get; where it works every command is
 * confined, and one that cannot be is not run at all; the program that confines is never taken from the repository.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../../core/kernel/errors';
import { type Environment, minimalEnvironment } from '../system/environment';
import { findProgram } from '../system/programs';
import { boundsOf, type Confined } from './bounds';
import { bubblewrapFlags, commonFlags, hasStarted, TRIAL } from './bubblewrap';
import { toolCaches } from './caches';
import { seatbeltProfile } from './seatbelt';

export const NOT_CONFINED = 'not confined';
export const BY_BUBBLEWRAP = 'confined by bubblewrap: writes only in the work tree, no network';
export const BY_SEATBELT = 'confined by seatbelt: writes only in the work tree, no network';

/** One command as it is to be started. */
export type Wrapped = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What `tool.finished` says of it. */
  readonly confinement: string;
  /** Whether the process reports on a fourth stream, see `ProcessRequest.status`. */
  readonly status: boolean;
  /** Why the command was not run, by what the process said on its fourth stream and on the others; null when it was. */
  readonly refused: (status: string, output: string) => string | null;
  /** To be called when the process has ended. Never fails. */
  readonly end: () => Promise<void>;
};

export interface Sandbox {
  /** Why commands are not confined here; null when they are. */
  readonly why: string | null;
  /** `argv` begins with the absolute path of the program, which is `confined.program`. */
  wrap(argv: readonly string[], cwd: string, confined: Confined): Promise<Wrapped>;
}

/** Of Linux: places that hold other programs' doings, sockets to them and temporary files. */
const PRIVATE_FOLDERS = ['/tmp', '/var/tmp', '/run'];
const TRIAL_MS = 10_000;

const working = new Set<string>();

/** The sandbox of this machine; nothing inside the `untrusted` folders is taken for one. */
export async function findSandbox(environment: Environment, untrusted: readonly string[]): Promise<Sandbox> {
  switch (process.platform) {
    case 'linux':
      return bubblewrap(environment, untrusted);
    case 'darwin':
      return seatbelt(environment);
    default:
      return none(environment, `nothing on ${process.platform} confines a command`);
  }
}

async function bubblewrap(environment: Environment, untrusted: readonly string[]): Promise<Sandbox> {
  const program = await findProgram('bwrap', environment, '/', { outside: untrusted });
  if (program === null) return none(environment, 'bubblewrap (bwrap) was not found on PATH');
  const folders = await present(PRIVATE_FOLDERS);
  const trial = await triedOnce(program, [...commonFlags(folders), '--', ...TRIAL], environment);
  if (trial !== null) return none(environment, `bubblewrap does not work here: ${trial}`);
  return {
    why: null,
    wrap: async (argv, cwd, confined) => ({
      argv: [program, ...bubblewrapFlags(await boundsOf(confined, folders), folders, cwd), ...argv],
      env: { ...minimalEnvironment(environment), ...toolCaches('/tmp') },
      confinement: BY_BUBBLEWRAP,
      status: true,
      refused: (status, output) => (hasStarted(status) ? null : lastLine(output)),
      end: async () => undefined,
    }),
  };
}

const SANDBOX_EXEC = '/usr/bin/sandbox-exec';
/** What it says itself when a profile or a program does not suit it. */
const ITS_OWN_WORDS = /^sandbox-exec: .*/m;

async function seatbelt(environment: Environment): Promise<Sandbox> {
  const trial = await triedOnce(SANDBOX_EXEC, ['-p', seatbeltProfile([], '/nowhere'), '/usr/bin/true'], environment);
  if (trial !== null) return none(environment, `sandbox-exec does not work here: ${trial}`);
  return {
    why: null,
    async wrap(argv, _cwd, confined) {
      const made = await fs.mkdtemp(path.join(os.tmpdir(), 'openexec-command-'));
      const temporary = await fs.realpath(made);
      const profile = seatbeltProfile(await boundsOf(confined, []), temporary);
      return {
        argv: [SANDBOX_EXEC, '-p', profile, ...argv],
        env: { ...minimalEnvironment(environment), ...toolCaches(temporary) },
        confinement: BY_SEATBELT,
        status: false,
        refused: (_status, output) => ITS_OWN_WORDS.exec(output)?.[0] ?? null,
        end: () => fs.rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined),
      };
    },
  };
}

function none(environment: Environment, why: string): Sandbox {
  return {
    why,
    wrap: async (argv) => ({
      argv,
      env: minimalEnvironment(environment),
      confinement: NOT_CONFINED,
      status: false,
      refused: () => null,
      end: async () => undefined,
    }),
  };
}

async function present(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(
    folders.map(async (folder) => (await fs.realpath(folder).catch(() => null)) === folder),
  );
  return folders.filter((_, at) => real[at]);
}

/** That a program confines is found out once in the life of this process; that it does not may be so for a moment. */
async function triedOnce(program: string, args: readonly string[], environment: Environment): Promise<string | null> {
  if (working.has(program)) return null;
  const why = await tryOut(program, args, environment);
  if (why === null) working.add(program);
  return why;
}

function tryOut(program: string, args: readonly string[], environment: Environment): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { env: minimalEnvironment(environment), timeout: TRIAL_MS, cwd: '/' };
    execFile(program, args, options, (error, _stdout, stderr) => {
      resolve(error === null ? null : lastLine(stderr) || messageOf(error));
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
