/** Reads what left in runs, one after the other, so that each can be shown and the reading can be ended. */
import { messageOf } from '../../core/kernel/errors';
import type { LedgerEntry, LedgerHostMessage } from '../../protocol/ledger';
import { LEDGER_PROTOCOL } from '../../protocol/ledger';
import type { ListedRun, Runs } from '../runs';

export type LedgerSource = Pick<Runs, 'list' | 'summary' | 'egress'>;

/** Reads all runs, or one. Every message goes to `post`; answers what was read until the end or until `signal` is aborted. */
export async function readLedger(
  runs: LedgerSource,
  runId: string | null,
  post: (message: LedgerHostMessage) => void,
  signal: AbortSignal,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  try {
    const listed = runId === null ? await runs.list() : [await runs.summary(runId)];
    if (signal.aborted) return entries;
    post({ type: 'start', protocol: LEDGER_PROTOCOL, run: runId, runs: listed.length });
    for (const run of listed) {
      const entry = await entryOf(runs, run);
      if (signal.aborted) break;
      entries.push(entry);
      post({ type: 'run', entry });
    }
    post({ type: 'end', cancelled: signal.aborted, problem: null });
  } catch (error) {
    post({ type: 'end', cancelled: false, problem: messageOf(error).slice(0, 400) });
  }
  return entries;
}

/** A run that is deleted meanwhile, or cannot be read, keeps no other from being listed. */
async function entryOf(runs: LedgerSource, run: ListedRun): Promise<LedgerEntry> {
  const { runId, task, blueprint, startedAt, imported } = run;
  const about = { runId, task, blueprint, startedAt, imported };
  try {
    return { ...about, ...(await runs.egress(runId)) };
  } catch (error) {
    return { ...about, ledger: { filesKnown: false, local: false, routes: [], items: [] }, problem: messageOf(error) };
  }
}
