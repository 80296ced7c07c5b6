/**
 * Everything that is settled before the first event of a run: repository, blueprint, policy, commands, model, base
 * tree, bound. Nothing here changes anything but git's object store.
 */

import type { Blueprint } from '../../core/blueprint/schema';
import type { Price } from '../../core/events/parts';
import type { EventBody } from '../../core/events/schema';
import { redact } from '../../core/gatekeeper/redact';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import { priceAt } from '../../core/models/price';
import type { Snapshot, Toolset } from '../../core/policy/schema';
import { freeze } from '../../core/policy/snapshot';
import type { Classifier } from '../../core/ports/classifier';
import type { Model } from '../../core/ports/model';
import { boundOf, budgetOf } from '../../core/run/budget';
import { projectCommandOf } from '../../core/run/nodes';
import { FLAGS } from '../../core/run/versions';
import { sha256 } from '../system/sha256';
import { copiedDependencies } from '../workspace/dependencies';
import { projectCommands } from '../workspace/project';
import { openRepository, type Repository, snapshot, type WorkspaceSnapshot } from '../workspace/repository';
import { loadBlueprint, loadPolicy, loadToolset, type Places } from './catalogue';
import type { ChooseModel } from './chooseModel';
import type { Runtime } from './runtime';
import { refuseUnseen } from './seenCommands';

export type RunRequest = {
  readonly folder: string;
  readonly task: string;
  /** Id or file. */
  readonly blueprint: string;
  readonly policy: string;
  readonly approvals: 'ask' | 'never' | 'all';
  /** The hash of the project's commands as a person has seen them; left out where nobody was asked. */
  readonly commandsHash?: string;
};

export type PreparedRun = {
  readonly repository: Repository;
  readonly base: WorkspaceSnapshot;
  readonly frozen: Snapshot;
  readonly model: Model;
  readonly first: EventBody<'run.started'>;
};

/** Prepares a run or throws, with one clear line, what stands against it. */
export async function prepareRun(
  request: RunRequest,
  runtime: Runtime,
  { classifier, chooseModel }: { classifier: Classifier; chooseModel: ChooseModel },
): Promise<PreparedRun> {
  const task = redact(request.task.trim()).text;
  if (task === '') throw new OpenExecError('usage', 'The task is empty. Say in a sentence what is to be done.');
  const repository = await openRepository(request.folder, runtime.git);
  const places: Places = { assets: runtime.assets, workspace: repository.root };
  const blueprint = await loadBlueprint(request.blueprint, places);
  const policy = await loadPolicy(request.policy, places);
  const toolset = await loadToolset(blueprint.toolset, places);
  const toolsets = await toolsetsOf(blueprint, toolset, places);
  const commands = await projectCommands(repository.root);
  refuseUnseen(commands, request.commandsHash);
  refuseMissingCommands(blueprint, commands);
  refuseSecretsIn(commands);
  const model = await chooseModel(repository.root, undefined, blueprint.model);
  const price = priceAt(model.id);
  refuseUnknownCost(blueprint, model, price);
  const bound = boundOf(blueprint, price);
  if (!bound.ok)
    throw new OpenExecError('blueprint_invalid', `The blueprint ${blueprint.id} is refused: ${bound.error}.`);
  const base = await snapshot(repository);
  const definition = canonicalize(blueprint);
  const gatekeeper = classifier.id;
  const frozen: Snapshot = {
    policy,
    toolset,
    ...(Object.keys(toolsets).length === 0 ? {} : { toolsets }),
    commands,
    blueprint: sha256(definition),
    model: `${model.id.provider}:${model.id.name}`,
    gatekeeper: gatekeeper.sha256 ?? gatekeeper.id,
  };
  const { content, hash } = freeze(frozen, sha256);
  const first: EventBody<'run.started'> = {
    type: 'run.started',
    data: {
      task,
      blueprint: { id: blueprint.id, hash: frozen.blueprint, definition },
      policy: { id: policy.id, snapshot: hash, content },
      toolset: toolset.id,
      model: model.id,
      gatekeeper,
      workspace: { root: repository.root, ...base, dependencies: await copiedDependencies(repository) },
      versions: await versions(runtime, repository),
      flags: FLAGS,
      bound: bound.value,
      budget: budgetOf(bound.value, blueprint),
      ...(price === null ? {} : { price }),
      approvals: request.approvals,
      seed: runtime.entropy.seed(),
      parent: null,
    },
  };
  return { repository, base, frozen, model, first };
}

/** The toolsets of the nodes that have one of their own, by node. None may hold a tool that the run's does not. */
async function toolsetsOf(blueprint: Blueprint, toolset: Toolset, places: Places): Promise<Record<string, Toolset>> {
  const found: Record<string, Toolset> = {};
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    if (node.type !== 'agent' || node.toolset === undefined || node.toolset === toolset.id) continue;
    const own = await loadToolset(node.toolset, places);
    const wider = own.tools.filter((tool) => !toolset.tools.includes(tool));
    if (wider.length > 0) {
      const what = `The node ${id} of the blueprint ${blueprint.id} has the toolset ${own.id}, which holds tools`;
      const reason = `that the toolset ${toolset.id} of the run does not (${wider.join(', ')})`;
      throw new OpenExecError('blueprint_invalid', `${what} ${reason}. Name a narrower one.`);
    }
    found[id] = own;
  }
  return found;
}

/** A limit on a cost that nobody knows would end the run before its first model call. */
function refuseUnknownCost({ id, budget }: Blueprint, { id: model }: Model, price: Price | null): void {
  if (budget?.cost_usd === undefined || price !== null) return;
  const what = `The blueprint ${id} limits the cost to $${budget.cost_usd}, and the price of ${model.provider}:${model.name}`;
  throw new OpenExecError('config_invalid', `${what} at ${model.destination} is not known. Limit its tokens instead.`);
}

/** A command is frozen with the run, word for word, and a secret must never reach the disk. */
function refuseSecretsIn(commands: Snapshot['commands']): void {
  for (const [name, command] of Object.entries(commands)) {
    const kinds = Object.keys(redact(command?.argv.join(' ') ?? '').counts);
    if (kinds.length === 0) continue;
    const what = `The project's ${name} command (${command?.source}) holds what looks like a secret (${kinds.join(', ')})`;
    throw new OpenExecError('config_invalid', `${what}. Have the command read it from a file that git ignores.`);
  }
}

function refuseMissingCommands(blueprint: Blueprint, commands: Snapshot['commands']): void {
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    if (node.type !== 'deterministic' || node.optional) continue;
    const command = projectCommandOf(node.action);
    if (!command || commands[command]) continue;
    const what = `The blueprint ${blueprint.id} runs the project's ${command} command (node ${id}), and none was found`;
    const where = `Declare it in .openexec/project.yaml: "version: 1", "commands:", "  ${command}: <command>"`;
    throw new OpenExecError('config_invalid', `${what}. ${where}.`);
  }
}

async function versions(runtime: Runtime, repository: Repository) {
  const { stdout } = await repository.git.run(repository.root, ['--version']);
  return {
    openexec: runtime.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    git: stdout.replace('git version', '').trim(),
  };
}
