/**
 * Runs the VS Code server as the leader of a process group, and ends the whole group when the pipe on standard input closes:
 * however the runner dies, even by kill -9, it leaves no server and no temporary folder behind.
 * Usage: node guard.mjs TEMP_FOLDER PROGRAM ARGS…
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const GRACE_MS = 4000;
const [folder, program, ...args] = process.argv.slice(2);
let ending = false;

const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on('exit', (code) => {
  // A server that died by itself leaves its folder to the runner, which reads the log there.
  if (ending) finish();
  else process.exit(code ?? 1);
});

process.stdin.on('end', end).on('error', end).resume();
// A signal for the group must reach the server, not end the guard before its work is done.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);

function end() {
  if (ending) return;
  ending = true;
  child.kill('SIGTERM');
  setTimeout(finish, GRACE_MS);
}

function finish() {
  if (process.env.HOST_KEEP !== '1') removeFolder();
  process.kill(0, 'SIGKILL');
}

function removeFolder() {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    console.error(`left behind: ${folder} (${error.message})`);
  }
}
