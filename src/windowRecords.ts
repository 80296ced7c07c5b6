/** The records of runs, as this window reads them: what happened, what it amounts to, and whether it is as it was. */
import packageJson from '../package.json';
import type { RunEvent } from './core/events/schema';
import { OpenExecError } from './core/kernel/errors';
import type { Progress } from './core/ports/progress';
import { htmlReport } from './node/evidence/soundRecord';
import { compareRuns } from './node/runs/compareRuns';
import { fileInTree } from './node/runs/fileInTree';
import { type Moments, moments } from './node/runs/moments';
import { replayNode, replayRun } from './node/runs/replayRun';
import { searchRun } from './node/runs/searchRun';
import { textByHash } from './node/runs/textByHash';
import { sendTrace } from './node/traces/sendTrace';
import { traceOf } from './node/traces/traceOf';
import { headerWriter } from './protocol/headers';
import type { TraceTarget } from './vscode/runs';
import type { WindowStores } from './windowStores';

export class WindowRecords {
  protected readonly stores: WindowStores;
  #moments: Moments | null = null;

  constructor(stores: WindowStores) {
    this.stores = stores;
  }

  async *events(runId: string, from: number): AsyncIterable<RunEvent> {
    const { store } = await this.stores.open();
    yield* store.read(runId, { from });
  }

  async event(runId: string, seq: number): Promise<RunEvent> {
    const { store } = await this.stores.open();
    for await (const event of store.read(runId, { from: seq, to: seq })) return store.inline(event);
    throw new OpenExecError('run_unknown', `The run ${runId} has no event ${seq}.`);
  }

  async egress(runId: string) {
    const { ledger, problem } = await (await this.stores.open()).store.egress(runId);
    return { ledger, problem };
  }

  async moment(runId: string, seq: number) {
    const { store } = await this.stores.open();
    this.#moments ??= moments(store);
    return this.#moments.at(runId, seq);
  }

  async fileInTree(runId: string, at: { readonly tree: string; readonly path: string }) {
    return fileInTree(await this.stores.of(runId), runId, at);
  }

  async compare(runIds: readonly string[], progress: Progress) {
    return compareRuns((await this.stores.open()).store, runIds, { ...progress, titles });
  }

  async textByHash(runId: string, sha256: string) {
    return textByHash((await this.stores.open()).store, runId, sha256);
  }

  async *search(runId: string, query: string, from: number) {
    yield* searchRun((await this.stores.open()).store, runId, query, from);
  }

  async replay(runId: string, progress: Progress) {
    return replayRun((await this.stores.open()).store, runId, progress);
  }

  async replayNode(runId: string, node: string, progress: Progress) {
    return replayNode((await this.stores.open()).store, runId, node, progress);
  }

  async verify(runId: string, progress: Progress) {
    const { store } = await this.stores.open();
    const { root } = await store.summary(runId);
    const report = await store.verify(runId, { ...progress, heads: this.stores.heads.of(root, runId) });
    if (report.sound) await this.stores.heads.confirm(root, runId);
    return report;
  }

  async htmlReport(runId: string, progress: Progress) {
    return htmlReport((await this.stores.unbroken(runId)).store, runId, progress);
  }

  async sendTrace(runId: string, { endpoint, content }: TraceTarget) {
    const trace = await traceOf((await this.stores.open()).store, runId, content);
    await sendTrace(trace, { endpoint, version: packageJson.version });
  }
}

/** The lines for people of one run's events. */
function titles(): (event: RunEvent) => string {
  const headerOf = headerWriter();
  return (event) => headerOf(event).title;
}
