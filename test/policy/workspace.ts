/**
 * The workspace that the cases of the corpus are decided on: a real repository with the files of an ordinary project, with
 * secrets, and with links that a hostile repository would bring along. Facts are looked up on the disk, as in a run.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type PolicyWorkspace = {
  /** The root of the repository, every link followed. */
  readonly folder: string;
  /** A folder beside it, outside of the repository: `secret.txt`, `dir/inner.txt`. */
  readonly outside: string;
  readonly remove: () => void;
};

const EMPTY = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** Files of an ordinary project, and what looks like more than it is. */
const FILES: Readonly<Record<string, string>> = {
  'README.md': '# Fixture\n',
  'package.json': `${JSON.stringify({ name: 'fixture', scripts: { test: 'node --test', lint: 'eslint .', build: 'tsc -p .' } }, null, 2)}\n`,
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'tsconfig.json': '{}\n',
  'src/index.ts': 'export const one = 1;\n',
  'src/environment.ts': 'export const environment = {};\n',
  'src/money.js': 'export const cents = (n) => Math.round(n * 100);\n',
  'src/git/status.ts': 'export const status = 1;\n',
  'src/a b.ts': 'export {};\n',
  'src/ümlaut.ts': 'export {};\n',
  'src/secrets.ts': 'export const secrets = [];\n',
  'src/keyboard.ts': 'export const keyboard = 1;\n',
  'a..b.txt': 'dots\n',
  '...': 'three dots\n',
  'docs/guide.md': 'Guide\n',
  'docs/secrets-management.md': 'How we keep secrets\n',
  'docs/credentials.md': 'How to get them\n',
  'test/money.test.js': '\n',
  'scripts/tool.sh': '#!/bin/sh\n',
  // A program in the repository with the name of an ordinary one.
  git: '#!/bin/sh\n',
  'bin/ls': '#!/bin/sh\n',
  '.env': 'KEY=1\n',
  '.env.local': 'KEY=2\n',
  '.env.example': 'KEY=\n',
  'config/production.env': 'KEY=3\n',
  'config/secrets.yaml': 'key: 4\n',
  'certs/server.pem': 'not a key\n',
  'keys/id_rsa': 'not a key\n',
  '.ssh/config': 'Host *\n',
  '.npmrc': 'registry=x\n',
  '.github/workflows/ci.yml': 'on: push\n',
  '.vscode/settings.json': '{}\n',
  '.gitignore': 'node_modules\n',
  'CLAUDE.md': 'Instructions\n',
  'AGENTS.md': 'Instructions\n',
  '.mcp.json': '{}\n',
  'nested/look.git/config': 'only looks like it\n',
  'nested/git/hooks.md': 'words about hooks\n',
};

/** Symbolic links by their place; `OUT` stands for the folder outside. */
const LINKS: Readonly<Record<string, string>> = {
  'links/file-out': 'OUT/secret.txt',
  'links/dir-out': 'OUT/dir',
  'links/chain-1': 'chain-2',
  'links/chain-2': 'chain-3',
  'links/chain-3': 'OUT/secret.txt',
  'links/loop-1': 'loop-2',
  'links/loop-2': 'loop-1',
  'links/dangling': 'OUT/not-there',
  'links/up': '../..',
  'links/root': '/',
  'links/to-env': '../.env',
  'links/to-git': '../.git',
  'links/to-src': '../src',
  'links/to-readme': '../README.md',
  'links/to-ci': '../.github/workflows/ci.yml',
};

/** Other names of a file: `[name, of]`. */
const HARD_LINKS: readonly (readonly [string, string])[] = [
  ['twins/innocent.txt', '.env'],
  ['twins/a.c', 'twins/b.c'],
  // As a package manager fills its folder out of a store of its own.
  ['node_modules/one/index.js', 'node_modules/.store/one.js'],
  ['node_modules/two/innocent.js', '.env'],
];

/** Makes the workspace in a temporary folder. */
export function makePolicyWorkspace(): PolicyWorkspace {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe-policy-')));
  const folder = path.join(base, 'repo');
  const outside = path.join(base, 'outside');
  write(outside, { 'secret.txt': 'outside\n', 'dir/inner.txt': 'outside\n' });
  write(folder, { ...FILES, 'twins/b.c': 'int one;\n', 'node_modules/.store/one.js': '\n' });
  for (const [name, target] of Object.entries(LINKS)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.symlinkSync(target.replace(/^OUT/, outside), path.join(folder, name));
  }
  for (const [name, of] of HARD_LINKS) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.linkSync(path.join(folder, of), path.join(folder, name));
  }
  const env = { ...process.env, GIT_CONFIG_GLOBAL: EMPTY, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, env, stdio: 'pipe' });
  git('init', '--quiet', '-b', 'main');
  git(
    '-c',
    'user.name=Pat',
    '-c',
    'user.email=pat@example.invalid',
    'commit',
    '--quiet',
    '--allow-empty',
    '-m',
    'first',
  );
  return { folder, outside, remove: () => fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 }) };
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
}
