/**
 * The toolbox of a run, on Node: looks at what a call would touch, performs it inside the run's worktree, and tells
 * everything that it changed.
 *
 * Invariants: a call acts only on the resolved paths that the policy saw, and only if they still lead there; what a
 * call changed is found by comparing hashed trees, not by asking the tool; outputs hold no absolute path, time or pid.
 */

import type { PathFact, ToolFacts } from '../../core/events/parts';
import type { PathBounds } from '../../core/events/planParts';
import { ruleAgainst } from '../../core/gatekeeper/bounds';
import type { Gate } from '../../core/gatekeeper/gate';
import type { Redaction } from '../../core/gatekeeper/redact';
import { isOpenExecError } from '../../core/kernel/errors';
import { wellFormed } from '../../core/kernel/json';
import type { CallRequest, Toolbox, ToolResult } from '../../core/ports/toolbox';
import { type AnyToolInput, parseCall } from '../../core/tools/contracts';
import { boundedAnswer } from './boundedAnswer';
import { failure, type ToolAnswer, type ToolboxOptions, type ToolContext, type ToolEvent } from './context';
import { dependsOnTree, dispatch, runsProgram } from './dispatch';
import { factsOf } from './facts';
import { undoProtected } from './protectedFiles';
import { type TreeWatch, watchTree } from './treeWatch';

export type { ToolboxOptions } from './context';

/** The toolbox of one run. Calls are performed one after another; the caller does not overlap them. */
export function createToolbox(given: ToolboxOptions): Toolbox {
  const options = { ...given, excluded: remembered(given.excluded) };
  const root = options.worktree.folder;
  const watch = watchTree(options.tree);
  const look = (input: AnyToolInput, bounds: PathBounds | undefined): Promise<ToolFacts> =>
    factsOf(input, root, { ...options, ...rulesOf(options, bounds), zones: bounds?.zones ?? EVERYWHERE });

  return {
    async facts(request) {
      const parsed = parseCall(request.tool, request.input);
      return parsed.ok ? look(parsed.value, request.bounds) : { paths: [] };
    },

    async execute(request, facts, signal) {
      const started = options.monotonic();
      const limitMs = request.limitMs ?? null;
      const linked = new Set(facts.paths.filter(isLinked).map(({ inside }) => inside ?? ''));
      const counting = countingGate(options.gate);
      const context: ToolContext = {
        ...options,
        ...rulesOf(options, request.bounds),
        gate: counting.gate,
        bounds: request.bounds ?? null,
        root,
        call: request.call,
        limitMs,
        after: request.after ?? null,
        signal,
        linked,
      };
      const seen = (input: AnyToolInput) => look(input, request.bounds);
      const { done, changed, tree } = await guarded(context, request, facts, seen, watch);
      const found = counting.counts();
      return {
        ...(Object.keys(found).length === 0 ? {} : { found }),
        events: [...changed, ...(done.events ?? [])],
        ...boundedAnswer(request.tool, done),
        tree,
        confinement: done.confinement ?? 'in process',
        ms: Math.max(0, Math.round(options.monotonic() - started)),
      } satisfies ToolResult;
    },
  };
}

/** Paths whose answer is kept; a repository has more only in rare cases. */
const REMEMBERED = 200_000;

/** The same rule, asked once for each path: policies are frozen with a run, and a search asks about every file. */
function remembered(rule: (path: string) => string | null): (path: string) => string | null {
  const answers = new Map<string, string | null>();
  return (file) => {
    const before = answers.get(file);
    if (before !== undefined) return before;
    if (answers.size >= REMEMBERED) answers.clear();
    const answer = rule(file);
    answers.set(file, answer);
    return answer;
  };
}

const EVERYWHERE = ['**'];

/** What is asked about a path: names in one form of Unicode, in whichever the disk or git has them. */
function rulesOf(
  { excluded, protectedBy }: ToolboxOptions,
  bounds: PathBounds | undefined,
): Pick<ToolContext, 'excluded' | 'withheld' | 'withheldByPolicy' | 'protectedBy'> {
  const everywhere = bounds && { ...bounds, zones: EVERYWHERE };
  const asked = (file: string, within: PathBounds | undefined): string | null => {
    const name = file.normalize('NFC');
    return excluded(name) ?? (within === undefined ? null : ruleAgainst(within, name));
  };
  return {
    excluded: (file) => asked(file, bounds),
    withheld: (file) => asked(file, everywhere),
    withheldByPolicy: (file) => asked(file, undefined),
    protectedBy: (file) => protectedBy(file.normalize('NFC')),
  };
}

/** A gate that counts what it takes out. */
function countingGate(gate: Gate): { readonly gate: Gate; readonly counts: () => Record<string, number> } {
  const counts: Record<string, number> = {};
  const counted = (redaction: Redaction): Redaction => {
    for (const [kind, count] of Object.entries(redaction.counts)) counts[kind] = (counts[kind] ?? 0) + count;
    return redaction;
  };
  return {
    counts: () => counts,
    gate: {
      redact: (text) => counted(gate.redact(text)),
      redactLines: (text) => counted(gate.redactLines(text)),
      redactJson: (text, indent) => counted(gate.redactJson(text, indent)),
      recordable: (text) => counted(gate.redact(wellFormed(text))).text,
      reveal: (placeholder) => gate.reveal(placeholder),
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
  look: (input: AnyToolInput) => Promise<ToolFacts>,
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
  const done = runsProgram(call) ? await undoProtected(context, before.tree, answered) : answered;
  const after = await watch.look(context, call.tool);
  return { done, tree: after.tree, changed: [...before.changed, ...after.changed] };
}

/** The resolved targets, or why the call must not act: each has to be what it was when the call was decided. */
function recheck(decided: ToolFacts, now: ToolFacts) {
  const no = (fact: PathFact, why: string) => ({ ok: false, error: `${fact.asked}: ${why}` }) as const;
  const targets: string[] = [];
  for (const [at, fact] of now.paths.entries()) {
    if (fact.inside === null) return no(fact, fact.problem ?? 'not in the repository');
    const was = decided.paths[at];
    if (was?.inside !== fact.inside || was.needs !== fact.needs) {
      return no(fact, 'it leads elsewhere than when the call was checked');
    }
    if (isLinked(fact) && !isLinked(was)) return no(fact, 'it has more names than when the call was checked');
    targets.push(fact.inside);
  }
  if (now.program !== decided.program) {
    return { ok: false, error: 'the program lies elsewhere than when the call was checked' } as const;
  }
  return { ok: true, value: targets } as const;
}

const isLinked = ({ links = 1 }: PathFact): boolean => links > 1;

/** Performs the call; an abort in the middle is the outcome `cancelled`, whatever it made fail. */
async function perform(context: ToolContext, call: AnyToolInput, targets: readonly string[]): Promise<ToolAnswer> {
  try {
    return await dispatch(context, call, targets);
  } catch (error) {
    if (context.signal.aborted) return CANCELLED;
    throw error;
  }
}
