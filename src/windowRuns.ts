/** Runs, as this window sees them: the use cases of src/node behind the interface that src/vscode works with. */

import * as vscode from 'vscode';
import type { RunEvent } from './core/events/schema';
import { OpenExecError } from './core/kernel/errors';
import type { AskAboutMcp } from './core/mcp/review';
import type { ModelDelta } from './core/ports/model';
import type { Progress } from './core/ports/progress';
import { runDoctor } from './node/doctor/doctor';
import { exportBundle } from './node/evidence/exportBundle';
import { importBundle } from './node/evidence/importBundle';
import { createSigningKey, keyInfo } from './node/evidence/signingKey';
import type { LocalClassifier } from './node/gatekeeper/classifier';
import { classifierOf } from './node/gatekeeper/shipped';
import { pinFile } from './node/mcp/pinFile';
import { reviewServers } from './node/mcp/reviewServers';
import { providersOf } from './node/models/spec';
import { blueprintFacts } from './node/runs/blueprintFacts';
import { modelChooser, needingKey } from './node/runs/chooseModel';
import { startDefaults } from './node/runs/defaults';
import type { RunHandle, RunPorts } from './node/runs/driveRun';
import { previewRun } from './node/runs/previewRun';
import { inDoubtOf, resumeRun } from './node/runs/resumeRun';
import { settleResult } from './node/runs/settleResult';
import { startRun } from './node/runs/startRun';
import type { ListedRun as StoredRun } from './node/store/store';
import { openRepository } from './node/workspace/repository';
import { type Approvals, BY } from './vscode/approvals';
import { readSigningKey, storeSigningKey } from './vscode/keys';
import { editorsRipgrep } from './vscode/ripgrep';
import {
  type ListedRun,
  type RunRequest,
  type Runs,
  type Seen,
  type Settling,
  type StartedRun,
  USUAL,
} from './vscode/runs';
import { gatekeeperModel, policySetting, readSettings } from './vscode/settings';
import { windowSymbols } from './vscode/symbols';
import type { WindowModels } from './windowModels';
import { WindowPolicies } from './windowPolicies';
import { WindowRecords } from './windowRecords';
import { WindowStores } from './windowStores';

/** Who is asked, and how. */
type Person = { readonly approvals: Approvals; readonly askAboutMcp: AskAboutMcp };

export class WindowRuns extends WindowRecords implements Runs {
  readonly #context: vscode.ExtensionContext;
  readonly #models: WindowModels;
  readonly #approvals: Approvals;
  readonly #askAboutMcp: AskAboutMcp;
  readonly #policies: WindowPolicies;
  readonly #handles = new Map<string, RunHandle>();
  /** By the folder of the model; the empty one for that which is shipped. */
  readonly #classifiers = new Map<string, LocalClassifier>();
  readonly #streamed = new vscode.EventEmitter<{ runId: string; delta: ModelDelta }>();

  constructor(
    context: vscode.ExtensionContext,
    { approvals, askAboutMcp }: Person,
    models: WindowModels,
    log: vscode.LogOutputChannel,
  ) {
    super(new WindowStores(context, log));
    this.#context = context;
    this.#models = models;
    this.#approvals = approvals;
    this.#askAboutMcp = askAboutMcp;
    this.#policies = new WindowPolicies(this.stores, context.extensionPath);
    context.subscriptions.push(this.#policies);
  }

  async list(): Promise<ListedRun[]> {
    const { store } = await this.stores.open();
    return (await store.summaries()).map((run) => this.#listed(run));
  }

  async summary(runId: string): Promise<ListedRun> {
    const { store } = await this.stores.open();
    return this.#listed(await store.summary(runId));
  }

  defaults(folder: string, model?: string) {
    const { model: set, settings } = readSettings(this.stores.warn);
    return startDefaults(folder, this.#context.extensionPath, model ?? set, providersOf(settings));
  }

  readonly blueprintFacts = (folder: string | null) =>
    blueprintFacts(folder, this.#context.extensionPath, readSettings(this.stores.warn));

  /** What is found of all that a run needs, for a folder of the window or for none. */
  async doctor(folder: string | null) {
    const { store, git, environment, assets, policyFiles } = await this.stores.open();
    return runDoctor({
      ...{ folder, git, environment, assets, policyFiles, policy: policySetting },
      classifier: () => this.#classifier(),
      store: { root: store.root, runs: async () => (await store.summaries()).length },
      model: this.#models.choice(),
    });
  }

  async preview(request: RunRequest) {
    return previewRun(asRequest(request), await this.stores.open(), await this.#ports());
  }

  async start(request: RunRequest & Seen) {
    const runtime = await this.stores.open();
    const ports = await this.#ports();
    return this.#begun(() => startRun(asRequest(request), runtime, ports));
  }

  async inDoubt(runId: string) {
    return inDoubtOf((await this.stores.open()).store, runId);
  }

  async resume(runId: string, decision: 'repeat' | 'fail' | null, about: string | undefined) {
    const runtime = await this.stores.unbroken(runId);
    return this.#follow(await resumeRun({ runId, by: BY, decision, about }, runtime, await this.#ports()));
  }

  pause(runId: string): void {
    this.#handles.get(runId)?.pause(BY);
  }

  cancel(runId: string): void {
    this.#handles.get(runId)?.cancel(BY);
  }

  widen(runId: string, zones: readonly string[], reason: string): void {
    const handle = this.#handles.get(runId);
    if (handle === undefined) throw new OpenExecError('usage', 'This run does not go on in this window.');
    handle.widen(zones, BY, reason);
  }

  async settle(runId: string, wanted: Settling) {
    const runtime = await (wanted.action === 'discard' ? this.stores.of(runId) : this.stores.unbroken(runId));
    try {
      return await settleResult({ ...wanted, runId, by: BY }, runtime);
    } finally {
      this.stores.changed();
    }
  }

  async exportBundle(runId: string, file: string, progress: Progress) {
    const { store } = await this.stores.unbroken(runId);
    const signingKey = await readSigningKey(this.#context.secrets);
    const signing = signingKey === undefined ? {} : { signingKey };
    // The window's own dialog has asked before it names a file that is there.
    return exportBundle(store, runId, { ...progress, file, replace: true, ...signing });
  }

  async importBundle(file: string, progress: Progress) {
    const { store, clock } = await this.stores.open();
    const imported = await importBundle(file, store, { ...progress, at: clock.now() });
    const { ok, runId, report } = imported;
    if (ok) await this.stores.heads.add(store.root, runId, { events: report.events, hash: report.head });
    this.stores.changed();
    return imported;
  }

  async rebuild(progress: Progress) {
    try {
      return await (await this.stores.open()).store.rebuild(progress);
    } finally {
      this.stores.changed();
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

  explain(runId: string, seq: number) {
    return this.#policies.explain(runId, seq);
  }

  whatIf(runId: string, policy: string, progress: Progress) {
    return this.#policies.whatIf(runId, policy, progress);
  }

  policies() {
    return this.#policies.list();
  }

  drift(runId: string) {
    return this.#policies.drift(runId);
  }

  policyFile(runId: string, seq: number) {
    return this.#policies.fileOf(runId, seq);
  }

  policyFiles(folder: string | null) {
    return this.#policies.files(folder);
  }

  readonly policyKnown = (file: string) => this.#policies.known(file);

  async reviewMcpServers(folder: string) {
    const { git, environment, version, mcp } = await this.stores.open();
    const { root } = await openRepository(folder, git);
    const pins = pinFile(mcp.pins);
    return reviewServers({ root, userFile: mcp.servers, pins, ask: this.#askAboutMcp, environment, version });
  }

  onDidChangePolicy(listener: () => void) {
    return this.#policies.onDidChange(listener);
  }

  onDidAppend(listener: (event: RunEvent) => void) {
    return this.stores.onDidAppend(listener);
  }

  onDidStream(listener: (runId: string, delta: ModelDelta) => void) {
    return this.#streamed.event(({ runId, delta }) => listener(runId, delta));
  }

  onDidChange(listener: () => void) {
    return this.stores.onDidChange(listener);
  }

  /** Ends what is under way and closes the store. */
  async close(): Promise<void> {
    for (const handle of this.#handles.values()) handle.abandon();
    await Promise.allSettled([...this.#handles.values()].map(({ done }) => done));
    for (const classifier of this.#classifiers.values()) await classifier.close();
    await this.stores.close();
  }

  async #ports(): Promise<RunPorts> {
    const choice = this.#models.choice();
    return {
      classifier: this.#classifier(),
      chooseModel: needingKey(modelChooser(choice), choice),
      providers: providersOf(choice.settings),
      approver: (runId) => this.#approvals.of(runId),
      symbols: windowSymbols,
      ripgrep: editorsRipgrep(),
      askAboutMcp: this.#askAboutMcp,
      storedSecrets: await this.#models.secrets(),
      onDelta: (runId, delta) => this.#streamed.fire({ runId, delta }),
    };
  }

  /** The local model that the setting names. One that runs were started with stays open beside it. */
  #classifier(): LocalClassifier {
    const folder = gatekeeperModel();
    const classifier = this.#classifiers.get(folder) ?? classifierOf(this.#context.extensionPath, folder);
    this.#classifiers.set(folder, classifier);
    return classifier;
  }

  /** A run that was just started, once its first event is durable: before, there is no run to look at. */
  async #begun(start: () => Promise<RunHandle>): Promise<StartedRun> {
    const appended = new Set<string>();
    let look = (): void => {};
    const listening = this.stores.onDidAppend(({ run }) => {
      appended.add(run);
      look();
    });
    try {
      const started = this.#follow(await start());
      const first = new Promise<void>((resolve) => {
        look = () => appended.has(started.runId) && resolve();
        look();
      });
      await Promise.race([first, started.done.catch(() => undefined)]);
      return started;
    } finally {
      listening.dispose();
    }
  }

  #follow(handle: RunHandle): StartedRun {
    this.#handles.set(handle.runId, handle);
    const done = handle.done.finally(() => {
      this.#handles.delete(handle.runId);
      this.stores.changed();
    });
    this.stores.changed();
    return { runId: handle.runId, model: handle.model, done };
  }

  #listed({ root, ...run }: StoredRun): ListedRun {
    const active = run.status === 'running' || run.status === 'waiting';
    const steered = this.stores.writes(root) && !run.imported && (!active || this.#handles.has(run.runId));
    return { ...run, readOnly: !steered };
  }
}

/** A request with what is set where it names nothing of its own. */
const asRequest = <T extends RunRequest>(request: T) => ({
  ...request,
  ...USUAL,
  policy: request.policy ?? policySetting(),
});
