/** Replaying and verifying a run, wherever it is asked for: the verdict is kept as the badge of the run's row. */
import * as vscode from 'vscode';
import type { RunEvent } from '../core/events/schema';
import type { VerifyReport } from '../core/events/verify';
import type { Progress } from '../core/ports/progress';
import type { NamedDivergence, ReplayVerdict } from '../core/replay/exact';
import { formatCount } from '../protocol/format';
import { sidesOf } from './divergence';
import type { Documents } from './documents';
import type { ListedRun, Runs } from './runs';
import type { Verdicts } from './verdicts';
import { verdictLine } from './verifyReport';

/** What checks work with. */
export type CheckContext = {
  readonly runs: Pick<Runs, 'summary' | 'replay' | 'verify' | 'events'>;
  readonly verdicts: Pick<Verdicts, 'keep'>;
  readonly documents: Pick<Documents, 'diff'>;
};

export type Replayed = { readonly looked: ListedRun; readonly verdict: ReplayVerdict };
export type Verified = { readonly looked: ListedRun; readonly report: VerifyReport; readonly at: string };

/** Replays the whole run exactly; rejects as `Runs.replay` does. */
export async function replayWhole(runId: string, progress: Progress, context: CheckContext): Promise<Replayed> {
  const looked = await context.runs.summary(runId);
  const verdict = await context.runs.replay(runId, progress);
  await keepReplay(verdict, looked, 'the replay', context);
  return { looked, verdict };
}

/** Verifies the record; rejects as `Runs.verify` does. */
export async function verifyRecord(runId: string, progress: Progress, context: CheckContext): Promise<Verified> {
  const looked = await context.runs.summary(runId);
  const report = await context.runs.verify(runId, progress);
  const at = new Date().toISOString();
  const line = `Verified: ${verdictLine(report)}`;
  await context.verdicts.keep(looked, 'verify', { ok: report.sound, line, at });
  return { looked, report, at };
}

/** Keeps what a replay found about the record as it was `looked` at; `what` was replayed. */
export async function keepReplay(
  verdict: ReplayVerdict,
  looked: Pick<ListedRun, 'runId' | 'head'>,
  what: string,
  { verdicts }: Pick<CheckContext, 'verdicts'>,
): Promise<void> {
  const line = sentence(replayLine(verdict, what));
  await verdicts.keep(looked, 'replay', { ok: verdict.identical, line, at: new Date().toISOString() });
}

/** What came of a replay of `what`, in one line. */
export function replayLine({ divergence, events }: ReplayVerdict, what: string): string {
  if (divergence === null) return `${what} is identical, ${formatCount(events, 'event')}.`;
  return `${what} diverges at event ${divergence.seq}${divergence.path === '' ? '' : ` in ${divergence.path}`}.`;
}

export const sentence = (line: string): string => `${line.charAt(0).toUpperCase()}${line.slice(1)}`;

/** Opens the recorded and the replayed event beside the timeline, in the editor's own diff. */
export async function showDivergence(
  divergence: NamedDivergence,
  runId: string,
  { runs, documents }: Pick<CheckContext, 'runs' | 'documents'>,
): Promise<void> {
  const { seq, path, recordedBy } = divergence;
  const recorded = await eventAt(runs, runId, seq);
  const where = `event ${seq}${path === '' ? '' : `, ${path}`}`;
  const title = `${where}: recorded by OpenExec ${recordedBy} ↔ replayed`;
  const { left, right } = sidesOf(recorded, divergence);
  const side = (of: string, text: string) => ({ folder: `${runId}/${of}`, name: `event-${seq}.jsonc`, text });
  const beside = { viewColumn: vscode.ViewColumn.Beside };
  await documents.diff([side('recorded', left), side('replayed', right)], title, beside);
}

/** An event in stored form, as the replay compares it; null past the end of the record. */
async function eventAt(runs: Pick<Runs, 'events'>, runId: string, seq: number): Promise<RunEvent | null> {
  for await (const event of runs.events(runId, seq)) return event;
  return null;
}
