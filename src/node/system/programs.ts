/**
 * Finding a program on PATH by ourselves. Windows would look into the current folder first, and a cloned repository
 * could then bring its own `git.exe`; relative PATH entries are skipped everywhere for the same reason.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Environment, variable } from './environment';

/**
 * The absolute path of a program, or null when there is none that can be executed. A name with a slash is taken
 * relative to `cwd`; a plain name is looked up in the absolute folders of PATH, in their order.
 */
export async function findProgram(name: string, environment: Environment, cwd: string): Promise<string | null> {
  const endings = endingsFor(name, environment);
  const folders = /[/\\]/.test(name) ? [cwd] : searchPath(environment);
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = path.resolve(folder, name + ending);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return null;
}

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
