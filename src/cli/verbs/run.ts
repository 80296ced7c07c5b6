import type { PlanChanges } from '../../core/events/planParts';
import { OpenExecError } from '../../core/kernel/errors';
import { problemOfGlob } from '../../core/policy/globShape';
import { classifierOf, SOON_MS } from '../../node/gatekeeper/shipped';
import { providersOf } from '../../node/models/spec';
import { modelChooser } from '../../node/runs/chooseModel';
import { previewRun } from '../../node/runs/previewRun';
import { startRun } from '../../node/runs/startRun';
import { cliApprover } from '../approver';
import { askAboutMcp } from '../askAboutMcp';
import { idOrFile, markInterrupted, openRuntime, workspaceOf } from '../compose';
import { confirmStart } from '../confirmStart';
import { EXIT } from '../exit';
import { choice, parseFlags, required, text } from '../flags';
import { applyOf, followRun, showProgress } from '../followRun';
import { APPROVE } from '../grammar';
import { cliModels } from '../models';
import { processTerminal } from '../terminal';

/** `run`: one blueprint run, to its end; what it could take and execute is shown before it starts. */
export async function run(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'run', 0);
  const approvals = choice(flags, 'approve', APPROVE, 'ask');
  const apply = applyOf(flags);
  const changes = zonesOf(text(flags, 'zones'));
  const request = {
    folder: workspaceOf(flags),
    task: required(flags, 'task'),
    blueprint: idOrFile(required(flags, 'blueprint')),
    policy: idOrFile(text(flags, 'policy') ?? 'standard'),
    approvals,
    ...(changes === null ? {} : { changes }),
  };
  const models = await cliModels(flags);
  const runtime = await openRuntime(flags, 'create');
  const classifier = classifierOf(runtime.assets, '', SOON_MS);
  const { monotonic } = runtime;
  const chooseModel = modelChooser({ ...models.setup, model: text(flags, 'model'), allowFiles: true, monotonic });
  try {
    await markInterrupted(runtime);
    showProgress(runtime);
    const terminal = processTerminal();
    const approver = cliApprover(approvals, terminal, process.env.EDITOR);
    const ports = {
      classifier,
      chooseModel,
      providers: providersOf(models.setup.settings),
      approver: () => approver,
      symbols: null,
      ripgrep: null,
      askAboutMcp: askAboutMcp(approvals, terminal),
      storedSecrets: models.secrets,
      onDelta: () => undefined,
    };
    const preview = await previewRun(request, runtime, ports);
    const agreed = await confirmStart(preview, changes, approvals, terminal);
    if (agreed === null) {
      process.stderr.write('openexec: not started, and nothing was recorded\n');
      return EXIT.failed;
    }
    // What was shown is what runs: what has changed since is refused.
    const { commandsHash, shownHash } = preview;
    const last = agreed.changes === null ? {} : { changes: agreed.changes };
    const handle = await startRun({ ...request, commandsHash, shownHash, ...last }, runtime, ports);
    return await followRun(flags, runtime, handle, apply);
  } finally {
    await classifier.close();
    await runtime.store.close();
  }
}

/** The zones that were named instead of the plan's, separated by commas; null when none were. */
function zonesOf(value: string | undefined): PlanChanges | null {
  if (value === undefined) return null;
  const zones = value
    .split(',')
    .map((zone) => zone.trim())
    .filter((zone) => zone !== '');
  const problem = zones.map((zone) => problemOfGlob(zone)).find((found) => found !== null);
  if (zones.length === 0 || problem !== undefined)
    throw new OpenExecError('usage', `--zones takes path globs, separated by commas: ${problem ?? 'there is none'}`);
  return { by: 'command line (--zones)', zones };
}
