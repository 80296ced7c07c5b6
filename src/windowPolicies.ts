/** Policies, as this window sees them: how calls were decided, where rules stand, and what has changed since a run. */
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { OpenExecError } from './core/kernel/errors';
import type { Progress } from './core/ports/progress';
import { listPolicies, policyKnown } from './node/policy/load';
import { policyFiles, workspacePolicyFile } from './node/policy/places';
import { explainCall } from './node/runs/explainCall';
import { driftOf } from './node/runs/policyDrift';
import { ruleFile } from './node/runs/ruleFile';
import { whatIfForPeople } from './node/runs/whatIf';
import type { RunStore } from './node/store/store';
import { watchPolicies } from './vscode/policies/watch';
import type { PolicyDrift, PolicyFiles } from './vscode/runs';
import type { WindowStores } from './windowStores';

export class WindowPolicies implements vscode.Disposable {
  readonly #stores: WindowStores;
  /** The folder that holds the shipped policies. */
  readonly #assets: string;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watching: vscode.Disposable;
  /** By run, until a policy changes. */
  readonly #drifts = new Map<string, Promise<PolicyDrift | null>>();
  readonly onDidChange = this.#changed.event;

  constructor(stores: WindowStores, assets: string) {
    this.#stores = stores;
    this.#assets = assets;
    const { managed, user } = this.files(null);
    this.#watching = watchPolicies([managed, ...(user === null ? [] : [user])], () => {
      this.#drifts.clear();
      this.#changed.fire();
      stores.changed();
    });
  }

  async explain(runId: string, seq: number) {
    return explainCall((await this.#stores.open()).store, runId, seq);
  }

  async drift(runId: string): Promise<PolicyDrift | null> {
    const runtime = await this.#stores.open();
    // What was recorded elsewhere was decided by policies that lie elsewhere.
    if ((await runtime.store.summary(runId)).imported) return null;
    const known = this.#drifts.get(runId) ?? driftOf(runtime.store, runId, runtime);
    this.#drifts.set(runId, known);
    // Whoever asks gets the failure; the next one who asks has it looked at again.
    known.catch(() => this.#drifts.delete(runId));
    return known;
  }

  async fileOf(runId: string, seq: number) {
    const runtime = await this.#stores.open();
    return ruleFile(runtime.store, runId, await explainCall(runtime.store, runId, seq), runtime);
  }

  /** A policy, by id or file, over the recorded calls of a run. */
  async whatIf(runId: string, policy: string, { signal }: Progress) {
    const { store } = await this.#stores.open();
    const places = { assets: this.#assets, workspace: await rootOf(store, runId) };
    return whatIfForPeople(store, runId, policy, { ...places, ...(signal === undefined ? {} : { signal }) });
  }

  /** The shipped policies. */
  list() {
    return listPolicies(this.#assets);
  }

  files(folder: string | null): PolicyFiles {
    const files = policyFiles(process.platform, process.env, os.homedir());
    return { ...files, workspace: folder === null ? null : workspacePolicyFile(folder) };
  }

  /** What the policy in a file may name, and whether it grants; that of a workspace lies in its `.openexec`. */
  known(file: string) {
    const places = { assets: this.#assets, workspace: path.dirname(path.dirname(file)) };
    return policyKnown(file, this.files(null), places);
  }

  dispose(): void {
    this.#watching.dispose();
    this.#changed.dispose();
  }
}

/** The root of the repository that a run worked on. Throws `run_unknown`. */
async function rootOf(store: Pick<RunStore, 'read'>, runId: string): Promise<string> {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    if (event.type === 'run.started') return event.data.workspace.root;
  }
  throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
}
