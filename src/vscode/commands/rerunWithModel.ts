import { goOn, pickModel } from '../models/pickModel';
import type { Command } from './context';
import { pickRun } from './pickRun';
import { repeated, rerun } from './rerun';

/** "Re-run with Another Model…": the same task and blueprint with a model for this run only; the setting stays as it is. */
export const rerunWithModel: Command = async (context, run) => {
  const title = 'Re-run with Another Model';
  const runId = await pickRun(context.runs, run, title);
  const again = runId === undefined ? undefined : await repeated(context, runId);
  if (again === undefined) return;
  const choices = { ...(await context.models.choices(again.folder)), current: again.model };
  const placeholder = 'Which model does the new run use? The setting stays as it is.';
  const wanted = await pickModel(choices, context.models, { title, placeholder, used: 'used by this run' });
  if (wanted === undefined) return;
  if (wanted.kind !== 'model') return goOn(wanted);
  await rerun(context, again, `Re-run with ${wanted.spec}`, { model: wanted.spec });
};
