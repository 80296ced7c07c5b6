/**
 * The secrets that are known for a workspace: what its environment files hold, what this process's environment holds under
 * a name that says so, and what is in secret storage. They are looked for wherever anything leaves; they are never written.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { entriesOf, knownIn, saysSecret } from '../../core/gatekeeper/detect/dotenv';
import type { KnownValue } from '../../core/gatekeeper/gate';
import type { Environment } from '../system/environment';

export type KnownSources = {
  /** The root of the workspace, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** Values out of secret storage. */
  readonly stored: readonly string[];
};

const FOLDERS = 5000;
const DEPTH = 10;
const FILES = 200;
const FILE_BYTES = 1024 * 1024;
const VALUES = 2000;
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  'dist',
  'build',
  'target',
  '.next',
  '.cache',
]);
const IS_FILE = /^(?:\.env(?:rc|[._-].+)?|.+\.env)$/i;
const IS_SAMPLE = /example|sample|template|dist$|default/i;

/** Everything that is known; what cannot be read is passed over. At most 2,000 values, of 200 files in 5,000 folders. */
export async function knownValuesOf({ root, environment, stored }: KnownSources): Promise<KnownValue[]> {
  const known: KnownValue[] = stored.map((value) => ({ kind: 'stored-key', value }));
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && saysSecret(name) && !(await isPlace(value))) known.push(...knownIn(name, value));
  }
  for (const file of await environmentFiles(root)) {
    for (const { name, value } of entriesOf(await textOf(file))) known.push(...knownIn(name, value));
  }
  return known.slice(0, VALUES);
}

/** Where something lies is no secret, whatever the name says: PWD is the folder that a shell is in, SSH_AUTH_SOCK a socket. */
async function isPlace(value: string): Promise<boolean> {
  return path.isAbsolute(value) && (await fs.stat(value).then(Boolean, () => false));
}

/** The environment files of the workspace, tracked or not, those nearer to the root first. No link is followed. */
async function environmentFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  let level = [root];
  let looked = 0;
  for (let depth = 0; depth <= DEPTH && level.length > 0 && looked < FOLDERS; depth++) {
    const here = level.slice(0, FOLDERS - looked);
    looked += here.length;
    const listed = await Promise.all(here.map(entriesIn));
    level = listed.flatMap(({ folders }) => folders);
    files.push(...listed.flatMap((one) => one.files));
  }
  return files.slice(0, FILES);
}

async function entriesIn(folder: string): Promise<{ files: string[]; folders: string[] }> {
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    const named = (all: typeof entries) => all.map(({ name }) => path.join(folder, name));
    return {
      files: named(
        entries.filter((entry) => entry.isFile() && IS_FILE.test(entry.name) && !IS_SAMPLE.test(entry.name)),
      ),
      folders: named(entries.filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))),
    };
  } catch {
    return { files: [], folders: [] };
  }
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await fs.stat(file);
    return size > FILE_BYTES ? '' : await fs.readFile(file, 'utf8');
  } catch {
    return '';
  }
}
