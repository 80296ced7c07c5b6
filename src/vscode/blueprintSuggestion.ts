/** Which blueprint a run of a task goes by while nobody has chosen one: the gatekeeper's suggestion, with why. */
import * as vscode from 'vscode';
import type { Plan } from '../core/events/planParts';
import { suggested, suggestedFor } from '../core/gatekeeper/rules/suggest';
import { assertNever } from '../core/kernel/assertNever';
import { isOpenExecError, messageOf } from '../core/kernel/errors';
import { surenessWords } from '../protocol/planWords';
import type { BlueprintChoice, RunPreview } from './runs';

/** What is offered to somebody who has not chosen yet: the shortest way from a task to a change. */
const FIRST_BLUEPRINT = 'quick_fix';
const NO_FACTS = { files: 0, packages: [], packageCount: 0, named: [], ignored: [] };

export type Suggestion = { readonly id: string; readonly why: string };

/** A run as it would be, and the blueprint that it would go by. */
export type Proposal = {
  readonly seen: RunPreview;
  /** An id or a file. */
  readonly blueprint: string;
  readonly by: 'person' | 'gatekeeper' | 'last';
  /** The gatekeeper's opinion; null when it has none, or was not asked for it. */
  readonly suggestion: Suggestion | null;
};

export type Undecided = {
  readonly task: string;
  /** What the person has chosen for this run. */
  readonly chosen: string | undefined;
  /** What they chose the last time. */
  readonly last: string | undefined;
  /** A recording answers by the blueprint that it was made with, whatever would suit the task. */
  readonly recorded: boolean;
  readonly blueprints: readonly BlueprintChoice[];
};

/** The gatekeeper's opinion of a task that it has made a plan of; null when it is not sure what is asked for. */
export function suggestionFor(task: string, plan: Plan): Suggestion | null {
  if (plan.unsure === true) return null;
  const widest = plan.route === 'refuse' ? plan.toolset : suggestedFor(task, NO_FACTS).toolset;
  const { blueprint } = suggested({ ...plan, toolset: widest }, task);
  return { id: blueprint, why: whyOf(plan) };
}

/** Whether an error is about the blueprint, so that another one may do. */
export const isAboutBlueprint = (error: unknown): boolean =>
  isOpenExecError(error, 'blueprint_unfit') ||
  isOpenExecError(error, 'blueprint_invalid') ||
  isOpenExecError(error, 'blueprint_unknown');

/**
 * The run by the blueprint that was chosen; else by the suggested one, or by the last one where nothing is suggested or that
 * cannot be used here. Rejects as the preview does.
 */
export async function propose(
  { task, chosen, last, recorded, blueprints }: Undecided,
  preview: (blueprint: string) => Promise<RunPreview>,
): Promise<Proposal> {
  if (chosen !== undefined) {
    const seen = await preview(chosen);
    return { seen, blueprint: chosen, by: 'person', suggestion: recorded ? null : suggestionFor(task, seen.plan) };
  }
  const isThere = (id: string): boolean => blueprints.some((one) => one.id === id && one.problems.length === 0);
  const usual = last !== undefined && isThere(last) ? last : FIRST_BLUEPRINT;
  const byLast = async (seen?: RunPreview): Promise<Proposal> => ({
    ...{ seen: seen ?? (await preview(usual)), blueprint: usual, by: 'last', suggestion: null },
  });
  if (recorded) return byLast();
  // The rules alone mostly suggest what they do with the local model: the run is then prepared once.
  const guess = suggestedFor(task, NO_FACTS).blueprint;
  const first = isThere(guess) ? guess : usual;
  const previewed = await fitting([first, usual], preview);
  const suggestion = suggestionFor(task, previewed.seen.plan);
  if (suggestion === null || !isThere(suggestion.id))
    return byLast(previewed.id === usual ? previewed.seen : undefined);
  const { id, seen, problem } = suggestion.id === first ? previewed : await fitting([suggestion.id, usual], preview);
  if (id === suggestion.id) return { seen, blueprint: id, by: 'gatekeeper', suggestion };
  const why = vscode.l10n.t('{0}; it cannot be used here: {1}', suggestion.why, problem ?? '');
  return { seen, blueprint: id, by: 'last', suggestion: { id: suggestion.id, why } };
}

type Fitting = { readonly id: string; readonly seen: RunPreview; readonly problem: string | null };

/** The run by the first of two blueprints, or by the other one where the first cannot be used here. */
async function fitting(
  [first, other]: readonly [string, string],
  preview: (blueprint: string) => Promise<RunPreview>,
): Promise<Fitting> {
  try {
    return { id: first, seen: await preview(first), problem: null };
  } catch (error) {
    if (first === other || !isAboutBlueprint(error)) throw error;
    return { id: other, seen: await preview(other), problem: messageOf(error) };
  }
}

function whyOf(plan: Plan): string {
  if (plan.route === 'refuse') return vscode.l10n.t('the gatekeeper advises against the task: it may only look');
  return vscode.l10n.t('{0}, {1}', readsAs(plan), surenessWords(plan));
}

function readsAs({ intent, mode }: Plan): string {
  switch (intent) {
    case 'question':
      return vscode.l10n.t('the task asks a question: nothing is to change');
    case 'docs':
      return vscode.l10n.t('the task is about documentation');
    case 'tests':
      return vscode.l10n.t('the task is about tests');
    case 'refactor':
      return vscode.l10n.t('the task is to write code otherwise that does the same');
    case 'build':
      return vscode.l10n.t('the task is about dependencies or the build');
    case 'operate':
      return vscode.l10n.t('the task is about operating the project');
    case 'feature':
      return mode === 'run'
        ? vscode.l10n.t('the task is a feature of some size')
        : vscode.l10n.t('the task is a small feature');
    case 'bugfix':
      return mode === 'run'
        ? vscode.l10n.t('the task is a fix of some size')
        : vscode.l10n.t('the task is a small fix');
    default:
      return assertNever(intent);
  }
}
