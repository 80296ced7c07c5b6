/**
 * Everything that is settled before the first event of a run: repository, blueprint, policy, commands, model, base
 * tree, bound. Nothing here changes anything but git's object store.
 */

import { worstCase } from '../../core/blueprint/bound';
import type { Blueprint } from '../../core/blueprint/schema';
import type { EventBody } from '../../core/events/schema';
import { redact } from '../../core/gatekeeper/redact';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import type { Snapshot } from '../../core/policy/schema';
import { freeze } from '../../core/policy/snapshot';
import type { Classifier } from '../../core/ports/classifier';
import type { Model } from '../../core/ports/model';
import { ENGINE_FLAG, REQUESTS_PER_TURN } from '../../core/run/limits';
import { projectCommandOf } from '../../core/run/nodes';
import { PROMPT_VERSION } from '../../core/run/prompt';
import { sha256 } from '../system/sha256';
import { copiedDependencies } from '../workspace/dependencies';
import { projectCommands } from '../workspace/project';
import { openRepository, type Repository, snapshot, type WorkspaceSnapshot } from '../workspace/repository';
import { loadBlueprint, loadPolicy, loadToolset, type Places } from './catalogue';
import type { ChooseModel } from './chooseModel';
import type { Runtime } from './runtime';

export type RunRequest = {
  readonly folder: string;
  readonly task: string;
  /** Id or file. */
  readonly blueprint: string;
  readonly policy: string;
  readonly approvals: 'ask' | 'never' | 'all';
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
  const commands = await projectCommands(repository.root);
  refuseMissingCommands(blueprint, commands);
  refuseSecretsIn(commands);
  const model = await chooseModel(repository.root);
  const bound = worstCase(blueprint, { requestsPerTurn: REQUESTS_PER_TURN });
  if (!bound.ok)
    throw new OpenExecError('blueprint_invalid', `The blueprint ${blueprint.id} is refused: ${bound.error}.`);
  const base = await snapshot(repository);
  const definition = canonicalize(blueprint);
  const gatekeeper = classifier.id;
  const frozen: Snapshot = {
    policy,
    toolset,
    commands,
    blueprint: sha256(definition),
    model: `${model.id.provider}:${model.id.name}`,
    gatekeeper: gatekeeper.sha256 ?? gatekeeper.id,
  };
  const { content, hash } = freeze(frozen, sha256);
  const { nodeExecutions: _executions, ...budget } = bound.value;
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
      flags: { engine: ENGINE_FLAG, prompt: PROMPT_VERSION },
      bound: bound.value,
      budget,
      approvals: request.approvals,
      seed: runtime.entropy.seed(),
      parent: null,
    },
  };
  return { repository, base, frozen, model, first };
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
