/** One program of the run, without a shell, in the bounds that the operating system can hold it in. */
import os from 'node:os';
import path from 'node:path';
import type { Confined } from '../sandbox/bounds';
import { findSandbox } from '../sandbox/confine';
import { secretsOfSettings } from '../sandbox/secrets';
import { variable } from '../system/environment';
import { type ProcessEnd, runProcess } from '../system/process';
import type { ToolContext } from './context';
import { keptPlaces } from './protectedFiles';

const TIMEOUT_MS = 10 * 60 * 1000;
const OUTPUT_LIMIT = 64 * 1024;

/** Runs that had a command confined once; from then on none of theirs is run without that. */
const confinedOnce = new WeakSet<ToolContext['worktree']>();

export type Command = {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Set over the minimal environment. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Ran =
  | {
      readonly kind: 'ran';
      readonly end: ProcessEnd;
      readonly output: string;
      readonly confinement: string;
      readonly timeoutMs: number;
    }
  /** Nothing was run, because it could not have been confined. */
  | { readonly kind: 'refused'; readonly why: string };

/** Runs a program in the work tree to its end, or ends it; where commands are confined, never without that. */
export async function runConfined(context: ToolContext, { program, args, env }: Command): Promise<Ran> {
  const { root, environment, repository } = context;
  const sandbox = await findSandbox(environment, [repository.root, root]);
  if (sandbox.why !== null && confinedOnce.has(context.worktree)) return { kind: 'refused', why: sandbox.why };
  if (sandbox.why === null) confinedOnce.add(context.worktree);
  const places = sandbox.why === null ? await keptPlaces(context) : { excluded: [], kept: [] };
  if (places === null) return { kind: 'refused', why: 'the policy protects more files here than can be kept from it' };
  const confined = confinedTo(context, program, places);
  const wrapped = await sandbox.wrap([program, ...args], root, confined);
  const timeoutMs = Math.min(context.commandTimeoutMs ?? Number.POSITIVE_INFINITY, context.limitMs ?? TIMEOUT_MS);
  try {
    const { end, output, status } = await runProcess({
      argv: wrapped.argv,
      cwd: root,
      env: { ...wrapped.env, ...env },
      timeoutMs,
      outputLimit: OUTPUT_LIMIT,
      signal: context.signal,
      monotonic: context.monotonic,
      status: wrapped.status,
    });
    const why = end.kind === 'exit' ? wrapped.refused(status, output) : null;
    if (why !== null) return { kind: 'refused', why };
    return { kind: 'ran', end, output, confinement: wrapped.confinement, timeoutMs };
  } finally {
    await wrapped.end();
  }
}

function confinedTo(context: ToolContext, program: string, places: Pick<Confined, 'excluded' | 'kept'>): Confined {
  const { worktree, repository, environment } = context;
  const home = variable(environment, 'HOME') ?? os.homedir();
  return {
    worktree: worktree.folder,
    repository: repository.root,
    gitFolder: worktree.env.GIT_COMMON_DIR ?? repository.root,
    dependencies: worktree.dependencies,
    excluded: places.excluded,
    kept: places.kept,
    hidden: [...(context.hidden ?? []), ...cargoCredentials(environment), ...settingsElsewhere(environment)],
    home: home === '' ? null : home,
    program,
  };
}

function settingsElsewhere(environment: ToolContext['environment']): string[] {
  const folder = variable(environment, 'XDG_CONFIG_HOME');
  return folder === undefined || !path.isAbsolute(folder) ? [] : secretsOfSettings(folder);
}

/** Cargo's tokens lie with its programs, which may have been installed elsewhere than in the home folder. */
function cargoCredentials(environment: ToolContext['environment']): string[] {
  const folder = variable(environment, 'CARGO_HOME');
  if (folder === undefined || !path.isAbsolute(folder)) return [];
  return ['credentials', 'credentials.toml'].map((name) => path.join(folder, name));
}
