import * as vscode from 'vscode';
import type { RunEvent } from '../../core/events/schema';
import type { ReplayVerdict } from '../../core/replay/exact';
import { formatCount } from '../../protocol/format';
import { sidesOf } from '../divergence';
import { longWork } from '../longWork';
import type { Runs } from '../runs';
import { type Command, type CommandContext, runIdOf } from './context';

/** Replays a run exactly, without any model call, and says whether it came out the same. */
export const replayRun: Command = async (context, run) => {
  const runId = runIdOf(run);
  const looked = await context.runs.summary(runId);
  const verdict = await longWork('replaying the run', (progress) => context.runs.replay(runId, progress));
  if (verdict === undefined) return;
  await conclude(verdict, { ...looked, what: 'the replay', whole: true }, context);
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
  await conclude(verdict, { ...looked, what: `the replay of the node ${node.label}`, whole: false }, context);
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

type About = { readonly runId: string; readonly head: string; readonly what: string; readonly whole: boolean };

async function conclude(verdict: ReplayVerdict, about: About, context: CommandContext): Promise<void> {
  const { identical, ended, events, divergence } = verdict;
  const { runId, what } = about;
  const line = lineOf(verdict, what);
  const at = new Date().toISOString();
  // A node that comes out the same says nothing of the rest, and must not hide what the replay of the whole found.
  if (!identical || about.whole)
    await context.verdicts.keep(about, 'replay', { ok: identical, line: sentence(line), at });
  if (divergence === null) {
    const open = ended ? '' : ' The record stops before the end of the run.';
    const text = `OpenExec: ${what} is identical: ${events} events, hash for hash. No model was called.${open}`;
    void vscode.window.showInformationMessage(text);
    return;
  }
  await openDivergence(divergence, runId, context);
  const picked = await vscode.window.showWarningMessage(`OpenExec: ${line}`, SHOW_DIFF, SHOW_IN_TIMELINE);
  if (picked === SHOW_DIFF) await diff(divergence, runId, context);
  if (picked === SHOW_IN_TIMELINE) await context.panels.open(runId, divergence.seq);
}

const SHOW_DIFF = 'Show Difference';
const SHOW_IN_TIMELINE = 'Show in Timeline';

type NamedDivergence = NonNullable<ReplayVerdict['divergence']>;

function lineOf({ divergence, events }: ReplayVerdict, what: string): string {
  if (divergence === null) return `${what} is identical, ${formatCount(events, 'event')}.`;
  return `${what} diverges at event ${divergence.seq}${divergence.path === '' ? '' : ` in ${divergence.path}`}.`;
}

const sentence = (line: string): string => `${line.charAt(0).toUpperCase()}${line.slice(1)}`;

/** The timeline at the event, and the two sides in front of it. */
async function openDivergence(divergence: NamedDivergence, runId: string, context: CommandContext): Promise<void> {
  await context.panels.open(runId, divergence.seq);
  await diff(divergence, runId, context);
}

async function diff(divergence: NamedDivergence, runId: string, { runs, documents }: CommandContext): Promise<void> {
  const { seq, path, recordedBy } = divergence;
  const recorded = await eventAt(runs, runId, seq);
  const where = `event ${seq}${path === '' ? '' : `, ${path}`}`;
  const title = `${where}: recorded by OpenExec ${recordedBy} ↔ replayed`;
  await documents.diff(runId, `event-${seq}.jsonc`, sidesOf(recorded, divergence), title);
}

/** An event in stored form, as the replay compares it; null past the end of the record. */
async function eventAt(runs: Runs, runId: string, seq: number): Promise<RunEvent | null> {
  for await (const event of runs.events(runId, seq)) return event;
  return null;
}
