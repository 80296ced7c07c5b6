/**
 * The extension's one composition root: the Node adapters behind the interface that the windows use. Activation only
 * registers; the store, its worker and git are opened at the first use.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import packageJson from '../package.json';
import type { RunEvent } from './core/events/schema';
import { RULES_ALONE } from './core/gatekeeper/rulesAlone';
import { messageOf, OpenExecError } from './core/kernel/errors';
import type { ModelDelta } from './core/ports/model';
import { createGit } from './node/git/git';
import { type ChooseModel, modelChooser } from './node/runs/chooseModel';
import { startDefaults } from './node/runs/defaults';
import { recoverRuns } from './node/runs/recoverRuns';
import { replayRun } from './node/runs/replayRun';
import type { Runtime } from './node/runs/runtime';
import { settleResult, summaryOf } from './node/runs/settleResult';
import { type RunHandle, startRun } from './node/runs/startRun';
import { siblingStores } from './node/store/siblings';
import { openStore } from './node/store/store';
import { monotonic, systemClock, systemEntropy } from './node/system/time';
import { Approvals, BY } from './vscode/approvals';
import { registerCommands } from './vscode/commands/register';
import { readKey } from './vscode/keys';
import { Notifications } from './vscode/notifications';
import type { ListedRun, Runs } from './vscode/runs';
import { RunsTree } from './vscode/runsTree';
import { readSettings } from './vscode/settings';
import { RunStatusBar } from './vscode/statusBar';
import { TIMELINE, TimelinePanels } from './vscode/timeline/panels';

export type Extension = {
  /** What other extensions may use. */
  readonly api: { readonly runs: () => Promise<readonly ListedRun[]> };
  close(): Promise<void>;
};

export function compose(context: vscode.ExtensionContext): Extension {
  const log = vscode.window.createOutputChannel('OpenExec', { log: true });
  const approvals = new Approvals();
  const runs = new WindowRuns(context, approvals, log);
  const panels = new TimelinePanels(context.extensionUri, runs, approvals, log);
  const tree = new RunsTree(runs);
  const { secrets, workspaceState: memory } = context;
  context.subscriptions.push(
    log,
    approvals,
    panels,
    tree,
    new RunStatusBar(runs),
    new Notifications(runs, approvals, log),
    vscode.window.createTreeView('openexec.runs', { treeDataProvider: tree }),
    vscode.window.registerWebviewPanelSerializer(TIMELINE, panels),
    ...registerCommands({ runs, approvals, panels, log, secrets, memory }),
  );
  return { api: { runs: () => runs.list() }, close: () => runs.close() };
}

/** A model elsewhere needs a key, and the person is told before the run rather than by its first request. */
function withKey(choose: ChooseModel, key: string | undefined): ChooseModel {
  return async (root) => {
    const model = await choose(root);
    if (key !== undefined || model.id.local) return model;
    const what = `There is no API key for ${model.id.destination}`;
    throw new OpenExecError('model_unconfigured', `${what}. Set one, or choose another model in openexec.model.`);
  };
}

/** Runs, as this window sees them. */
class WindowRuns implements Runs {
  readonly #context: vscode.ExtensionContext;
  readonly #approvals: Approvals;
  readonly #log: vscode.LogOutputChannel;
  readonly #handles = new Map<string, RunHandle>();
  readonly #appended = new vscode.EventEmitter<RunEvent>();
  readonly #streamed = new vscode.EventEmitter<{ runId: string; delta: ModelDelta }>();
  readonly #changed = new vscode.EventEmitter<void>();
  #runtime: Promise<Runtime> | null = null;

  constructor(context: vscode.ExtensionContext, approvals: Approvals, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#approvals = approvals;
    this.#log = log;
  }

  async list(): Promise<ListedRun[]> {
    const { store } = await this.#open();
    return (await store.summaries()).map(({ root, ...run }) => this.#listed(run, root === store.root));
  }

  async summary(runId: string): Promise<ListedRun> {
    const { store } = await this.#open();
    return this.#listed(await summaryOf(store, runId), await store.has(runId));
  }

  async *events(runId: string, from: number): AsyncIterable<RunEvent> {
    const { store } = await this.#open();
    yield* store.read(runId, { from });
  }

  async event(runId: string, seq: number): Promise<RunEvent> {
    const { store } = await this.#open();
    for await (const event of store.read(runId, { from: seq, to: seq })) return store.inline(event);
    throw new OpenExecError('run_unknown', `The run ${runId} has no event ${seq}.`);
  }

  defaults(folder: string) {
    return startDefaults(folder, this.#context.extensionPath, readSettings(this.#warn).model);
  }

  async start(request: { folder: string; task: string; blueprint: string }) {
    const runtime = await this.#open();
    const { model, baseUrl } = readSettings(this.#warn);
    const key = await readKey(this.#context.secrets);
    const full = { ...request, policy: 'standard', approvals: 'ask' as const };
    const handle = await startRun(full, runtime, {
      classifier: RULES_ALONE,
      chooseModel: withKey(modelChooser({ model, baseUrl, key, allowFiles: false, monotonic }), key),
      approver: (runId) => this.#approvals.of(runId),
      onDelta: (runId, delta) => this.#streamed.fire({ runId, delta }),
    });
    this.#handles.set(handle.runId, handle);
    const done = handle.done.finally(() => {
      this.#handles.delete(handle.runId);
      this.#changed.fire();
    });
    this.#changed.fire();
    return { runId: handle.runId, model: handle.model, done };
  }

  cancel(runId: string): void {
    this.#handles.get(runId)?.cancel(BY);
  }

  async settle(runId: string, action: 'apply' | 'discard') {
    const runtime = await this.#open();
    try {
      return await settleResult({ runId, action, by: BY }, runtime);
    } finally {
      this.#changed.fire();
    }
  }

  async replay(runId: string) {
    return replayRun((await this.#open()).store, runId);
  }

  async verify(runId: string) {
    return (await this.#open()).store.verify(runId);
  }

  onDidAppend(listener: (event: RunEvent) => void) {
    return this.#appended.event(listener);
  }

  onDidStream(listener: (runId: string, delta: ModelDelta) => void) {
    return this.#streamed.event(({ runId, delta }) => listener(runId, delta));
  }

  onDidChange(listener: () => void) {
    return this.#changed.event(listener);
  }

  /** Ends what is under way and closes the store. */
  async close(): Promise<void> {
    for (const handle of this.#handles.values()) handle.abandon();
    await Promise.allSettled([...this.#handles.values()].map(({ done }) => done));
    const runtime = await this.#runtime?.catch(() => null);
    await runtime?.store.close();
  }

  readonly #warn = (line: string): void => this.#log.warn(line);

  #listed(run: Omit<ListedRun, 'readOnly'>, own: boolean): ListedRun {
    const active = run.status === 'running' || run.status === 'waiting';
    return { ...run, readOnly: !own || (active && !this.#handles.has(run.runId)) };
  }

  #open(): Promise<Runtime> {
    this.#runtime ??= this.#openRuntime().catch((error: unknown) => {
      this.#runtime = null;
      throw error;
    });
    return this.#runtime;
  }

  async #openRuntime(): Promise<Runtime> {
    const { storageUri, globalStorageUri, extensionPath } = this.#context;
    const root = path.join((storageUri ?? globalStorageUri).fsPath, 'store');
    const store = await openStore({
      root,
      workerPath: path.join(extensionPath, 'dist', 'store-worker.js'),
      siblings: storageUri ? await siblingStores(storageUri.fsPath) : [],
      log: this.#warn,
    });
    store.onDidAppend((event) => this.#appended.fire(event));
    store.watch(() => this.#changed.fire());
    const runtime: Runtime = {
      store,
      git: createGit({ environment: process.env }),
      clock: systemClock,
      entropy: systemEntropy,
      monotonic,
      environment: process.env,
      assets: extensionPath,
      version: packageJson.version,
    };
    for (const runId of await recoverRuns(runtime).catch(this.#notRecovered)) {
      this.#log.warn(`The run ${runId} broke off and is marked as interrupted.`);
    }
    return runtime;
  }

  readonly #notRecovered = (error: unknown): string[] => {
    this.#log.error(`Runs that broke off could not be marked: ${messageOf(error)}`);
    return [];
  };
}
