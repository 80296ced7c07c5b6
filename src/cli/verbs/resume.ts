import { OpenExecError } from '../../core/kernel/errors';
import { classifierOf, SOON_MS } from '../../node/gatekeeper/shipped';
import { type ChooseModel, modelChooser } from '../../node/runs/chooseModel';
import { inDoubtOf, resumeRun } from '../../node/runs/resumeRun';
import { cliApprover } from '../approver';
import { markInterrupted, openRuntime } from '../compose';
import { choice, type Flags, parseFlags, text } from '../flags';
import { applyOf, followRun, showProgress } from '../followRun';
import { APPROVE, IN_DOUBT } from '../grammar';
import { type CliModels, cliModels } from '../models';
import { processTerminal } from '../terminal';

/** `resume`: takes up a run that was paused or broke off, from its last durable decision, to its end. */
export async function resume(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'resume', 1);
  const approvals = choice(flags, 'approve', APPROVE, 'ask');
  const approver = cliApprover(approvals, processTerminal(), process.env.EDITOR);
  const decision = text(flags, 'in-doubt') === undefined ? null : choice(flags, 'in-doubt', IN_DOUBT, 'fail');
  const apply = applyOf(flags);
  const models = await cliModels(flags);
  const runtime = await openRuntime(flags, 'existing');
  const classifier = classifierOf(runtime.assets, '', SOON_MS);
  try {
    await markInterrupted(runtime);
    showProgress(runtime);
    const request = { runId: flags.names[0] ?? '', by: 'command line', decision };
    const doubt = decision === null ? await inDoubtOf(runtime.store, request.runId) : null;
    if (doubt !== null) {
      const what = `it is not known whether this was done before the run broke off: ${doubt.title}`;
      throw new OpenExecError('usage', `${what}; say --in-doubt repeat, or --in-doubt fail`);
    }
    const handle = await resumeRun(request, runtime, {
      classifier,
      chooseModel: chooserOf(flags, models, runtime.monotonic),
      approver: () => approver,
      symbols: null,
      ripgrep: null,
      askAboutMcp: async () => 'nobody',
      storedSecrets: models.secrets,
      onDelta: () => undefined,
    });
    return await followRun(flags, runtime, handle, apply);
  } finally {
    await classifier.close();
    await runtime.store.close();
  }
}

/** A model that is named comes first, as a recording of another folder can only be named by its file. */
function chooserOf(flags: Flags, { setup }: CliModels, monotonic: () => number): ChooseModel {
  const model = text(flags, 'model');
  const choose = modelChooser({ ...setup, model, allowFiles: true, monotonic });
  return model === undefined ? choose : (root) => choose(root);
}
