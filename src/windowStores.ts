/**
 * The stores of this window: its own, and those of other windows on the same folder. Opened at the first use, with what is
 * due then: runs that broke off are marked, records that are gone are told of, what was kept long enough is deleted.
 */
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import packageJson from '../package.json';
import type { RunEvent } from './core/events/schema';
import { messageOf } from './core/kernel/errors';
import { mcpFilesBeside } from './node/mcp/places';
import { policyFiles } from './node/policy/places';
import { recoverRuns } from './node/runs/recoverRuns';
import { applyRetention } from './node/runs/retention';
import { type Runtime, systemRuntime } from './node/runs/runtime';
import { siblingRuntimes } from './node/runs/siblingRuntimes';
import { siblingStores } from './node/store/siblings';
import { openStore, type RunStore } from './node/store/store';
import { sha256 } from './node/system/sha256';
import { KeptHeads, refuseContradicted } from './vscode/keptHeads';
import { lookForRuns, retain } from './vscode/startUp';

export class WindowStores {
  readonly heads: KeptHeads;
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #appended = new vscode.EventEmitter<RunEvent>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** By the root of the store. */
  readonly #runtimes = new Map<string, Runtime>();
  #runtime: Promise<Runtime> | null = null;
  readonly onDidAppend = this.#appended.event;
  /** The list of runs changed: here, or in another window. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.heads = new KeptHeads(context.globalState, sha256, this.warn);
  }

  readonly warn = (line: string): void => this.#log.warn(line);

  /** Tells everybody who looks at the list that it is another one now. */
  changed(): void {
    this.#changed.fire();
  }

  /** True for a store that this window may write. */
  writes(root: string): boolean {
    return this.#runtimes.has(root);
  }

  /** The runtime on this window's own store; one that could not be opened is tried again by the next who asks. */
  open(): Promise<Runtime> {
    this.#runtime ??= this.#openRuntime().catch((error: unknown) => {
      this.#runtime = null;
      throw error;
    });
    return this.#runtime;
  }

  /** The runtime on the store that a run lies in. */
  async of(runId: string): Promise<Runtime> {
    const own = await this.open();
    return this.#runtimes.get((await own.store.summary(runId)).root) ?? own;
  }

  /** The same for a run whose record holds what this editor has kept of it; nothing is built on one that does not. */
  async unbroken(runId: string): Promise<Runtime> {
    const runtime = await this.of(runId);
    const heads = this.heads.of(runtime.store.root, runId);
    if (heads.length > 0) refuseContradicted(await runtime.store.verify(runId, { heads }));
    return runtime;
  }

  async close(): Promise<void> {
    await this.#runtime?.catch(() => null);
    for (const { store } of this.#runtimes.values()) await store.close();
    await this.heads.flush();
  }

  async #openRuntime(): Promise<Runtime> {
    const { storageUri, globalStorageUri, extensionPath } = this.#context;
    const root = path.join((storageUri ?? globalStorageUri).fsPath, 'store');
    const siblings = storageUri ? await siblingStores(storageUri.fsPath) : [];
    const store = await this.#openStore(root, siblings);
    const runtime = systemRuntime({
      store,
      assets: extensionPath,
      version: packageJson.version,
      // What was agreed to is kept where no folder that is opened can put anything.
      mcp: {
        servers: mcpFilesBeside(policyFiles(process.platform, process.env, os.homedir()).user).servers,
        pins: path.join(globalStorageUri.fsPath, 'mcp-pins.json'),
      },
    });
    store.watch(() => this.#changed.fire());
    this.#runtimes.set(root, runtime);
    const others = await siblingRuntimes(runtime, siblings, (sibling) => this.#openStore(sibling, []), this.warn);
    for (const [sibling, other] of others) this.#runtimes.set(sibling, other);
    const brokenOff: string[] = [];
    for (const each of this.#runtimes.values()) brokenOff.push(...(await recoverRuns(each).catch(this.#notRecovered)));
    void this.#settleIn(runtime, brokenOff);
    return runtime;
  }

  async #openStore(root: string, siblings: readonly string[]): Promise<RunStore> {
    const workerPath = path.join(this.#context.extensionPath, 'dist', 'store-worker.js');
    const store = await openStore({ root, workerPath, siblings, log: this.warn });
    store.onDidAppend((event) => {
      this.heads.note(root, event);
      this.#appended.fire(event);
    });
    return store;
  }

  /** What follows the opening of the store and is not waited for. One step that fails keeps no other from being done. */
  async #settleIn(runtime: Runtime, brokenOff: readonly string[]): Promise<void> {
    const { store, clock } = runtime;
    const keeping = { heads: this.heads, log: this.#log };
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
