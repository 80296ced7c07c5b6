import path from 'node:path';
import { pickPolicy } from '../policies/pickPolicy';
import type { Command } from './context';
import { pickRun } from './pickRun';
import { repeated, rerun } from './rerun';

/** "Re-run under Another Policy…": the same task and blueprint under a policy for this run only; the setting stays as it is. */
export const rerunUnderPolicy: Command = async (context, run) => {
  const title = 'Re-run under Another Policy';
  const runId = await pickRun(context.runs, run, title);
  const again = runId === undefined ? undefined : await repeated(context, runId);
  if (again === undefined) return;
  const placeHolder = 'Which policy decides in the new run? The setting stays as it is.';
  const { policy: used, folder } = again;
  const policy = await pickPolicy(await context.runs.policies(), { title, placeHolder, used, folder });
  if (policy !== undefined) await rerun(context, again, `Re-run under ${path.basename(policy)}`, { policy });
};
