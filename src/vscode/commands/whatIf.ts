import { OpenExecError } from '../../core/kernel/errors';
import { longWork } from '../longWork';
import { pickPolicy } from '../policies/pickPolicy';
import { whatIfText } from '../whatIfText';
import type { Command } from './context';
import { pickRun } from './pickRun';

/**
 * "What If under Another Policy…": the recorded calls decided again under another policy, as a document whose events lead
 * into the timeline. No model is asked, and nothing is run.
 */
export const whatIf: Command = async ({ runs, documents }, run) => {
  const title = 'What If under Another Policy';
  const runId = await pickRun(runs, run, title);
  if (runId === undefined) return;
  const first = await runs.event(runId, 0);
  if (first.type !== 'run.started') throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
  const used = first.data.policy.id;
  const placeHolder = 'Which policy decides over the recorded calls? No model is asked, and nothing is run.';
  const policy = await pickPolicy(await runs.policies(), { title, placeHolder, used, folder: null });
  if (policy === undefined) return;
  const answer = await longWork('deciding every call again', (progress) => runs.whatIf(runId, policy, progress));
  if (answer === undefined) return;
  const { task } = await runs.summary(runId);
  await documents.show(runId, `What if ${answer.policy.id}.md`, whatIfText(answer, { task, policy: used }));
};
