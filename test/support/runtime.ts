/** What the use cases of runs need, on a real store and real git, for tests in this process. */
import path from 'node:path';
import type { Approver } from '../../src/core/ports/approver';
import { createGit } from '../../src/node/git/git';
import { modelChooser } from '../../src/node/runs/chooseModel';
import type { RunRequest } from '../../src/node/runs/prepareRun';
import type { Runtime } from '../../src/node/runs/runtime';
import type { RunPorts } from '../../src/node/runs/startRun';
import type { StoreOptions } from '../../src/node/store/store';
import { monotonic, systemClock, systemEntropy } from '../../src/node/system/time';
import { RULES_ALONE } from './gatekeeper';
import { NOTHING_SET } from './nothingSet';
import type { StoreBench } from './storeWorker';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const APPROVE_ALL: Approver = {
  ask: async () => ({ kind: 'resolved', verdict: 'approved', by: 'test', reason: '' }),
};

/** A runtime on a new store; pauses between retries are skipped. */
export async function testRuntime(
  bench: StoreBench,
  root: string = bench.root(),
  options: Partial<StoreOptions> = {},
): Promise<Runtime> {
  const { store } = await bench.open({ root, ...options });
  return {
    store,
    git: createGit({ environment: process.env }),
    clock: { now: systemClock.now, wait: async () => undefined },
    entropy: systemEntropy,
    monotonic,
    environment: process.env,
    policyFiles: { managed: path.join(root, 'no-managed-policy.yaml'), user: null },
    mcp: { servers: null, pins: null },
    assets: REPOSITORY,
    version: 'test',
  };
}

/** Ports that approve everything and take the folder's recording, or what is given instead. */
export const testPorts = (ports: Partial<RunPorts> = {}): RunPorts => ({
  classifier: RULES_ALONE,
  chooseModel: modelChooser({ ...NOTHING_SET, model: undefined, allowFiles: false, monotonic }),
  approver: () => APPROVE_ALL,
  symbols: null,
  ripgrep: null,
  askAboutMcp: async () => 'nobody',
  storedSecrets: [],
  onDelta: () => undefined,
  ...ports,
});

/** A request for the blueprint `mine` of a folder, or what is given instead. */
export const testRequest = (folder: string, request: Partial<RunRequest> = {}): RunRequest => ({
  folder,
  task: 'Do it',
  blueprint: 'mine',
  policy: 'standard',
  approvals: 'all',
  ...request,
});
