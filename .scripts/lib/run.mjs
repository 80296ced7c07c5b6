/**
 * Starting other programs. Every child gets its own process group, so that it can be ended together with all that it
 * started; when this process ends, for whatever reason it can still notice, every group goes with it. Builtins only.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const onWindows = process.platform === 'win32';
const running = new Set();

/** Ends a child and everything in its group. */
export function endGroup(child, signal = 'SIGTERM') {
  if (child.pid === undefined) return;
  try {
    if (onWindows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** What to do, in turn, before a signal ends this process; each may take its time. */
const lastThings = [];

/** Registers something to clean up when this process is told to end. */
export function beforeEnd(act) {
  watchSignals();
  lastThings.push(act);
}

let watching = false;
/** Installed at first use only: a test's worker that merely imports this must keep its own handling of signals. */
function watchSignals() {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of running) endGroup(child);
  });
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => end(code));
  }
}

let ending = false;
async function end(code) {
  if (ending) process.exit(code); // asked twice: at once, then
  ending = true;
  for (const child of running) endGroup(child);
  for (const act of lastThings) await act();
  process.exit(code);
}

/**
 * Runs a program to its end; its output streams to this terminal. `capture` also returns it, `quiet` returns it only.
 * Resolves with `{code, output, stdout}` (output is both streams as they came), the code 127 when the program is not there; never rejects.
 */
export function run(command, args, { cwd, env, shell = false, quiet = false, capture = false } = {}) {
  watchSignals();
  return new Promise((resolve) => {
    const piped = quiet || capture;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      detached: !onWindows,
      stdio: ['ignore', piped ? 'pipe' : 'inherit', piped ? 'pipe' : 'inherit'],
    });
    running.add(child);
    let output = '';
    let stdout = '';
    const take = (to) => (chunk) => {
      if (!quiet) to.write(chunk);
      output += chunk;
      if (to === process.stdout) stdout += chunk;
    };
    child.stdout?.on('data', take(process.stdout));
    child.stderr?.on('data', take(process.stderr));
    const ended = (code) => {
      running.delete(child);
      resolve({ code, output, stdout });
    };
    child.on('error', (error) => {
      output += error.message;
      ended(127);
    });
    child.on('close', (code, signal) => ended(code ?? (signal === null ? 1 : 128)));
  });
}

/** Runs a program of an installed package with this Node: `tool('typescript', 'tsc', ['--noEmit'])`. */
export function tool(name, program, args, options = {}) {
  const folder = path.join(root, 'node_modules', name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = path.join(folder, typeof bin === 'string' ? bin : bin[program]);
  return run(process.execPath, [file, ...args], { cwd: root, ...options });
}

/** Runs npm through the npm that runs us, so that no shell is needed where there is one. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args], options);
  return run('npm', args, { ...options, shell: onWindows });
}
