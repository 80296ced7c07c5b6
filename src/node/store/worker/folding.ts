/** What the index says of a run, folded from its journal. */
import { inlineEvent } from '../../../core/events/externalize';
import type { RunEvent } from '../../../core/events/schema';
import { foldSummary, type RunSummary, taskLine } from '../../../core/events/summary';
import { isOpenExecError, messageOf } from '../../../core/kernel/errors';
import { sha256 } from '../../system/sha256';
import { openBlobs } from '../blobs';
import { type Denial, denialIn, followCalls, type OpenTargets, targetOf } from '../denials';
import { blobsFolder } from '../layout';
import { readEvents } from '../reading';
import type { IndexRow, WorkerAnswer, WorkerRequest } from './protocol';

/** Folds what comes after `row`, or all. A journal that is damaged is folded up to there, and `problem` says where. */
export async function foldJournal({ root, run, row }: WorkerRequest & { kind: 'fold' }): Promise<WorkerAnswer> {
  const denials: Denial[] = [];
  const targets: OpenTargets = new Map();
  let folded: IndexRow | null = row;
  const start = row === null ? undefined : { offset: row.journalBytes, seq: row.summary.events };
  try {
    for await (const { event, end } of readEvents(root, run, {}, start)) {
      const summary = foldSummary(folded?.summary ?? null, event);
      folded = { summary: await withTask(summary, event, root), journalBytes: end };
      followCalls(targets, event);
      const denial = denialIn(event, '');
      if (denial !== null) denials.push({ ...denial, target: await targetFor(event, targets, root) });
    }
  } catch (error) {
    // Whatever is wrong with one run is said of that run, and keeps no other from being listed.
    return { kind: 'fold', row: folded, denials, problem: messageOf(error) };
  }
  return { kind: 'fold', row: folded, denials, problem: null };
}

/** A task that is stored as a blob is shown by its text all the same. */
async function withTask(summary: RunSummary, event: RunEvent, root: string): Promise<RunSummary> {
  if (event.type !== 'run.started' || typeof event.data.task === 'string') return summary;
  try {
    const inlined = await inlineEvent(event, openBlobs(blobsFolder(root), sha256));
    return inlined.type === 'run.started' ? { ...summary, task: taskLine(inlined.data.task) } : summary;
  } catch (error) {
    if (isOpenExecError(error, 'blob_missing')) return summary;
    throw error;
  }
}

/** What a denied call was about; its request lies before the part that is folded when the decision is the first of it. */
async function targetFor(event: RunEvent, targets: OpenTargets, root: string): Promise<string> {
  if (event.type !== 'policy.decided') return '';
  const known = targets.get(event.data.call);
  if (known !== undefined || event.cause === undefined) return known ?? '';
  for await (const { event: asked } of readEvents(root, event.run, { from: event.cause, to: event.cause })) {
    if (asked.type === 'tool.requested') return targetOf(asked.data);
  }
  return '';
}
