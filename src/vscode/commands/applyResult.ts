import { info, warn } from '../messages';
import { type Command, runIdOf } from './context';

/** Brings a run's result into the folder: all of it, or nothing. */
export const applyResult: Command = async ({ runs }, run) => {
  const settled = await runs.settle(runIdOf(run), 'apply');
  if (settled.outcome === 'refused') {
    const detail = settled.conflicts.slice(0, 5).join('; ');
    void warn(`OpenExec: not applied: ${settled.reason}${detail ? ` (${detail})` : ''}`);
    return;
  }
  const files = settled.files.length === 1 ? '1 file' : `${settled.files.length} files`;
  void info(`OpenExec: applied ${files} to your folder. HEAD and index are as they were.`);
};
