/**
 * What is found on this machine, in this workspace and of the model that is configured. Looks only: nothing is started, made or
 * changed, no prompt is sent, and a provider elsewhere gets nothing but a request for its address without a key.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_COMMANDS } from '../../core/policy/schema';
import type { Classifier } from '../../core/ports/classifier';
import type { Git } from '../git/git';
import { loadLayers, loadPolicy } from '../policy/load';
import type { PolicyFiles } from '../policy/places';
import type { ModelChoice } from '../runs/chooseModel';
import { findSandbox } from '../sandbox/confine';
import type { Environment } from '../system/environment';
import { PROJECT_FILE, projectCommands } from '../workspace/project';
import { openRepository } from '../workspace/repository';
import { type Check, check, type Found, fine, wrong } from './check';
import { modelChecks } from './modelChecks';

export type { Check } from './check';

export type DoctorOptions = {
  /** The folder of the workspace; null when none is open. */
  readonly folder: string | null;
  readonly git: Git;
  readonly environment: Environment;
  /** The folder that holds the shipped blueprints and policies. */
  readonly assets: string;
  readonly policyFiles: PolicyFiles;
  /** Id or file of the policy of new runs; what it throws is said of the policy. */
  readonly policy: () => string;
  /** What it throws is said of the gatekeeper model. */
  readonly classifier: () => Classifier;
  readonly store: {
    readonly root: string;
    /** How many runs its index lists; null where the store is not made yet. */
    readonly runs: () => Promise<number | null>;
  };
  readonly model: ModelChoice;
};

/** Every check, in a fixed order. Never rejects. */
export async function runDoctor(options: DoctorOptions): Promise<Check[]> {
  const { folder } = options;
  const none = wrong('No folder is open. Open one that is a git repository.');
  const inFolder = (name: string, look: (folder: string) => Promise<Found>): Promise<Check> =>
    check(name, async () => (folder === null ? none : look(folder)));
  return [
    await check('git', async () => fine(`git ${await options.git.version()}`)),
    await inFolder('repository', async (at) => fine((await openRepository(at, options.git)).root)),
    await check('sandbox', () => sandbox(options)),
    await check('gatekeeper model', () => gatekeeper(options)),
    await check('store', () => store(options)),
    await inFolder('policy', (at) => policies(at, options)),
    await inFolder('project commands', commands),
    ...(await modelChecks(folder, options.model)),
  ];
}

async function sandbox({ environment, folder }: DoctorOptions): Promise<Found> {
  const { why } = await findSandbox(environment, folder === null ? [] : [folder]);
  if (why === null) return fine('commands of a run are confined: writes only in its copy, no network');
  const how =
    process.platform === 'linux'
      ? 'Install bubblewrap, and allow user namespaces'
      : 'Work in a container or a virtual machine';
  return wrong(`commands of a run are not confined here, and run with your rights: ${why}. ${how} where that matters.`);
}

async function gatekeeper({ classifier, assets }: DoctorOptions): Promise<Found> {
  const local = classifier();
  const { id, sha256 } = await local.identify();
  const said = await local.classify('Correct a typing error in the README');
  if (said.problem === null && sha256 !== null) return fine(`${id} answers in ${said.ms} ms, SHA-256 ${sha256}`);
  const what = said.problem ?? 'there is no model';
  const how = `Runs go on under the rules alone, which are stricter. Set openexec.gatekeeper.model, or install OpenExec again (${assets})`;
  return wrong(`${what}. ${how}.`);
}

async function store({ store: { root, runs } }: DoctorOptions): Promise<Found> {
  const folder = await nearestFolder(root);
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(
      `the folder ${folder} cannot be written. Give yourself the right to, or name another place with --store.`,
    );
  });
  const listed = await runs();
  return fine(listed === null ? `${root} is made with the first run` : `${root}, ${listed} run(s) in its index`);
}

/** The folder, or the nearest above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  const above = path.dirname(folder);
  return found?.isDirectory() === true || above === folder ? folder : nearestFolder(above);
}

async function policies(folder: string, { assets, policy, policyFiles, git }: DoctorOptions): Promise<Found> {
  const workspace = (await openRepository(folder, git).catch(() => ({ root: folder }))).root;
  const places = { assets, workspace };
  const chosen = await loadPolicy(policy(), places);
  const layers = await loadLayers(policyFiles, places);
  const beside = layers.map(({ layer, source }) => `, ${layer}: ${source}`).join('');
  return fine(`${chosen.policy.id} (${chosen.source})${beside}`);
}

async function commands(folder: string): Promise<Found> {
  const found = await projectCommands(folder);
  const words = PROJECT_COMMANDS.flatMap((name) => {
    const command = found[name];
    return command === undefined ? [] : [`${name}: ${command.argv.join(' ')} (${command.source})`];
  });
  if (words.length > 0) return fine(words.join('; '));
  const how = `Declare them in ${PROJECT_FILE}: "version: 1", "commands:", "  test: <command>"`;
  return wrong(`none was found, and a blueprint that tests or lints is refused without. ${how}.`);
}
