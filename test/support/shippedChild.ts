/**
 * A process that runs a shipped blueprint on a real folder, with the real tools, and kills itself as soon as it has come to
 * the end or the start of a node so many times: `WORKER ROOT ASSETS FOLDER BLUEPRINT CASSETTE TASK BOUNDARIES`.
 */
import { createGit } from '../../src/node/git/git';
import { modelChooser } from '../../src/node/runs/chooseModel';
import { startRun } from '../../src/node/runs/startRun';
import { openStore } from '../../src/node/store/store';
import { monotonic, systemClock, systemEntropy } from '../../src/node/system/time';
import { APPROVE } from './engine';
import { RULES_ALONE } from './gatekeeper';
import { NOTHING_SET } from './nothingSet';
import { isBoundary } from './retold';

async function main(): Promise<void> {
  const [workerPath = '', root = '', assets = '', folder = '', blueprint = '', cassette = '', task = '', last = '0'] =
    process.argv.slice(2);
  const store = await openStore({ root, workerPath, log: () => undefined });
  let left = Number(last);
  store.onDidAppend((event) => {
    if (!isBoundary(event)) return;
    left -= 1;
    // From inside, so that nothing at all is done after the event that was asked for.
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  });
  const runtime = {
    store,
    git: createGit({ environment: process.env }),
    clock: systemClock,
    entropy: systemEntropy,
    monotonic,
    environment: process.env,
    policyFiles: { managed: `${root}/no-managed-policy.yaml`, user: null },
    mcp: { servers: null, pins: null },
    assets,
    version: 'test',
  };
  const model = `recorded:${cassette}`;
  const chooseModel = modelChooser({ ...NOTHING_SET, model, allowFiles: false, monotonic });
  const ports = {
    classifier: RULES_ALONE,
    chooseModel,
    approver: () => APPROVE,
    symbols: null,
    ripgrep: null,
    askAboutMcp: async () => 'nobody' as const,
    storedSecrets: [],
    onDelta: () => undefined,
  };
  const request = { folder, task, blueprint, policy: 'standard', approvals: 'all' as const };
  await (await startRun(request, runtime, ports)).done;
  await store.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
