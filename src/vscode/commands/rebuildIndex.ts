import { formatCount } from '../../protocol/format';
import { longWork } from '../longWork';
import { info, warn } from '../messages';
import type { Command } from './context';

const SHOW = 'Show Damaged Runs';

/** "Rebuild Run Index": the index and every run's database again, out of the journals. */
export const rebuildIndex: Command = async ({ runs, documents }) => {
  const rebuilt = await longWork('rebuilding the run index', (progress) => runs.rebuild(progress));
  if (rebuilt === undefined) return;
  const { damaged } = rebuilt;
  const text = `OpenExec: the run index was rebuilt from the journals: ${formatCount(rebuilt.runs, 'run')}`;
  if (damaged.length === 0) {
    void info(`${text}, none damaged.`);
    return;
  }
  const [first] = damaged;
  const named = `${damaged.length} damaged (${first?.runId}: ${first?.problem})`;
  const picked = await warn(`${text}, ${named}.`, SHOW);
  if (picked !== SHOW) return;
  const lines = damaged.map(({ runId, problem }) => `- ${runId}: ${problem}`);
  await documents.show('index', 'Damaged runs.md', ['# Damaged runs', '', ...lines, ''].join('\n'));
};
