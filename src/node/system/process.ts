/**
 * Running one program: no shell, a process group of its own, a time limit, an output limit, and an end that takes every
 * child along, on Linux those that left the group as well (see descendants.ts for what that cannot catch). How it ended
 * is a value; nothing a program does is an exception here.
 */
import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import path from 'node:path';
import spawn from 'cross-spawn';
import { messageOf } from '../../core/kernel/errors';
import { createMark } from './descendants';
import { variable } from './environment';
import { BoundedOutput } from './output';
import { findProgram } from './programs';

export type ProcessRequest = {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The complete environment of the process; see `minimalEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Bytes of output that are kept: half from the start, half from the end. */
  readonly outputLimit: number;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Whether the program may write to a fourth stream, its file descriptor 3; what it says there is kept apart. */
  readonly status?: boolean;
};

export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  /** There is no such program on PATH (or at the path that was given). */
  | { readonly kind: 'missing'; readonly program: string }
  /** The system refused to start it. */
  | { readonly kind: 'failed'; readonly reason: string };

export type ProcessResult = {
  readonly end: ProcessEnd;
  /** stdout and stderr in the order they arrived, decoded as UTF-8; says in its middle how much was cut. */
  readonly output: string;
  /** What it wrote to the fourth stream, at most 64 KiB of it; empty when it had none. */
  readonly status: string;
  readonly ms: number;
};

/** How long a process may take to end after SIGTERM before it is killed. */
const GRACE_MS = 2000;
/** How long output pipes may stay open after the group is gone, held by something that left the group. */
const DRAIN_MS = 1000;
const STATUS_LIMIT = 64 * 1024;

/** Runs a program to its end, or ends it. What it started is gone when this resolves, however it ended. */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const started = request.monotonic();
  const done = (end: ProcessEnd, output = '', status = ''): ProcessResult => ({
    end,
    output,
    status,
    ms: Math.max(0, Math.round(request.monotonic() - started)),
  });
  const [name = '', ...args] = request.argv;
  if (request.signal.aborted) return done({ kind: 'cancelled' });
  const program = await findProgram(name, request.env, request.cwd);
  if (program === null) return done({ kind: 'missing', program: name });

  const output = new BoundedOutput(request.outputLimit);
  const status = new BoundedOutput(STATUS_LIMIT);
  const mark = createMark();
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: request.cwd,
      env: { ...request.env, ...mark.environment },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', ...(request.status === true ? ['pipe' as const] : [])],
      windowsHide: true,
    });
  } catch (error) {
    return done({ kind: 'failed', reason: messageOf(error) });
  }
  child.stdout?.on('data', (chunk: Buffer) => output.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.add(chunk));
  child.stdio[3]?.on('data', (chunk: Buffer) => status.add(chunk));
  const left = new Promise<void>((resolve) => {
    // Those that left the group go at once as well: they may hold the pipes that are waited for.
    child.once('exit', () => resolve(mark.endAll()));
    child.once('error', () => resolve());
  });
  const [end] = await Promise.all([endOf(child, request), left]);
  return done(end, output.text(), status.text());
}

function endOf(child: ChildProcess, request: ProcessRequest): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let cause: ProcessEnd | null = null;
    const timers: NodeJS.Timeout[] = [];
    const stop = (end: ProcessEnd) => {
      if (cause !== null) return;
      cause = end;
      killGroup(child, 'SIGTERM', request.env);
      timers.push(setTimeout(() => killGroup(child, 'SIGKILL', request.env), GRACE_MS));
    };
    const onAbort = () => stop({ kind: 'cancelled' });
    const settle = (end: ProcessEnd) => {
      for (const timer of timers) clearTimeout(timer);
      request.signal.removeEventListener('abort', onAbort);
      resolve(cause ?? end);
    };
    timers.push(setTimeout(() => stop({ kind: 'timeout' }), request.timeoutMs));
    request.signal.addEventListener('abort', onAbort, { once: true });
    if (request.signal.aborted) onAbort();
    child.once('error', (error) => settle({ kind: 'failed', reason: messageOf(error) }));
    child.once('exit', () => {
      // Whatever the program left running in its group goes with it, or it would outlive the run and hold the pipes.
      killGroup(child, 'SIGKILL', request.env);
      timers.push(setTimeout(() => closePipes(child), DRAIN_MS));
    });
    child.once('close', (code, signal) =>
      settle(signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal }),
    );
  });
}

function closePipes(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
}

/** Signals the process group of a detached child; on Windows its whole tree is ended, whatever the signal. */
export function killGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', env: ProcessRequest['env']): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    killTree(pid, env);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left, which is what was wanted.
  }
}

function killTree(pid: number, env: ProcessRequest['env']): void {
  const system = variable(env, 'SYSTEMROOT') ?? 'C:\\Windows';
  const taskkill = path.join(system, 'System32', 'taskkill.exe');
  const killer = nodeSpawn(taskkill, ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  // Nothing more can be done about a kill that cannot start; the process's own end is still waited for.
  killer.once('error', () => undefined);
}
