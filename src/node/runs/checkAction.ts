/**
 * What the policy says about actions, without a run: the same facts, the same request and the same decision as in one, on
 * the files of a workspace as they are now. Nothing is changed.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import { decide, withheldBy } from '../../core/policy/evaluate';
import { requestOf } from '../../core/policy/request';
import type { Snapshot, Toolset } from '../../core/policy/schema';
import { freeze } from '../../core/policy/snapshot';
import { parseCall, TOOLS } from '../../core/tools/contracts';
import type { Git } from '../git/git';
import { loadLayers, loadPolicy } from '../policy/load';
import type { PolicyFiles } from '../policy/places';
import type { Environment } from '../system/environment';
import { sha256 } from '../system/sha256';
import { factsOf } from '../tools/facts';
import { projectCommands } from '../workspace/project';
import { loadToolset } from './catalogue';

/** A call as a model would make it. What its input is worth is for the policy to say. */
export const actionSchema = z.object({ tool: z.string(), input: z.unknown() });
export type Action = z.infer<typeof actionSchema>;

export type ActionVerdict = {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly reason: string;
  readonly capability: string;
  /** Hash of everything that was decided under. */
  readonly snapshot: string;
};

export type ActionBench = {
  /** Paths and project commands are those of this folder, also where it lies inside of a larger repository. */
  readonly folder: string;
  /** Ids or files. Without a toolset, every tool is there. */
  readonly policy: string;
  readonly toolset?: string;
  readonly assets: string;
  readonly policyFiles: PolicyFiles;
  readonly environment: Environment;
  readonly git: Git;
};

/**
 * One verdict for each action, in order; policy and workspace are read once. An unknown tool and an input that does not fit
 * are denied. Throws `no_folder`, `policy_unknown`, `policy_invalid` and `config_invalid`.
 */
export async function checkActions(actions: readonly Action[], bench: ActionBench): Promise<ActionVerdict[]> {
  const root = await realFolder(bench.folder);
  const snapshot = await snapshotOf(root, bench);
  const { hash } = freeze(snapshot, sha256);
  const options = {
    commands: snapshot.commands,
    environment: bench.environment,
    excluded: (file: string) => withheldBy(snapshot, file),
  };
  const verdicts: ActionVerdict[] = [];
  for (const { tool, input } of actions) {
    const parsed = parseCall(tool, JSON.stringify(input ?? {}));
    if (!parsed.ok) {
      const rule = Object.hasOwn(TOOLS, tool) ? 'input' : 'toolset';
      verdicts.push({ decision: 'deny', rule, reason: parsed.error, capability: 'none', snapshot: hash });
      continue;
    }
    const request = requestOf(parsed.value, await factsOf(parsed.value, root, options), snapshot.commands);
    const { decision, rule, reason } = decide(snapshot, request);
    verdicts.push({ decision, rule, reason, capability: request.capability, snapshot: hash });
  }
  return verdicts;
}

/** Every tool there is, for a look at the policy alone. */
const EVERY_TOOL: Toolset = {
  version: 1,
  id: 'every_tool',
  description: 'Every tool there is.',
  tools: Object.keys(TOOLS).filter((tool) => tool !== 'mcp'),
};

async function snapshotOf(
  root: string,
  { policy: named, toolset, assets, policyFiles, git }: ActionBench,
): Promise<Snapshot> {
  const places = { assets, workspace: await repositoryOf(root, git) };
  const { policy, source } = await loadPolicy(named, places);
  const layers = await loadLayers(policyFiles, places);
  return {
    policy,
    source,
    ...(layers.length === 0 ? {} : { layers }),
    toolset: toolset === undefined ? EVERY_TOOL : await loadToolset(toolset, places),
    commands: await projectCommands(root),
    // There is no run that these could belong to.
    blueprint: '',
    model: '',
    gatekeeper: '',
  };
}

async function realFolder(folder: string): Promise<string> {
  const real = await fs.realpath(folder).catch(() => null);
  if (real === null || !(await fs.stat(real)).isDirectory())
    throw new OpenExecError('no_folder', `There is no folder ${path.resolve(folder)}.`);
  return real;
}

/** The root of the repository that the folder belongs to, whose policy tightens; the folder itself where it is in none. */
async function repositoryOf(folder: string, git: Git): Promise<string> {
  const found = await git.run(folder, ['rev-parse', '--show-toplevel'], { allowExit: [128] }).catch(() => null);
  const root = found?.exitCode === 0 ? found.stdout.replace(/\r?\n$/, '') : '';
  return root === '' ? folder : fs.realpath(root);
}
