/** "Compare Runs" as editor tabs: one for each choice of runs, restored with the window. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { Compared } from '../../core/compare/compare';
import { assertNever } from '../../core/kernel/assertNever';
import { messageOf } from '../../core/kernel/errors';
import {
  COMPARE_PROTOCOL,
  type CompareHostMessage,
  type CompareWebviewMessage,
  comparedIdsSchema,
  parseCompareWebview,
} from '../../protocol/compare';
import { formatNumber } from '../../protocol/format';
import type { Documents } from '../documents';
import type { Runs } from '../runs';
import { timelineHtml, webviewRoot } from '../timeline/html';
import { openDiff } from './openDiff';
import { ColumnPages, comparedMessage } from './pages';

export const COMPARE = 'openexec.compare';
const TITLE = 'Compare Runs';

/** What the webview keeps with `setState`, as far as the host needs it. */
const savedSchema = z.object({ runs: comparedIdsSchema });

type Needs = { readonly runs: Runs; readonly documents: Documents; readonly log: vscode.LogOutputChannel };

export class ComparePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #panels = new Map<string, ComparePanel>();
  readonly #extension: vscode.Uri;
  readonly #needs: Needs;

  constructor(extension: vscode.Uri, needs: Needs) {
    this.#extension = extension;
    this.#needs = needs;
  }

  /** Opens the comparison of two to six runs, the first with each other one, or brings it to the front. */
  open(runIds: readonly string[]): void {
    const open = this.#panels.get(keyOf(runIds));
    if (open) {
      open.panel.reveal();
      return;
    }
    const title = `${TITLE} (${formatNumber(runIds.length)})`;
    const panel = vscode.window.createWebviewPanel(COMPARE, title, vscode.ViewColumn.Active, this.#options());
    this.#attach(panel, runIds);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedSchema.safeParse(state);
    if (!saved.success) return panel.dispose();
    panel.webview.options = this.#options();
    this.#attach(panel, saved.data.runs);
  }

  dispose(): void {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [webviewRoot(this.#extension)] };
  }

  #attach(panel: vscode.WebviewPanel, runIds: readonly string[]): void {
    const key = keyOf(runIds);
    const entry = new ComparePanel(panel, runIds, this.#needs);
    this.#panels.set(key, entry);
    panel.onDidDispose(() => {
      if (this.#panels.get(key) === entry) this.#panels.delete(key);
    });
    panel.webview.html = timelineHtml(panel.webview, this.#extension, { id: 'compare', title: TITLE });
  }
}

const keyOf = (runIds: readonly string[]): string => JSON.stringify(runIds);

class ComparePanel {
  readonly panel: vscode.WebviewPanel;
  readonly #runIds: readonly string[];
  readonly #needs: Needs;
  #reading = new AbortController();
  #compared: Compared | null = null;
  #pages: ColumnPages | null = null;

  constructor(panel: vscode.WebviewPanel, runIds: readonly string[], needs: Needs) {
    this.panel = panel;
    this.#runIds = runIds;
    this.#needs = needs;
    panel.webview.onDidReceiveMessage((raw: unknown) => {
      const parsed = parseCompareWebview(raw);
      if (!parsed.ok) needs.log.warn(parsed.error);
      else this.#answer(parsed.value).catch((error: unknown) => needs.log.error(messageOf(error)));
    });
    panel.onDidDispose(() => this.#reading.abort());
  }

  async #answer(message: CompareWebviewMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.#compare();
      case 'rows':
        if (this.#pages !== null) this.#post(this.#pages.page(message.view, message.from));
        return;
      case 'openEvent':
        if (!this.#runIds.includes(message.runId)) return;
        await vscode.commands.executeCommand('openexec.openTimeline', message.runId, message.seq ?? undefined);
        return;
      case 'openDiff': {
        const file = this.#compared?.comparison.files[message.file];
        if (file !== undefined) await openDiff(file, message.run, this.#runIds, this.#needs);
        return;
      }
      default:
        return assertNever(message);
    }
  }

  /** What an earlier reading still finds would stand among what this one does. */
  async #compare(): Promise<void> {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#post({ type: 'start', protocol: COMPARE_PROTOCOL, runs: [...this.#runIds] });
    try {
      const compared = await this.#needs.runs.compare(this.#runIds, { signal: reading.signal });
      if (this.#reading !== reading) return;
      this.#compared = compared;
      this.#pages = compared.aligned === null ? null : new ColumnPages(compared.aligned);
      this.#post(comparedMessage(compared));
    } catch (error) {
      if (reading.signal.aborted) return;
      this.#post({ type: 'problem', message: messageOf(error).slice(0, 1000) });
    }
  }

  #post(message: CompareHostMessage): void {
    void this.panel.webview.postMessage(message);
  }
}
