/**
 * Finding a program on PATH by ourselves. Windows would look into the current folder first, and a cloned repository
 * could then bring its own `git.exe`; relative PATH entries are skipped everywhere for the same reason.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Environment, variable } from './environment';

/**
 * The absolute path of a program, or null when there is none that can be executed. A name with a slash is taken
 * relative to `cwd`; a plain name is looked up in the absolute folders of PATH, in their order, and passed over where it
 * leads into one of the `outside` folders (absolute, true places), such as a repository that brings its own `git`.
 */
export async function findProgram(
  name: string,
  environment: Environment,
  cwd: string,
  { outside = [] }: { readonly outside?: readonly string[] } = {},
): Promise<string | null> {
  const endings = endingsFor(name, environment);
  const named = /[/\\]/.test(name);
  for (const folder of named ? [cwd] : searchPath(environment)) {
    for (const ending of endings) {
      const candidate = path.resolve(folder, name + ending);
      if ((await isExecutable(candidate)) && (named || !(await leadsInto(candidate, outside)))) return candidate;
    }
  }
  return null;
}

async function leadsInto(file: string, folders: readonly string[]): Promise<boolean> {
  const places = [file, await fs.realpath(file).catch(() => file)];
  return folders.some((folder) => places.some((place) => isBelow(path.relative(folder, place))));
}

const isBelow = (inside: string): boolean => !/^\.\.(?:[/\\]|$)/.test(inside) && !path.isAbsolute(inside);

function searchPath(environment: Environment): string[] {
  const value = variable(environment, 'PATH') ?? '';
  return value.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

function endingsFor(name: string, environment: Environment): string[] {
  if (process.platform !== 'win32') return [''];
  const endings = (variable(environment, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((e) => e !== '');
  return path.extname(name) === '' ? endings : ['', ...endings];
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
