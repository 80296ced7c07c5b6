import * as vscode from 'vscode';
import type { ReplayVerdict } from '../../core/replay/exact';
import { formatCount } from '../../protocol/format';
import { keepReplay, replayLine, replayWhole, showDivergence } from '../checks';
import { longWork } from '../longWork';
import { info, warn } from '../messages';
import type { Runs } from '../runs';
import { type Command, type CommandContext, runIdOf } from './context';

/** Replays a run exactly, without any model call, and says whether it came out the same. */
export const replayRun: Command = async (context, run) => {
  const runId = runIdOf(run);
  const replayed = await longWork('replaying the run', (progress) => replayWhole(runId, progress, context));
  if (replayed !== undefined) await conclude(replayed.verdict, runId, 'the replay', context);
};

/** "Replay Node…": one node that ran, again, from what was recorded for it. */
export const replayNode: Command = async (context, run) => {
  const runId = runIdOf(run);
  const looked = await context.runs.summary(runId);
  const node = await vscode.window.showQuickPick(nodesOf(context.runs, runId), {
    title: 'Replay Node',
    placeHolder: 'Which node? It is replayed from what was recorded for it, without a model call.',
  });
  if (node === undefined) return;
  const title = `replaying the node ${node.label}`;
  const verdict = await longWork(title, (progress) => context.runs.replayNode(runId, node.label, progress));
  if (verdict === undefined) return;
  const what = `the replay of the node ${node.label}`;
  // A node that comes out the same says nothing of the rest, and must not hide what the replay of the whole found.
  if (!verdict.identical) await keepReplay(verdict, looked, what, context);
  await conclude(verdict, runId, what, context);
};

/** The nodes that ran, in the order in which they began, with how often they did. */
async function nodesOf(runs: Runs, runId: string): Promise<vscode.QuickPickItem[]> {
  const attempts = new Map<string, number>();
  for await (const event of runs.events(runId, 0)) {
    if (event.type !== 'node.started' || event.node === undefined) continue;
    attempts.set(event.node, (attempts.get(event.node) ?? 0) + 1);
  }
  return [...attempts].map(([label, times]) => ({ label, description: formatCount(times, 'attempt') }));
}

async function conclude(verdict: ReplayVerdict, runId: string, what: string, context: CommandContext): Promise<void> {
  const { ended, events, divergence } = verdict;
  if (divergence === null) {
    const open = ended ? '' : ' The record stops before the end of the run.';
    const text = `OpenExec: ${what} is identical: ${events} events, hash for hash. No model was called.${open}`;
    void info(text);
    return;
  }
  // The timeline at the event, and the two sides in front of it.
  await context.panels.open(runId, divergence.seq);
  await showDivergence(divergence, runId, context);
  const picked = await warn(`OpenExec: ${replayLine(verdict, what)}`, SHOW_DIFF, SHOW_IN_TIMELINE);
  if (picked === SHOW_DIFF) await showDivergence(divergence, runId, context);
  if (picked === SHOW_IN_TIMELINE) await context.panels.open(runId, divergence.seq);
}

const SHOW_DIFF = 'Show Difference';
const SHOW_IN_TIMELINE = 'Show in Timeline';
