/**
 * The toolbox of a run, on Node: looks at what a call would touch, performs it inside the run's worktree, and tells
 * everything that it changed.
 *
 * Invariants: a call acts only on the resolved paths that the policy saw, and only if they still lead there; what a
 * call changed is found by comparing hashed trees, not by asking the tool; outputs hold no absolute path, time or pid.
 */

import type { PathFact, ToolFacts } from '../../core/events/parts';
import { assertNever } from '../../core/kernel/assertNever';
import type { CallRequest, Toolbox, ToolResult } from '../../core/ports/toolbox';
import { type AnyToolInput, parseCall, pathsOf } from '../../core/tools/contracts';
import type { GitFile } from '../workspace/changes';
import { buildContext } from './buildContext';
import { deleteFile, replaceInFile, writeFile } from './changeFiles';
import { runCommand, runProjectCommand } from './commands';
import { failure, type ToolAnswer, type ToolboxOptions, type ToolContext, type ToolEvent } from './context';
import { diffReport } from './diffReport';
import { gitCommit } from './gitCommit';
import { listDirectory } from './listDirectory';
import { pathFact } from './paths';
import { readFile } from './readFile';
import { search } from './search';

export type { ToolboxOptions } from './context';

/** The toolbox of one run. Calls are performed one after another; the caller does not overlap them. */
export function createToolbox(options: ToolboxOptions): Toolbox {
  const root = options.worktree.folder;
  const look = (input: AnyToolInput): Promise<PathFact[]> =>
    Promise.all(pathsOf(input).map((asked) => pathFact(root, asked)));

  return {
    async facts(request) {
      const parsed = parseCall(request.tool, request.input);
      return { paths: parsed.ok ? await look(parsed.value) : [] };
    },

    async execute(request, facts, signal) {
      const started = options.monotonic();
      const context: ToolContext = { ...options, root, call: request.call, signal };
      const { done, changed, tree } = await guarded(context, request, facts, look);
      return {
        events: [...changed, ...(done.events ?? [])],
        outcome: done.outcome,
        output: done.output,
        exitCode: done.exitCode ?? null,
        tree,
        confinement: done.confinement ?? 'in process',
        ms: Math.max(0, Math.round(options.monotonic() - started)),
      } satisfies ToolResult;
    },
  };
}

type Performed = { readonly done: ToolAnswer; readonly changed: readonly ToolEvent[]; readonly tree: string | null };

const CANCELLED: ToolAnswer = { outcome: 'cancelled', output: 'the run was cancelled' };

/** Everything that must hold before a call acts, and the hashing around the calls that can change something. */
async function guarded(
  context: ToolContext,
  request: CallRequest,
  facts: ToolFacts,
  look: (input: AnyToolInput) => Promise<PathFact[]>,
): Promise<Performed> {
  const only = (done: ToolAnswer): Performed => ({ done, changed: [], tree: null });
  if (context.signal.aborted) return only(CANCELLED);
  const parsed = parseCall(request.tool, request.input);
  if (!parsed.ok) return only({ outcome: 'invalid', output: parsed.error });
  const targets = recheck(facts, await look(parsed.value));
  if (!targets.ok) return only(failure(targets.error));
  if (!canChange(parsed.value)) return only(await perform(context, parsed.value, targets.value));
  const before = await context.worktree.treeOf();
  const done = await perform(context, parsed.value, targets.value);
  const tree = await context.worktree.treeOf();
  return { done, tree, changed: await changedFiles(context, parsed.value.tool, before, tree) };
}

/** The resolved targets, or why the call must not act: each has to be what it was when the call was decided. */
function recheck(decided: ToolFacts, now: readonly PathFact[]) {
  const targets: string[] = [];
  for (const [at, fact] of now.entries()) {
    if (fact.inside === null)
      return { ok: false, error: `${fact.asked}: ${fact.problem ?? 'not in the repository'}` } as const;
    if (decided.paths[at]?.inside !== fact.inside) {
      return { ok: false, error: `${fact.asked}: it leads elsewhere than when the call was checked` } as const;
    }
    targets.push(fact.inside);
  }
  return { ok: true, value: targets } as const;
}

function canChange({ tool }: AnyToolInput): boolean {
  switch (tool) {
    case 'write_file':
    case 'replace_in_file':
    case 'delete_file':
    case 'run_command':
    case 'run_project_command':
    case 'git_commit':
      return true;
    case 'read_file':
    case 'list_directory':
    case 'search':
    case 'build_context':
    case 'diff_report':
      return false;
    default:
      return assertNever(tool);
  }
}

/** Performs the call; an abort in the middle is the outcome `cancelled`, whatever it made fail. */
async function perform(context: ToolContext, call: AnyToolInput, targets: readonly string[]): Promise<ToolAnswer> {
  try {
    return await dispatch(context, call, targets);
  } catch (error) {
    if (context.signal.aborted) return CANCELLED;
    throw error;
  }
}

function dispatch(context: ToolContext, call: AnyToolInput, targets: readonly string[]): Promise<ToolAnswer> {
  switch (call.tool) {
    case 'read_file':
      return readFile(context, call.input, targets);
    case 'list_directory':
      return listDirectory(context, call.input, targets);
    case 'search':
      return search(context, call.input, targets);
    case 'write_file':
      return writeFile(context, call.input, targets);
    case 'replace_in_file':
      return replaceInFile(context, call.input, targets);
    case 'delete_file':
      return deleteFile(context, call.input, targets);
    case 'run_command':
      return runCommand(context, call.input);
    case 'run_project_command':
      return runProjectCommand(context, call.input);
    case 'build_context':
      return buildContext(context);
    case 'diff_report':
      return diffReport(context);
    case 'git_commit':
      return gitCommit(context, call.input);
    default:
      return assertNever(call);
  }
}

/** The difference of two trees as events, the bytes of both sides stored. */
async function changedFiles(context: ToolContext, how: string, before: string, after: string): Promise<ToolEvent[]> {
  const { worktree, blobs, call } = context;
  const version = async (file: GitFile | null) => {
    if (file === null) return null;
    const { blob, bytes } = await blobs.put(await worktree.readBlob(file), 'application/octet-stream');
    return { sha256: blob, bytes };
  };
  const events: ToolEvent[] = [];
  for (const change of await worktree.changes(before, after)) {
    const data = {
      call,
      path: change.path,
      before: await version(change.before),
      after: await version(change.after),
      how,
    };
    events.push({ type: 'file.changed', data });
  }
  return events;
}
