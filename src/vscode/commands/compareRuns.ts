import * as vscode from 'vscode';
import { MAX_COMPARED, MIN_COMPARED } from '../../core/events/comparison';
import { info } from '../messages';
import type { Runs } from '../runs';
import { type Command, runIdOf } from './context';
import { runItem } from './pickRun';

/** "Compare Runs": those that are selected in the Runs view; with one or none, the person chooses (the others). */
export const compareRuns: Command = async ({ runs, compare }, run, selected) => {
  const chosen = chosenIds(run, selected);
  const ids = chosen.length >= MIN_COMPARED ? chosen : await pickOthers(runs, chosen);
  if (ids === undefined) return;
  if (ids.length < MIN_COMPARED || ids.length > MAX_COMPARED) {
    void info(`OpenExec: ${MIN_COMPARED} to ${MAX_COMPARED} runs can be compared, not ${ids.length}.`);
    return;
  }
  compare.open(ids);
};

/** A menu hands over the row that it was opened on, and all that are selected if that is one of them. */
function chosenIds(run: unknown, selected: unknown): string[] {
  if (run === undefined || run === null) return [];
  const all: unknown[] = Array.isArray(selected) && selected.length > 1 ? [...selected] : [run];
  // Which row a person clicked first is not told: the oldest run is the one that others are compared with.
  const ids = all.filter(isRun).sort((a, b) => startOf(a).localeCompare(startOf(b)));
  return [...new Set(ids.map(runIdOf))];
}

const startOf = (row: unknown): string =>
  typeof row === 'object' && row !== null && 'startedAt' in row ? String(row.startedAt) : '';

/** A group of runs, and what a run waits for, are rows of their own and no run. */
const isRun = (row: unknown): boolean =>
  typeof row !== 'object' || row === null || !('approval' in row || 'group' in row);

/** The chosen run, then those that are ticked, oldest first; undefined when the person backs out. */
async function pickOthers(runs: Runs, chosen: readonly string[]): Promise<string[] | undefined> {
  const [first] = chosen;
  const others = (await runs.list()).filter(({ runId }) => runId !== first);
  if (others.length + chosen.length < MIN_COMPARED) {
    void info('OpenExec: there is no second run to compare with yet.');
    return undefined;
  }
  const most = MAX_COMPARED - chosen.length;
  const placeHolder =
    first === undefined ? `Choose ${MIN_COMPARED} to ${MAX_COMPARED} runs` : `Compare with which? Up to ${most}`;
  const picked = await vscode.window.showQuickPick(others.map(runItem), {
    title: 'Compare Runs',
    placeHolder,
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined || picked.length === 0) return undefined;
  // The list begins with the newest.
  return [...chosen, ...picked.map(({ runId }) => runId).reverse()];
}
