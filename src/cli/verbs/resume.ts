import { RULES_ALONE } from '../../core/gatekeeper/rulesAlone';
import { OpenExecError } from '../../core/kernel/errors';
import { type ChooseModel, modelChooser } from '../../node/runs/chooseModel';
import { inDoubtOf, resumeRun } from '../../node/runs/resumeRun';
import { cliApprover } from '../approver';
import { markInterrupted, openRuntime } from '../compose';
import { choice, type Flags, parseFlags, text } from '../flags';
import { applyOf, followRun, showProgress } from '../followRun';
import { processTerminal } from '../terminal';

const FLAGS = ['in-doubt', 'model', 'base-url', 'approve', 'apply'];

/** `resume`: takes up a run that was paused or broke off, from its last durable decision, to its end. */
export async function resume(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, FLAGS, 1);
  const approvals = choice(flags, 'approve', ['never', 'ask', 'all'], 'ask');
  const approver = cliApprover(approvals, processTerminal(), process.env.EDITOR);
  const decision = text(flags, 'in-doubt') === undefined ? null : choice(flags, 'in-doubt', ['repeat', 'fail'], 'fail');
  const apply = applyOf(flags);
  const runtime = await openRuntime(flags, 'existing');
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
      classifier: RULES_ALONE,
      chooseModel: chooserOf(flags, runtime.monotonic),
      approver: () => approver,
      onDelta: () => undefined,
    });
    return await followRun(flags, runtime, handle, apply);
  } finally {
    await runtime.store.close();
  }
}

/** A model that is named comes first, as a recording of another folder can only be named by its file. */
function chooserOf(flags: Flags, monotonic: () => number): ChooseModel {
  const model = text(flags, 'model');
  const key = process.env.OPENAI_API_KEY;
  const choose = modelChooser({ model, baseUrl: text(flags, 'base-url'), key, allowFiles: true, monotonic });
  return model === undefined ? choose : (root) => choose(root);
}
