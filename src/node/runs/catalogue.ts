/**
 * Where blueprints, policies and toolsets come from: shipped with OpenExec, from the workspace's `.openexec` folder, or
 * a file that is named. Each is parsed and checked before anything uses it.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { inspectBlueprint, type Known } from '../../core/blueprint/inspect';
import { parseBlueprint } from '../../core/blueprint/parse';
import type { Blueprint } from '../../core/blueprint/schema';
import { type ErrorCode, OpenExecError } from '../../core/kernel/errors';
import { err, type Result } from '../../core/kernel/result';
import { type Problem, parseYaml, problemLine } from '../../core/kernel/yaml';
import { type Policy, policySchema, type Toolset, toolsetSchema } from '../../core/policy/schema';
import { PROVIDERS } from '../models/select';
import { readYamlFile } from './yamlFile';

export type Places = {
  /** The folder with the shipped `blueprints` and `policies`. */
  readonly assets: string;
  /** The root of the workspace. */
  readonly workspace: string;
};

export type BlueprintEntry = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly file: string;
  readonly origin: 'shipped' | 'workspace';
  /** Errors as `file:line:column message`; such a blueprint is listed but cannot be started. */
  readonly problems: readonly string[];
  /** In the same form; a blueprint that has only these can be started. */
  readonly warnings: readonly string[];
};

const UNREADABLE = err<readonly Problem[]>([
  { line: 1, column: 1, severity: 'error', message: 'this is not a file that can be read' },
]);
const YAML = /\.ya?ml$/;
const PLAIN_ID = /^[a-z][a-z0-9_-]*$/;

/** Every blueprint that can be named by its id, the workspace's after the shipped ones, each group by name. */
export async function listBlueprints(places: Places): Promise<BlueprintEntry[]> {
  const known = await knownNames(places);
  const shipped = await entriesOf(path.join(places.assets, 'blueprints'), 'shipped', places, known);
  const own = await entriesOf(workspaceBlueprints(places), 'workspace', places, known);
  return [...shipped, ...own.filter((entry) => !shipped.some((other) => other.id === entry.id))];
}

async function entriesOf(
  folder: string,
  origin: BlueprintEntry['origin'],
  places: Places,
  known: Known,
): Promise<BlueprintEntry[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => YAML.test(name)).sort();
  return Promise.all(
    files.map(async (name): Promise<BlueprintEntry> => {
      const file = path.join(folder, name);
      const id = name.replace(YAML, '');
      const text = (await readYamlFile(file)) ?? UNREADABLE;
      const { blueprint, problems } = text.ok
        ? inspectBlueprint(text.value, known, file)
        : { blueprint: null, problems: text.error };
      const { title, description } = blueprint ?? { title: id, description: '' };
      const told = (severity: Problem['severity']): string[] => {
        const some = problems.filter((problem) => problem.severity === severity);
        return lines(file, some, places);
      };
      return { id, title, description, file, origin, problems: told('error'), warnings: told('warning') };
    }),
  );
}

/**
 * What a blueprint may name: the shipped toolsets, of which one that is broken counts as missing, and the providers; and
 * what it may not be called.
 */
export async function knownNames({ assets }: Pick<Places, 'assets'>): Promise<Known> {
  const folder = path.join(assets, 'policies', 'toolsets');
  const names = await readdir(folder).catch(() => []);
  const toolsets = new Map<string, Toolset>();
  for (const name of names.filter((name) => YAML.test(name)).sort()) {
    const text = await readYamlFile(path.join(folder, name));
    const parsed = text?.ok ? parseYaml(text.value, toolsetSchema) : null;
    if (parsed?.ok) toolsets.set(name.replace(YAML, ''), parsed.value.value);
  }
  const shipped = await readdir(path.join(assets, 'blueprints')).catch(() => []);
  return { toolsets, providers: PROVIDERS, shipped: idsOf(shipped) };
}

/**
 * A blueprint by id or file. Throws `blueprint_unknown`, naming those there are, and `blueprint_invalid` with the first
 * problem's line and column.
 */
export async function loadBlueprint(idOrFile: string, places: Places): Promise<Blueprint> {
  const { file, text } = await findBlueprint(idOrFile, places);
  const known = await knownNames(places);
  const parsed = text.ok ? parseBlueprint(text.value, known) : text;
  if (parsed.ok) return parsed.value;
  throw new OpenExecError('blueprint_invalid', summary(lines(file, parsed.error, places)));
}

/** The file of a blueprint by id or file, and its text; throws `blueprint_unknown`, naming those there are. */
export function findBlueprint(idOrFile: string, places: Places): Promise<Found> {
  const folders = [path.join(places.assets, 'blueprints'), workspaceBlueprints(places)];
  return find('blueprint', 'blueprint_unknown', idOrFile, folders, places);
}

/** A policy by id or file. Throws `policy_unknown` or `policy_invalid`; a broken policy never loads in part. */
export async function loadPolicy(idOrFile: string, places: Places): Promise<Policy> {
  const folders = [path.join(places.assets, 'policies')];
  const { file, text } = await find('policy', 'policy_unknown', idOrFile, folders, places);
  const parsed = text.ok ? parseYaml(text.value, policySchema) : text;
  if (parsed.ok) return parsed.value.value;
  throw new OpenExecError('policy_invalid', summary(lines(file, parsed.error, places)));
}

/** A shipped toolset by id. Throws `policy_unknown` or `policy_invalid`. */
export async function loadToolset(id: string, places: Places): Promise<Toolset> {
  const folders = [path.join(places.assets, 'policies', 'toolsets')];
  const { file, text } = await find('toolset', 'policy_unknown', id, folders, places);
  const parsed = text.ok ? parseYaml(text.value, toolsetSchema) : text;
  if (parsed.ok) return parsed.value.value;
  throw new OpenExecError('policy_invalid', summary(lines(file, parsed.error, places)));
}

const workspaceBlueprints = ({ workspace }: Places): string => path.join(workspace, '.openexec', 'blueprints');

type Found = { readonly file: string; readonly text: Result<string, readonly Problem[]> };

async function find(
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

const idsOf = (names: readonly string[]): string[] =>
  names.filter((name) => YAML.test(name)).map((name) => name.replace(YAML, ''));

function lines(file: string, problems: readonly Problem[], { workspace }: Places): string[] {
  const inside = path.relative(workspace, file);
  const shown = inside.startsWith('..') || path.isAbsolute(inside) ? file : inside;
  return problems.map((problem) => problemLine(shown, problem));
}

function summary(problems: readonly string[]): string {
  const [first = 'cannot be read', ...rest] = problems;
  return rest.length === 0 ? first : `${first} (and ${rest.length} more problems)`;
}
