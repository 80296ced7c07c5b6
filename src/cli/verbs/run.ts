import { RULES_ALONE } from '../../core/gatekeeper/rulesAlone';
import { modelChooser } from '../../node/runs/chooseModel';
import { previewRun } from '../../node/runs/previewRun';
import { startRun } from '../../node/runs/startRun';
import { cliApprover } from '../approver';
import { idOrFile, markInterrupted, openRuntime, workspaceOf } from '../compose';
import { confirmStart } from '../confirmStart';
import { EXIT } from '../exit';
import { choice, parseFlags, required, text } from '../flags';
import { applyOf, followRun, showProgress } from '../followRun';
import { processTerminal } from '../terminal';

const FLAGS = ['blueprint', 'task', 'policy', 'model', 'base-url', 'approve', 'apply'];

/** `run`: one blueprint run, to its end; what it could take and execute is shown before it starts. */
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
    const terminal = processTerminal();
    const approver = cliApprover(approvals, terminal, process.env.EDITOR);
    const ports = { classifier: RULES_ALONE, chooseModel, approver: () => approver, onDelta: () => undefined };
    const preview = await previewRun(request, runtime, ports);
    if (!(await confirmStart(preview, approvals, terminal))) {
      process.stderr.write('openexec: not started, and nothing was recorded\n');
      return EXIT.failed;
    }
    // What was shown is what runs: commands that have changed since are refused.
    const handle = await startRun({ ...request, commandsHash: preview.commandsHash }, runtime, ports);
    return await followRun(flags, runtime, handle, apply);
  } finally {
    await runtime.store.close();
  }
}
