/**
 * Everything that is settled before the first event of a run: repository, blueprint, policy, commands, model, base
 * tree, bound. Nothing here changes anything but git's object store.
 */

import type { Blueprint } from '../../core/blueprint/schema';
import type { Price } from '../../core/events/parts';
import type { PlanChanges } from '../../core/events/planParts';
import type { EventBody } from '../../core/events/schema';
import type { Gate } from '../../core/gatekeeper/gate';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import { namesTool } from '../../core/policy/names';
import type { Snapshot, Toolset } from '../../core/policy/schema';
import { freeze } from '../../core/policy/snapshot';
import type { Model } from '../../core/ports/model';
import { boundOf, budgetOf } from '../../core/run/budget';
import { projectCommandOf } from '../../core/run/nodes';
import { FLAGS } from '../../core/run/versions';
import { openGate } from '../gatekeeper/openGate';
import { agreedTools } from '../mcp/agreedTools';
import { pinFile } from '../mcp/pinFile';
import { loadLayers, loadPolicy } from '../policy/load';
import { sha256 } from '../system/sha256';
import { copiedDependencies } from '../workspace/dependencies';
import { projectCommands } from '../workspace/project';
import { openRepository, type Repository, snapshot, type WorkspaceSnapshot } from '../workspace/repository';
import { loadBlueprint, loadToolset } from './catalogue';
import type { RunPorts } from './driveRun';
import type { Places } from './named';
import { refuseSecretCommands, refuseSecretTools } from './refuseSecrets';
import type { Runtime } from './runtime';
import { refuseUnseen } from './seenCommands';
import { hashOfShown, refuseOther } from './shownRun';

export type RunRequest = {
  readonly folder: string;
  readonly task: string;
  /** Id or file. */
  readonly blueprint: string;
  readonly policy: string;
  readonly approvals: 'ask' | 'never' | 'all';
  /** The hash of the project's commands as a person has seen them; left out where nobody was asked. */
  readonly commandsHash?: string;
  /** What else decides about the run, by the hash of its preview; left out where nobody was asked. */
  readonly shownHash?: string;
  /** What a person has changed of the gatekeeper's plan. */
  readonly changes?: PlanChanges;
  /** `provider:name`, in the place of the configured model and of the blueprint's, for this run. */
  readonly model?: string;
  /** The id of the run that this one repeats otherwise. */
  readonly parent?: string;
};

export type PreparedRun = {
  readonly repository: Repository;
  readonly base: WorkspaceSnapshot;
  readonly frozen: Snapshot;
  readonly model: Model;
  readonly gate: Gate;
  readonly first: EventBody<'run.started'>;
  /** Changes with everything that decides about the run, apart from its task, its plan and the project's commands. */
  readonly shownHash: string;
};

/** The shipped toolset that changes nothing and runs nothing. */
const NARROWER = 'repo_readonly';

export type PreparePorts = Pick<RunPorts, 'classifier' | 'chooseModel' | 'providers' | 'askAboutMcp' | 'storedSecrets'>;

/**
 * Prepares a run or throws, with one clear line, what stands against it. `listTools` starts the MCP servers that the
 * toolset names; a preview, which starts nothing, hands in another one.
 */
export async function prepareRun(
  request: RunRequest,
  runtime: Runtime,
  { classifier, chooseModel, providers, askAboutMcp, storedSecrets: stored }: PreparePorts,
  listTools: typeof agreedTools = agreedTools,
): Promise<PreparedRun> {
  if (request.task.trim() === '')
    throw new OpenExecError('usage', 'The task is empty. Say in a sentence what is to be done.');
  const repository = await openRepository(request.folder, runtime.git);
  const gate = await openGate({ root: repository.root, stored }, runtime);
  const task = gate.recordable(request.task.trim());
  const places: Places = { assets: runtime.assets, workspace: repository.root };
  const blueprint = await loadBlueprint(request.blueprint, places, providers);
  const { policy, source } = await loadPolicy(request.policy, places);
  const layers = await loadLayers(runtime.policyFiles, places);
  const toolset = await loadToolset(blueprint.toolset, places);
  const toolsets = await toolsetsOf(blueprint, toolset, places);
  const commands = await projectCommands(repository.root);
  refuseUnseen(commands, request.commandsHash);
  refuseMissingCommands(blueprint, commands);
  refuseSecretCommands(commands, gate);
  const model = await chooseModel(repository.root, request.model, blueprint.model);
  const { price, contextTokens, outputTokens } = model.facts;
  refuseUnknownCost(blueprint, model, price);
  const bound = boundOf(blueprint, price);
  if (!bound.ok)
    throw new OpenExecError('blueprint_invalid', `The blueprint ${blueprint.id} is refused: ${bound.error}.`);
  const { root } = repository;
  const { environment, version, mcp } = runtime;
  const asking = { root, userFile: mcp.servers, pins: pinFile(mcp.pins), ask: askAboutMcp, environment, version };
  const tools = await listTools(toolset.tools, asking);
  refuseSecretTools(tools, gate);
  const base = await snapshot(repository);
  const definition = canonicalize(blueprint);
  const gatekeeper = await classifier.identify();
  const narrower = await loadToolset(NARROWER, places);
  const frozen: Snapshot = {
    policy,
    source,
    ...(layers.length === 0 ? {} : { layers }),
    ...tools,
    toolset,
    narrower,
    ...(Object.keys(toolsets).length === 0 ? {} : { toolsets }),
    commands,
    blueprint: sha256(definition),
    model: `${model.id.provider}:${model.id.name}`,
    gatekeeper: gatekeeper.sha256 ?? gatekeeper.id,
  };
  const shownHash = hashOfShown(frozen, model.id);
  refuseOther(shownHash, request.shownHash);
  const { content, hash } = freeze(frozen, sha256);
  const first: EventBody<'run.started'> = {
    type: 'run.started',
    data: {
      task,
      blueprint: { id: blueprint.id, hash: frozen.blueprint, definition },
      policy: { id: policy.id, snapshot: hash, content },
      toolset: toolset.id,
      model: model.id,
      window: { contextTokens, outputTokens },
      gatekeeper,
      ...(request.changes === undefined ? {} : { changes: request.changes }),
      workspace: { root: repository.root, ...base, dependencies: await copiedDependencies(repository) },
      versions: await versions(runtime, repository),
      flags: FLAGS,
      bound: bound.value,
      budget: budgetOf(bound.value, blueprint),
      ...(price === null ? {} : { price }),
      approvals: request.approvals,
      seed: runtime.entropy.seed(),
      parent: request.parent ?? null,
    },
  };
  return { repository, base, frozen, model, gate, first, shownHash };
}

/** The toolsets of the nodes that have one of their own, by node. None may hold a tool that the run's does not. */
async function toolsetsOf(blueprint: Blueprint, toolset: Toolset, places: Places): Promise<Record<string, Toolset>> {
  const found: Record<string, Toolset> = {};
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    if (node.type !== 'agent' || node.toolset === undefined || node.toolset === toolset.id) continue;
    const own = await loadToolset(node.toolset, places);
    const wider = own.tools.filter((tool) => !toolset.tools.some((entry) => namesTool(entry, tool)));
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
  throw new OpenExecError('blueprint_unfit', `${what} at ${model.destination} is not known. Limit its tokens instead.`);
}

function refuseMissingCommands(blueprint: Blueprint, commands: Snapshot['commands']): void {
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    if (node.type !== 'deterministic' || node.optional) continue;
    const command = projectCommandOf(node.action);
    if (!command || commands[command]) continue;
    const what = `The blueprint ${blueprint.id} runs the project's ${command} command (node ${id}), and none was found`;
    const where = `Declare it in .openexec/project.yaml: "version: 1", "commands:", "  ${command}: <command>"`;
    throw new OpenExecError('blueprint_unfit', `${what}. ${where}.`);
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
