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
import type { Progress } from './core/ports/progress';
import { exportBundle } from './node/evidence/exportBundle';
import { importBundle } from './node/evidence/importBundle';
import { createSigningKey, keyInfo } from './node/evidence/signingKey';
import { blueprintFacts } from './node/runs/blueprintFacts';
import { modelChooser, needingKey } from './node/runs/chooseModel';
import { startDefaults } from './node/runs/defaults';
import type { RunHandle, RunPorts } from './node/runs/driveRun';
import { type Moments, moments } from './node/runs/moments';
import { previewRun } from './node/runs/previewRun';
import { recoverRuns } from './node/runs/recoverRuns';
import { replayNode, replayRun } from './node/runs/replayRun';
import { inDoubtOf, resumeRun } from './node/runs/resumeRun';
import { applyRetention } from './node/runs/retention';
import { type Runtime, systemRuntime } from './node/runs/runtime';
import { settleResult } from './node/runs/settleResult';
import { siblingRuntimes } from './node/runs/siblingRuntimes';
import { startRun } from './node/runs/startRun';
import { siblingStores } from './node/store/siblings';
import { openStore, type RunStore, type ListedRun as StoredRun } from './node/store/store';
import { sha256 } from './node/system/sha256';
import { monotonic } from './node/system/time';
import { Approvals, BY } from './vscode/approvals';
import { registerBlueprintEditing } from './vscode/blueprints/register';
import { registerCommands } from './vscode/commands/register';
import { Documents, registerDocuments } from './vscode/documents';
import { KeptHeads, refuseContradicted } from './vscode/keptHeads';
import { readKey, readSigningKey, storeSigningKey } from './vscode/keys';
import { Notifications } from './vscode/notifications';
import { type ListedRun, type RunRequest, type Runs, type StartedRun, USUAL } from './vscode/runs';
import { RunsTree } from './vscode/runsTree';
import { readSettings } from './vscode/settings';
import { lookForRuns, retain } from './vscode/startUp';
import { RunStatusBar } from './vscode/statusBar';
import { GraphPanels } from './vscode/timeline/graphPanels';
import { TIMELINE, TimelinePanels } from './vscode/timeline/panels';
import { Verdicts } from './vscode/verdicts';

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
  const graphs = new GraphPanels(context.extensionUri, runs.blueprintFacts, log);
  const { secrets, workspaceState: memory } = context;
  const documents = new Documents();
  const verdicts = new Verdicts(memory);
  const tree = new RunsTree(runs, verdicts);
  context.subscriptions.push(
    log,
    approvals,
    panels,
    graphs,
    documents,
    registerDocuments(documents),
    verdicts,
    vscode.window.registerFileDecorationProvider(verdicts),
    tree,
    new RunStatusBar(runs),
    new Notifications(runs, approvals, log),
    vscode.window.createTreeView('openexec.runs', { treeDataProvider: tree }),
    vscode.window.registerWebviewPanelSerializer(TIMELINE, panels),
    registerBlueprintEditing(context.extensionUri, runs.blueprintFacts, (error) => log.error(messageOf(error))),
    ...registerCommands({ runs, approvals, panels, graphs, documents, verdicts, log, secrets, memory }),
  );
  return { api: { runs: () => runs.list() }, close: () => runs.close() };
}

/** Runs, as this window sees them. */
class WindowRuns implements Runs {
  readonly #context: vscode.ExtensionContext;
  readonly #approvals: Approvals;
  readonly #log: vscode.LogOutputChannel;
  readonly #heads: KeptHeads;
  readonly #handles = new Map<string, RunHandle>();
  readonly #appended = new vscode.EventEmitter<RunEvent>();
  readonly #streamed = new vscode.EventEmitter<{ runId: string; delta: ModelDelta }>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** By the root of the store: this window's, and those of other windows on the same folder. */
  readonly #runtimes = new Map<string, Runtime>();
  #runtime: Promise<Runtime> | null = null;
  #moments: Moments | null = null;

  constructor(context: vscode.ExtensionContext, approvals: Approvals, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#approvals = approvals;
    this.#log = log;
    this.#heads = new KeptHeads(context.globalState, sha256, this.#warn);
  }

  async list(): Promise<ListedRun[]> {
    const { store } = await this.#open();
    return (await store.summaries()).map((run) => this.#listed(run));
  }

  async summary(runId: string): Promise<ListedRun> {
    const { store } = await this.#open();
    return this.#listed(await store.summary(runId));
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

  async moment(runId: string, seq: number) {
    const { store } = await this.#open();
    this.#moments ??= moments(store);
    return this.#moments.at(runId, seq);
  }

  defaults(folder: string) {
    return startDefaults(folder, this.#context.extensionPath, readSettings(this.#warn).model);
  }

  readonly blueprintFacts = (folder: string | null) =>
    blueprintFacts(folder, this.#context.extensionPath, readSettings(this.#warn));

  async preview(request: RunRequest) {
    return previewRun({ ...request, ...USUAL }, await this.#open(), await this.#ports());
  }

  async start(request: RunRequest & { commandsHash: string }) {
    return this.#follow(await startRun({ ...request, ...USUAL }, await this.#open(), await this.#ports()));
  }

  async inDoubt(runId: string) {
    return inDoubtOf((await this.#open()).store, runId);
  }

  async resume(runId: string, decision: 'repeat' | 'fail' | null, about: string | undefined) {
    const runtime = await this.#unbroken(runId);
    return this.#follow(await resumeRun({ runId, by: BY, decision, about }, runtime, await this.#ports()));
  }

  pause(runId: string): void {
    this.#handles.get(runId)?.pause(BY);
  }

  cancel(runId: string): void {
    this.#handles.get(runId)?.cancel(BY);
  }

  async settle(runId: string, action: 'apply' | 'discard') {
    const runtime = await (action === 'apply' ? this.#unbroken(runId) : this.#runtimeOf(runId));
    try {
      return await settleResult({ runId, action, by: BY }, runtime);
    } finally {
      this.#changed.fire();
    }
  }

  async replay(runId: string, progress: Progress) {
    return replayRun((await this.#open()).store, runId, progress);
  }

  async replayNode(runId: string, node: string, progress: Progress) {
    return replayNode((await this.#open()).store, runId, node, progress);
  }

  async verify(runId: string, progress: Progress) {
    const { store } = await this.#open();
    const { root } = await store.summary(runId);
    const report = await store.verify(runId, { ...progress, heads: this.#heads.of(root, runId) });
    if (report.sound) await this.#heads.confirm(root, runId);
    return report;
  }

  async exportBundle(runId: string, file: string, progress: Progress) {
    const { store } = await this.#unbroken(runId);
    const signingKey = await readSigningKey(this.#context.secrets);
    const signing = signingKey === undefined ? {} : { signingKey };
    // The window's own dialog has asked before it names a file that is there.
    return exportBundle(store, runId, { ...progress, file, replace: true, ...signing });
  }

  async importBundle(file: string, progress: Progress) {
    const { store, clock } = await this.#open();
    const imported = await importBundle(file, store, { ...progress, at: clock.now() });
    const { ok, runId, report } = imported;
    if (ok) await this.#heads.add(store.root, runId, { events: report.events, hash: report.head });
    this.#changed.fire();
    return imported;
  }

  async rebuild(progress: Progress) {
    try {
      return await (await this.#open()).store.rebuild(progress);
    } finally {
      this.#changed.fire();
    }
  }

  async signingKey() {
    const key = await readSigningKey(this.#context.secrets);
    return key === undefined ? null : keyInfo(key);
  }

  async createSigningKey() {
    const { privateKey, publicKey, fingerprint } = createSigningKey();
    await storeSigningKey(this.#context.secrets, privateKey);
    return { publicKey, fingerprint };
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
    await this.#runtime?.catch(() => null);
    for (const { store } of this.#runtimes.values()) await store.close();
    await this.#heads.flush();
  }

  readonly #warn = (line: string): void => this.#log.warn(line);

  async #ports(): Promise<RunPorts> {
    const { model, baseUrl } = readSettings(this.#warn);
    const key = await readKey(this.#context.secrets);
    return {
      classifier: RULES_ALONE,
      chooseModel: needingKey(modelChooser({ model, baseUrl, key, allowFiles: false, monotonic }), key),
      approver: (runId) => this.#approvals.of(runId),
      onDelta: (runId, delta) => this.#streamed.fire({ runId, delta }),
    };
  }

  #follow(handle: RunHandle): StartedRun {
    this.#handles.set(handle.runId, handle);
    const done = handle.done.finally(() => {
      this.#handles.delete(handle.runId);
      this.#changed.fire();
    });
    this.#changed.fire();
    return { runId: handle.runId, model: handle.model, done };
  }

  #listed({ root, ...run }: StoredRun): ListedRun {
    const active = run.status === 'running' || run.status === 'waiting';
    const steered = this.#runtimes.has(root) && !run.imported && (!active || this.#handles.has(run.runId));
    return { ...run, readOnly: !steered };
  }

  /** The runtime on the store that a run lies in. */
  async #runtimeOf(runId: string): Promise<Runtime> {
    const own = await this.#open();
    return this.#runtimes.get((await own.store.summary(runId)).root) ?? own;
  }

  /** The same for a run whose record holds what this editor has kept of it; nothing is built on one that does not. */
  async #unbroken(runId: string): Promise<Runtime> {
    const runtime = await this.#runtimeOf(runId);
    const heads = this.#heads.of(runtime.store.root, runId);
    if (heads.length > 0) refuseContradicted(await runtime.store.verify(runId, { heads }));
    return runtime;
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
    const siblings = storageUri ? await siblingStores(storageUri.fsPath) : [];
    const store = await this.#openStore(root, siblings);
    const runtime = systemRuntime({ store, assets: extensionPath, version: packageJson.version });
    store.watch(() => this.#changed.fire());
    this.#runtimes.set(root, runtime);
    const others = await siblingRuntimes(runtime, siblings, (sibling) => this.#openStore(sibling, []), this.#warn);
    for (const [sibling, other] of others) this.#runtimes.set(sibling, other);
    const brokenOff: string[] = [];
    for (const each of this.#runtimes.values()) brokenOff.push(...(await recoverRuns(each).catch(this.#notRecovered)));
    void this.#settleIn(runtime, brokenOff);
    return runtime;
  }

  async #openStore(root: string, siblings: readonly string[]): Promise<RunStore> {
    const workerPath = path.join(this.#context.extensionPath, 'dist', 'store-worker.js');
    const store = await openStore({ root, workerPath, siblings, log: this.#warn });
    store.onDidAppend((event) => {
      this.#heads.note(root, event);
      this.#appended.fire(event);
    });
    return store;
  }

  /** What follows the opening of the store and is not waited for. One step that fails keeps no other from being done. */
  async #settleIn(runtime: Runtime, brokenOff: readonly string[]): Promise<void> {
    const { store, clock } = runtime;
    const keeping = { heads: this.#heads, log: this.#log };
    const steps = [
      () => lookForRuns(store, brokenOff, keeping),
      () =>
        retain(
          store,
          (days) => applyRetention(runtime, days, clock.now()),
          () => this.#changed.fire(),
          keeping,
        ),
      () => store.tendDatabases(),
    ];
    for (const step of steps) await step().catch(this.#failed);
  }

  readonly #failed = (error: unknown): void => this.#log.error(messageOf(error));

  readonly #notRecovered = (error: unknown): string[] => {
    this.#log.error(`Runs that broke off could not be marked: ${messageOf(error)}`);
    return [];
  };
}
