/**
 * Where blueprints and toolsets come from: shipped with OpenExec, from the workspace's `.openexec` folder, or a file that is
 * named. Each is parsed and checked before anything uses it.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { inspectBlueprint, type Known } from '../../core/blueprint/inspect';
import { parseBlueprint } from '../../core/blueprint/parse';
import type { Blueprint } from '../../core/blueprint/schema';
import { OpenExecError } from '../../core/kernel/errors';
import { err } from '../../core/kernel/result';
import type { Problem } from '../../core/kernel/yaml';
import { PROVIDERS } from '../../core/models/settings';
import { inspectToolset } from '../../core/policy/inspect';
import type { Toolset } from '../../core/policy/schema';
import { type Found, findNamed, firstOf, idsOf, type Places, problemLines, YAML } from './named';
import { readYamlFile } from './yamlFile';

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

/** Every blueprint that can be named by its id, the workspace's after the shipped ones, each group by name. */
export async function listBlueprints(
  places: Places,
  providers: readonly string[] = PROVIDERS,
): Promise<BlueprintEntry[]> {
  const known = await knownNames(places, providers);
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
        return problemLines(file, some, places);
      };
      return { id, title, description, file, origin, problems: told('error'), warnings: told('warning') };
    }),
  );
}

/**
 * What a blueprint may name: the toolsets, shipped and of the workspace, of which one that is broken counts as missing, and
 * the providers; and what it may not be called. Without a workspace, what is shipped.
 */
export async function knownNames(
  { assets, workspace }: Pick<Places, 'assets'> & Partial<Places>,
  providers: readonly string[] = PROVIDERS,
): Promise<Known> {
  const toolsets = new Map<string, Toolset>();
  for (const folder of toolsetFolders({ assets, workspace: workspace ?? null })) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((name) => YAML.test(name)).sort()) {
      const id = name.replace(YAML, '');
      if (toolsets.has(id)) continue;
      const text = await readYamlFile(path.join(folder, name));
      const { toolset } = text?.ok ? inspectToolset(text.value, id) : { toolset: null };
      if (toolset !== null) toolsets.set(id, toolset);
    }
  }
  const shipped = await readdir(path.join(assets, 'blueprints')).catch(() => []);
  return { toolsets, providers, shipped: idsOf(shipped) };
}

/** The shipped ones first: a workspace has toolsets of its own, and never one in the place of a shipped one. */
const toolsetFolders = ({ assets, workspace }: { assets: string; workspace: string | null }): string[] => [
  path.join(assets, 'policies', 'toolsets'),
  ...(workspace === null ? [] : [path.join(workspace, '.openexec', 'toolsets')]),
];

/**
 * A blueprint by id or file. Throws `blueprint_unknown`, naming those there are, and `blueprint_invalid` with the first
 * problem's line and column.
 */
export async function loadBlueprint(
  idOrFile: string,
  places: Places,
  providers: readonly string[] = PROVIDERS,
): Promise<Blueprint> {
  const { file, text } = await findBlueprint(idOrFile, places);
  const known = await knownNames(places, providers);
  const parsed = text.ok ? parseBlueprint(text.value, known) : text;
  if (parsed.ok) return parsed.value;
  throw new OpenExecError('blueprint_invalid', firstOf(problemLines(file, parsed.error, places)));
}

/** The file of a blueprint by id or file, and its text; throws `blueprint_unknown`, naming those there are. */
export function findBlueprint(idOrFile: string, places: Places): Promise<Found> {
  const folders = [path.join(places.assets, 'blueprints'), workspaceBlueprints(places)];
  return findNamed('blueprint', 'blueprint_unknown', idOrFile, folders, places);
}

/** A toolset by id or file. Throws `policy_unknown`, naming those there are, or `policy_invalid`. */
export async function loadToolset(idOrFile: string, places: Places): Promise<Toolset> {
  const { file, text } = await findNamed('toolset', 'policy_unknown', idOrFile, toolsetFolders(places), places);
  const isId = path.basename(file).replace(YAML, '') === idOrFile;
  const { toolset, problems } = text.ok
    ? inspectToolset(text.value, isId ? idOrFile : null)
    : { toolset: null, problems: text.error };
  if (toolset !== null) return toolset;
  throw new OpenExecError('policy_invalid', firstOf(problemLines(file, problems, places)));
}

const workspaceBlueprints = ({ workspace }: Places): string => path.join(workspace, '.openexec', 'blueprints');
