/**
 * A throw-away copy of test/fixtures/sample-repo as a fresh git repository with one commit. Author and date are fixed and
 * the user's own git settings are kept out, so the commit's hash is the same on every machine.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const fixture = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../fixtures/sample-repo');

/** @type {import('./sample-workspace.mjs').makeSampleWorkspace} */
export function makeSampleWorkspace({ git = true, commit = true } = {}) {
  // Real path: macOS's temporary folder is a link, and git and VS Code would then name the folder differently.
  const parent = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe-')));
  const folder = path.join(parent, 'sample-repo');
  fs.cpSync(fixture, folder, { recursive: true });
  if (!git) return folder;
  const run = (...args) => execFileSync('git', args, { cwd: folder, env: fixedGitEnv(), stdio: 'pipe' });
  run('init', '--quiet', '-b', 'main');
  // Set in the repository itself, so that later commits work on a machine where git knows nobody, and ask for no signature.
  for (const [key, value] of [
    ['user.name', 'Sample'],
    ['user.email', 'sample@example.invalid'],
    ['commit.gpgsign', 'false'],
    ['core.autocrlf', 'false'],
  ]) {
    run('config', key, value);
  }
  if (!commit) return folder;
  run('add', '--all');
  run('commit', '--quiet', '-m', 'The sample project');
  return folder;
}

/** @type {import('./sample-workspace.mjs').removeSampleWorkspace} */
export function removeSampleWorkspace(folder) {
  fs.rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
}

function fixedGitEnv() {
  const date = '2026-01-01T00:00:00Z';
  const empty = process.platform === 'win32' ? 'NUL' : '/dev/null';
  const env = { ...process.env };
  // A test started from a git hook has these; they would point git at the wrong repository.
  for (const key of Object.keys(env)) if (key.startsWith('GIT_')) delete env[key];
  return {
    ...env,
    GIT_CONFIG_GLOBAL: empty,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
}
