import { askModal, info } from '../messages';
import { isHalted } from '../runs';
import { type Command, runIdOf } from './context';

/** Gives up a run's result after a question; its record stays. */
export const discardResult: Command = async ({ runs }, run) => {
  const runId = runIdOf(run);
  const summary = await runs.summary(runId);
  const kept = summary.branch ? ` The branch ${summary.branch} stays.` : '';
  const over = isHalted(summary) ? ' The run cannot be resumed any more.' : '';
  const detail = `The run's copy of the folder is deleted; its record stays.${kept}${over}`;
  const picked = await askModal('Discard the result of this run?', detail, 'Discard');
  if (picked !== 'Discard') return;
  await runs.settle(runId, { action: 'discard' });
  void info('OpenExec: the result was discarded; the record of the run is kept.');
};
