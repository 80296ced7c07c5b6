/** What today's policies, toolset and project commands decide otherwise than those that a run was frozen with. */
import fs from 'node:fs/promises';
import { textOf } from '../../core/events/payload';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import { type Drift, policyDrift } from '../../core/policy/drift';
import type { Snapshot } from '../../core/policy/schema';
import { freeze, thaw } from '../../core/policy/snapshot';
import { loadLayers, loadPolicy, SHIPPED } from '../policy/load';
import type { RunStore } from '../store/store';
import { sha256 } from '../system/sha256';
import { projectCommands } from '../workspace/project';
import { loadToolset } from './catalogue';
import type { Runtime } from './runtime';

export type PolicyDrift = Drift & {
  /** Hash of the run's snapshot, and of what would be frozen today. */
  readonly was: string;
  readonly now: string;
};

/**
 * Null when today's are those of the run, word for word. Both lists are empty when they differ and nothing that was tried is
 * decided otherwise. Throws `run_unknown`, and `policy_unknown`, `policy_invalid` or `config_invalid` when today's cannot
 * be read: then a run could not start either.
 */
export async function driftOf(
  store: Pick<RunStore, 'read' | 'inline'>,
  runId: string,
  today: Pick<Runtime, 'assets' | 'policyFiles'>,
): Promise<PolicyDrift | null> {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    const first = await store.inline(event);
    if (first.type !== 'run.started') break;
    const was = thaw(textOf(first.data.policy.content));
    const now = await snapshotToday(was, first.data.workspace.root, today);
    if (decisive(was) === decisive(now)) return null;
    return { was: first.data.policy.snapshot, now: freeze(now, sha256).hash, ...policyDrift(was, now) };
  }
  throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
}

/** Everything of a snapshot that decides; where it was read does not. */
const decisive = ({ policy, layers = [], mcp = [], toolset, toolsets = {}, commands }: Snapshot): string =>
  canonicalize({
    policy,
    layers: layers.map((one) => ({ layer: one.layer, complete: one.complete, policy: one.policy })),
    ...{ mcp, toolset, toolsets },
    commands: Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, command?.argv ?? []])),
  });

/** What a run of the same kind would be frozen with today. What a toolset was called once may be gone: it is kept. */
async function snapshotToday(
  was: Snapshot,
  root: string,
  { assets, policyFiles }: Pick<Runtime, 'assets' | 'policyFiles'>,
): Promise<Snapshot> {
  const places = { assets, workspace: root };
  const isHere = (await fs.stat(root).catch(() => null))?.isDirectory() === true;
  const named = was.source === undefined || was.source === SHIPPED ? was.policy.id : was.source;
  const { policy, source } = await loadPolicy(named, places);
  const layers = await loadLayers(policyFiles, places);
  const { layers: _layers, ...rest } = was;
  return {
    ...rest,
    policy,
    source,
    ...(layers.length === 0 ? {} : { layers }),
    toolset: await loadToolset(was.toolset.id, places).catch(orElse(was.toolset)),
    ...(was.toolsets === undefined ? {} : { toolsets: await toolsetsToday(was.toolsets, places) }),
    commands: isHere ? await projectCommands(root) : was.commands,
  };
}

async function toolsetsToday(
  was: NonNullable<Snapshot['toolsets']>,
  places: { readonly assets: string; readonly workspace: string },
): Promise<NonNullable<Snapshot['toolsets']>> {
  const found = Object.entries(was).map(
    async ([node, toolset]) => [node, await loadToolset(toolset.id, places).catch(orElse(toolset))] as const,
  );
  return Object.fromEntries(await Promise.all(found));
}

const orElse =
  <T>(value: T) =>
  (error: unknown): T => {
    if (isOpenExecError(error, 'policy_unknown')) return value;
    throw error;
  };
