/**
 * The files of a repository that the command of one of its own servers names: they are agreed to with the command, for
 * otherwise the next pull could put other code behind the same words. What such a file loads is not followed.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import type { Program } from '../../core/mcp/pins';
import type { McpServer } from '../../core/policy/schema';
import { errnoOf } from '../system/durable';
import { sha256 } from '../system/sha256';
import { isBelow, truePlaces } from './serverFolder';

const SIZE_LIMIT = 64 * 1024 * 1024;
/** What interpreters add to a name by themselves. */
const ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.py', '.rb', '/index.js', '/package.json', '/__main__.py'];
const MODULE_ENDINGS = ['.py', '/__init__.py', '/__main__.py'];

/** The server's program with those files, by their paths in the repository; without any for one of the person's own. */
export async function withFiles<T extends Program & Pick<McpServer, 'origin'>>(
  server: T,
  root: string,
): Promise<T & Program> {
  if (server.origin === 'user') return server;
  const [program = '', ...args] = server.command;
  // A plain name is looked up on PATH, and never in the repository.
  const words = [...(/[/\\]/.test(program) ? [program] : []), ...args];
  const roots = await truePlaces([root]);
  const files: Record<string, string> = {};
  for (const file of new Set(words.flatMap(namesIn))) {
    const place = path.resolve(root, file);
    if (!(await liesIn(place, roots))) continue;
    const hash = await hashOf(place);
    if (hash !== null) files[path.relative(root, place).split(path.sep).join('/')] = hash;
  }
  return Object.keys(files).length === 0 ? server : { ...server, files };
}

/** What a word may stand for: a file, one behind an option (`--config=x`), or a module (`pkg.server`). */
function namesIn(word: string): string[] {
  const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
  if (value.includes('\0') || (word.startsWith('-') && value === word)) return [];
  const modules = /^\w+(?:\.\w+)*$/.test(value)
    ? MODULE_ENDINGS.map((ending) => value.replaceAll('.', '/') + ending)
    : [];
  return [...ENDINGS.map((ending) => value + ending), ...modules];
}

async function liesIn(file: string, roots: readonly string[]): Promise<boolean> {
  return (await truePlaces([file])).some((place) => roots.some((root) => isBelow(root, place)));
}

/** Null for what is no file. */
async function hashOf(file: string): Promise<string | null> {
  try {
    const { size } = await regular(file);
    if (size === null) return null;
    if (size > SIZE_LIMIT) throw unread(file, 'it is larger than 64 MiB');
    return sha256(await readFile(file));
  } catch (error) {
    if (error instanceof OpenExecError) throw error;
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') return null;
    throw unread(file, 'it cannot be read', error);
  }
}

async function regular(file: string): Promise<{ size: number | null }> {
  const found = await stat(file);
  return { size: found.isFile() ? found.size : null };
}

const unread = (file: string, why: string, cause?: unknown): OpenExecError =>
  new OpenExecError('config_invalid', `A command of an MCP server of the repository names ${file}, and ${why}.`, {
    cause,
  });
