/** What a run would be, before it is one: its worst case, its limits, its model, and the commands that it would execute. */
import type { Bound, RunOrigin } from '../../core/events/parts';
import { textOf } from '../../core/events/payload';
import type { Plan } from '../../core/events/planParts';
import { accepted } from '../../core/gatekeeper/changes';
import { type Layer, PROJECT_COMMANDS, type Snapshot } from '../../core/policy/schema';
import { excludedBy } from '../../core/run/bounds';
import { propose } from '../../core/run/propose';
import { createSurveyor } from '../gatekeeper/surveyor';
import { pinFile } from '../mcp/pinFile';
import { pinnedServers } from '../mcp/pinnedServers';
import { lineOf } from '../workspace/commandLine';
import { type PreparePorts, prepareRun, type RunRequest } from './prepareRun';
import type { Runtime } from './runtime';
import { hashOfCommands } from './seenCommands';

export type RunPreview = {
  /** The repository's root. */
  readonly root: string;
  readonly model: RunOrigin['model'];
  readonly bound: Bound;
  readonly budget: RunOrigin['budget'];
  /** The project's own commands: the name, the line, and where it was found. */
  readonly commands: readonly { readonly name: string; readonly line: string; readonly source: string }[];
  /**
   * The MCP servers that it may start: each with its command, whether that is agreed to, and how many of the tools that
   * it may call are. What they offer now is looked at when the run starts.
   */
  readonly servers: readonly {
    readonly id: string;
    readonly line: string;
    readonly agreed: boolean;
    readonly tools: number;
  }[];
  /** What decides, in the order of precedence. */
  readonly policy: PolicyPreview;
  /** What the gatekeeper proposes; the run itself is proposed it again at its start. */
  readonly plan: Plan;
  /** Why the local model had no part in the plan, in a line; null when it had. */
  readonly problem: string | null;
  /** Changes with any of the commands. */
  readonly commandsHash: string;
  /** Changes with everything else that decides about the run: model, policies, blueprint, toolsets. */
  readonly shownHash: string;
  /** Whether the record will hold the task as it was written: nothing in it is a secret that is known or looks like one. */
  readonly plainTask: boolean;
};

export type PolicyPreview = {
  readonly id: string;
  readonly source: string;
  /** The layers beside the chosen policy, from managed to workspace. */
  readonly layers: readonly { readonly layer: Layer; readonly source: string; readonly id: string }[];
};

/**
 * Prepares a run as its start does, and throws what its start would; nothing is started or recorded. What only a started
 * MCP server could tell is left to the start.
 */
export async function previewRun(request: RunRequest, runtime: Runtime, ports: PreparePorts): Promise<RunPreview> {
  const { repository, base, frozen, first, shownHash } = await prepareRun(request, runtime, ports, async () => ({}));
  const surveyor = createSurveyor({ repository, tree: base.baseTree, excluded: excludedBy(frozen) });
  const about = { snapshot: frozen, blueprint: first.data.blueprint.id };
  const { plan, made } = await propose(textOf(first.data.task), about, { classifier: ports.classifier, surveyor });
  const { model, bound, budget } = first.data;
  const commands = PROJECT_COMMANDS.flatMap((name) => {
    const command = frozen.commands[name];
    return command === undefined ? [] : [{ name, line: lineOf(command.argv), source: command.source }];
  });
  const { servers: userFile, pins } = runtime.mcp;
  const known = await pinnedServers(frozen.toolset.tools, { root: repository.root, userFile, pins: pinFile(pins) });
  const servers = known.map(({ id, command, agreed, tools }) => ({ id, line: JSON.stringify(command), agreed, tools }));
  return {
    root: repository.root,
    model,
    bound,
    budget,
    commands,
    servers,
    policy: policyOf(frozen),
    plan: accepted(plan, request.changes).plan,
    problem: made.problem ?? null,
    commandsHash: hashOfCommands(frozen.commands),
    shownHash,
    plainTask: first.data.task === request.task.trim(),
  };
}

function policyOf({ policy, source = '', layers = [] }: Snapshot): PolicyPreview {
  const beside = layers.map((one) => ({ layer: one.layer, source: one.source, id: one.policy.id }));
  return { id: policy.id, source, layers: beside };
}
