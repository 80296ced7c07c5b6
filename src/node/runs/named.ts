/** A file that is named by its id or its path, and how its problems are told. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type ErrorCode, OpenExecError } from '../../core/kernel/errors';
import type { Result } from '../../core/kernel/result';
import { type Problem, problemLine } from '../../core/kernel/yaml';
import { readYamlFile } from './yamlFile';

export type Places = {
  /** The folder with the shipped `blueprints` and `policies`. */
  readonly assets: string;
  /** The root of the workspace. */
  readonly workspace: string;
};

export type Found = { readonly file: string; readonly text: Result<string, readonly Problem[]> };

export const YAML = /\.ya?ml$/;
const PLAIN_ID = /^[a-z][a-z0-9_-]*$/;

/**
 * The first file of that id in the folders, or the file itself when a path is given, from the workspace on. Throws the code,
 * naming the ids there are.
 */
export async function findNamed(
  what: string,
  code: ErrorCode,
  idOrFile: string,
  folders: readonly string[],
  places: Places,
): Promise<Found> {
  const candidates = PLAIN_ID.test(idOrFile)
    ? folders.flatMap((folder) => [path.join(folder, `${idOrFile}.yaml`), path.join(folder, `${idOrFile}.yml`)])
    : [path.resolve(places.workspace, idOrFile)];
  for (const file of candidates) {
    const text = await readYamlFile(file);
    if (text !== null) return { file, text };
  }
  const names = (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat();
  const known = idsOf(names);
  throw new OpenExecError(
    code,
    `There is no ${what} "${idOrFile}". Known: ${known.sort().join(', ')}; or name a file.`,
  );
}

/** The ids of the YAML files among the names of a folder. */
export const idsOf = (names: readonly string[]): string[] =>
  names.filter((name) => YAML.test(name)).map((name) => name.replace(YAML, ''));

/** The file as a person in the workspace names it. */
export function shownIn({ workspace }: Pick<Places, 'workspace'>, file: string): string {
  const inside = path.relative(workspace, file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? file : inside.split(path.sep).join('/');
}

/** Each problem as `file:line:column message`. */
export function problemLines(file: string, problems: readonly Problem[], places: Pick<Places, 'workspace'>): string[] {
  return problems.map((problem) => problemLine(shownIn(places, file), problem));
}

/** The first problem, and how many more there are. */
export function firstOf(problems: readonly string[]): string {
  const [first = 'cannot be read', ...rest] = problems;
  return rest.length === 0 ? first : `${first} (and ${rest.length} more problems)`;
}
