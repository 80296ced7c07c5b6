import { RULES_ALONE } from '../../core/gatekeeper/rulesAlone';
import { modelChooser } from '../../node/runs/chooseModel';
import { startRun } from '../../node/runs/startRun';
import { cliApprover } from '../approver';
import { idOrFile, markInterrupted, openRuntime, workspaceOf } from '../compose';
import { choice, parseFlags, required, text } from '../flags';
import { applyOf, followRun, showProgress } from '../followRun';

const FLAGS = ['blueprint', 'task', 'policy', 'model', 'base-url', 'approve', 'apply'];

/** `run`: one blueprint run, to its end. */
export async function run(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, FLAGS, 0);
  const approvals = choice(flags, 'approve', ['never', 'ask', 'all'], 'ask');
  const apply = applyOf(flags);
  const request = {
    folder: workspaceOf(flags),
    task: required(flags, 'task'),
    blueprint: idOrFile(required(flags, 'blueprint')),
    policy: idOrFile(text(flags, 'policy') ?? 'standard'),
    approvals,
  };
  const runtime = await openRuntime(flags, 'create');
  const chooseModel = modelChooser({
    model: text(flags, 'model'),
    baseUrl: text(flags, 'base-url'),
    key: process.env.OPENAI_API_KEY,
    allowFiles: true,
    monotonic: runtime.monotonic,
  });
  try {
    await markInterrupted(runtime);
    showProgress(runtime);
    const approver = cliApprover(approvals);
    const handle = await startRun(request, runtime, {
      classifier: RULES_ALONE,
      chooseModel,
      approver: () => approver,
      onDelta: () => undefined,
    });
    return await followRun(flags, runtime, handle, apply);
  } finally {
    await runtime.store.close();
  }
}
