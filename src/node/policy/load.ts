/**
 * The policies of a run off the disk: the one that was chosen, and the layers beside it. Each is checked before anything
 * uses it, examples and all; a file that is there and cannot be read, or is broken, refuses the start.
 */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { err, type Result } from '../../core/kernel/result';
import type { Problem } from '../../core/kernel/yaml';
import { inspectPolicy, type PolicyKnown } from '../../core/policy/inspect';
import { LAYERS, type Layer, type LayeredPolicy, type Policy } from '../../core/policy/schema';
import { type Found, findNamed, firstOf, idsOf, type Places, problemLines, shownIn } from '../runs/named';
import { readYamlFile } from '../runs/yamlFile';
import { type PolicyFiles, workspacePolicyFile } from './places';

/** Where a shipped policy comes from, in words. */
export const SHIPPED = 'shipped with OpenExec';

export type ChosenPolicy = {
  readonly policy: Policy;
  /** Where it was read: the words above, or the file as a person in the workspace names it. */
  readonly source: string;
};

const UNREADABLE = err<readonly Problem[]>([
  { line: 1, column: 1, severity: 'error', message: 'this is not a file that can be read' },
]);

/** A policy by id or file. Throws `policy_unknown` or `policy_invalid`; a broken policy never loads in part. */
export async function loadPolicy(idOrFile: string, places: Places): Promise<ChosenPolicy> {
  const { file, text } = await findPolicy(idOrFile, places);
  const policies = await shippedPolicies(places.assets);
  const policy = read(file, text, { policies, complete: true }, places);
  return { policy, source: path.dirname(file) === shippedFolder(places.assets) ? SHIPPED : shownIn(places, file) };
}

/** The file of a policy by id or file, and its text; throws `policy_unknown`, naming those there are. */
export function findPolicy(idOrFile: string, places: Places): Promise<Found> {
  return findNamed('policy', 'policy_unknown', idOrFile, [shippedFolder(places.assets)], places);
}

/** The shipped policies, by id. */
export async function listPolicies(assets: string): Promise<{ readonly id: string; readonly description: string }[]> {
  const policies = [...(await shippedPolicies(assets)).values()];
  return policies.map(({ id, description }) => ({ id, description })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The layers that are there, from managed to workspace. Throws `policy_invalid` for one that cannot be used. */
export async function loadLayers(files: PolicyFiles, places: Places): Promise<LayeredPolicy[]> {
  const policies = await shippedPolicies(places.assets);
  const layers: LayeredPolicy[] = [];
  for (const layer of LAYERS) {
    const file = fileOf(layer, files, places);
    if (file === null || !(await isThere(file))) continue;
    const complete = isComplete(layer);
    const policy = read(file, (await readYamlFile(file)) ?? UNREADABLE, { policies, complete }, places);
    layers.push({ layer, source: shownIn(places, file), complete, policy });
  }
  return layers;
}

/** What a policy file may name, and whether it grants: not when it is the file of a layer that only tightens. */
export async function policyKnown(file: string, files: PolicyFiles, places: Places): Promise<PolicyKnown> {
  const layer = LAYERS.find((one) => fileOf(one, files, places) === path.resolve(file));
  return { policies: await shippedPolicies(places.assets), complete: layer === undefined || isComplete(layer) };
}

/** An administrator's file grants as well as it tightens; no other does. */
const isComplete = (layer: Layer): boolean => layer === 'managed';

const fileOf = (layer: Layer, files: PolicyFiles, { workspace }: Places): string | null =>
  layer === 'workspace' ? workspacePolicyFile(workspace) : files[layer];

/** True for anything of that name, also what cannot be looked at: only what is known to be absent is no layer. */
async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

const shippedFolder = (assets: string): string => path.join(assets, 'policies');

/** The shipped policies by id; one may extend another that extends none. */
async function shippedPolicies(assets: string): Promise<ReadonlyMap<string, Policy>> {
  const folder = shippedFolder(assets);
  const ids = idsOf(await readdir(folder).catch(() => [])).sort();
  const texts = await Promise.all(ids.map((id) => readYamlFile(path.join(folder, `${id}.yaml`))));
  const known = (policies: ReadonlyMap<string, Policy>): Map<string, Policy> => {
    const entries = ids.flatMap((id, at): [string, Policy][] => {
      const text = texts[at];
      const { policy } = text?.ok ? inspectPolicy(text.value, { policies, complete: true }) : { policy: null };
      return policy === null ? [] : [[id, policy]];
    });
    return new Map(entries);
  };
  return known(known(new Map()));
}

function read(file: string, text: Result<string, readonly Problem[]>, known: PolicyKnown, places: Places): Policy {
  const { policy, problems } = text.ok ? inspectPolicy(text.value, known) : { policy: null, problems: text.error };
  if (policy !== null) return policy;
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw new OpenExecError('policy_invalid', firstOf(problemLines(file, errors, places)));
}
