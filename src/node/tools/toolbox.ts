/**
 * The toolbox of a run, on Node: looks at what a call would touch, performs it inside the run's worktree, and tells
 * everything that it changed.
 *
 * Invariants: a call acts only on the resolved paths that the policy saw, and only if they still lead there; what a
 * call changed is found by comparing hashed trees, not by asking the tool; outputs hold no absolute path, time or pid.
 */

import type { PathFact, ToolFacts } from '../../core/events/parts';
import { assertNever } from '../../core/kernel/assertNever';
import { isOpenExecError } from '../../core/kernel/errors';
import type { CallRequest, Toolbox, ToolResult } from '../../core/ports/toolbox';
import { type AnyToolInput, parseCall, pathsOf } from '../../core/tools/contracts';
import { applyPatch } from './applyPatch';
import { buildContext } from './buildContext';
import { deleteFile, replaceInFile, writeFile } from './changeFiles';
import { runCommand, runProjectCommand } from './commands';
import { failure, type ToolAnswer, type ToolboxOptions, type ToolContext, type ToolEvent } from './context';
import { diffReport } from './diffReport';
import { evidenceBundle } from './evidenceBundle';
import { gitCommit } from './gitCommit';
import { listDirectory } from './listDirectory';
import { pathsOfPatch, readPatch } from './patch';
import { pathFact } from './paths';
import { undoProtected } from './protectedFiles';
import { readFile } from './readFile';
import { search } from './search';
import { summarize } from './summarize';
import { type TreeWatch, watchTree } from './treeWatch';

export type { ToolboxOptions } from './context';

/** The toolbox of one run. Calls are performed one after another; the caller does not overlap them. */
export function createToolbox(options: ToolboxOptions): Toolbox {
  const root = options.worktree.folder;
  const watch = watchTree(options.tree);
  const look = (input: AnyToolInput): Promise<PathFact[]> =>
    input.tool === 'apply_patch'
      ? lookAtPatch(root, input.input.patch)
      : Promise.all(pathsOf(input).map((asked) => pathFact(root, asked)));

  return {
    async facts(request) {
      const parsed = parseCall(request.tool, request.input);
      return { paths: parsed.ok ? await look(parsed.value) : [] };
    },

    async execute(request, facts, signal) {
      const started = options.monotonic();
      const limitMs = request.limitMs ?? null;
      const context: ToolContext = { ...options, root, call: request.call, limitMs, signal };
      const { done, changed, tree } = await guarded(context, request, facts, look, watch);
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

/** Every path on both sides of a patch; one that cannot be read has no path that could be allowed. */
function lookAtPatch(root: string, text: string): Promise<PathFact[]> {
  const patch = readPatch(text);
  if (patch.ok) return Promise.all(pathsOfPatch(patch.value).map((asked) => pathFact(root, asked)));
  return Promise.resolve([{ asked: 'the patch', inside: null, problem: patch.error }]);
}

type Performed = { readonly done: ToolAnswer; readonly changed: readonly ToolEvent[]; readonly tree: string | null };

const CANCELLED: ToolAnswer = { outcome: 'cancelled', output: 'the run was cancelled' };

/** Everything that must hold before a call acts, and the hashing around the calls that can change something. */
async function guarded(
  context: ToolContext,
  request: CallRequest,
  facts: ToolFacts,
  look: (input: AnyToolInput) => Promise<PathFact[]>,
  watch: TreeWatch,
): Promise<Performed> {
  const only = (done: ToolAnswer): Performed => ({ done, changed: [], tree: null });
  if (context.signal.aborted) return only(CANCELLED);
  const parsed = parseCall(request.tool, request.input);
  if (!parsed.ok) return only({ outcome: 'invalid', output: parsed.error });
  const targets = recheck(facts, await look(parsed.value));
  if (!targets.ok) return only(failure(targets.error));
  if (!dependsOnTree(parsed.value)) return only(await perform(context, parsed.value, targets.value));
  try {
    return await performWatched(context, parsed.value, targets.value, watch);
  } catch (error) {
    if (context.signal.aborted) return only(CANCELLED);
    if (!isOpenExecError(error, 'git_failed')) throw error;
    return only(failure(`the work tree cannot be read: ${error.message}`));
  }
}

/** The call between two looks at the tree; a commit takes exactly the tree that was last looked at. */
async function performWatched(
  context: ToolContext,
  call: AnyToolInput,
  targets: readonly string[],
  watch: TreeWatch,
): Promise<Performed> {
  const before = await watch.look(context, 'outside of any call');
  if (call.tool === 'git_commit' && before.changed.length > 0) {
    return { done: failure('files changed after they were last looked at; nothing was committed'), ...before };
  }
  const answered = await perform({ ...context, tree: before.tree }, call, targets);
  const done = isCommand(call) ? await undoProtected(context, before.tree, answered) : answered;
  const after = await watch.look(context, call.tool);
  return { done, tree: after.tree, changed: [...before.changed, ...after.changed] };
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

/** Whether a call can change the tree, or says something about all of it. */
function dependsOnTree({ tool }: AnyToolInput): boolean {
  switch (tool) {
    case 'write_file':
    case 'replace_in_file':
    case 'delete_file':
    case 'apply_patch':
    case 'run_command':
    case 'run_project_command':
    case 'git_commit':
    case 'diff_report':
      return true;
    case 'read_file':
    case 'list_directory':
    case 'search':
    case 'build_context':
    case 'summarize':
    case 'evidence_bundle':
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

const isCommand = ({ tool }: AnyToolInput): boolean => tool === 'run_command' || tool === 'run_project_command';

async function dispatch(context: ToolContext, call: AnyToolInput, targets: readonly string[]): Promise<ToolAnswer> {
  context.signal.throwIfAborted();
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
    case 'apply_patch':
      return applyPatch(context, call.input, targets);
    case 'summarize':
      return summarize(context, call.input);
    case 'evidence_bundle':
      return evidenceBundle(context);
    case 'run_command':
      return runCommand(context, call.input);
    case 'run_project_command':
      return runProjectCommand(context, call.input);
    case 'build_context':
      return buildContext(context);
    case 'diff_report':
      return diffReport(context, call.input);
    case 'git_commit':
      return gitCommit(context, call.input);
    default:
      return assertNever(call);
  }
}
