/** Timelines as editor tabs: one a run, restored with the window at the same run and event. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { HostMessage } from '../../protocol/messages';
import { type TimelineDesk, TimelineSession } from './answer';
import { timelineHtml, webviewRoot } from './html';

export const TIMELINE = 'openexec.timeline';

/** What the webview keeps with `setState`, as far as the host needs it. */
const savedState = z.object({ runId: z.string() });

type Tab = { readonly panel: vscode.WebviewPanel; readonly session: TimelineSession };

export class TimelinePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #tabs = new Map<string, Tab>();
  readonly #opened = new vscode.EventEmitter<string>();
  /** A person opened a run or came back to it; tells its id. */
  readonly onDidOpen = this.#opened.event;
  readonly #extension: vscode.Uri;
  readonly #desk: TimelineDesk;

  constructor(extension: vscode.Uri, desk: TimelineDesk) {
    this.#extension = extension;
    this.#desk = desk;
  }

  /** Opens the timeline of a run, or brings it to the front; `seq` is selected in it. */
  async open(runId: string, seq?: number): Promise<void> {
    const open = this.#tabs.get(runId);
    if (open) {
      open.panel.reveal();
      if (seq !== undefined) open.session.select(seq);
      this.#opened.fire(runId);
      return;
    }
    const { task } = await this.#desk.runs.summary(runId);
    const panel = vscode.window.createWebviewPanel(TIMELINE, title(task), vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [webviewRoot(this.#extension)],
    });
    this.#attach(panel, runId, seq ?? null);
    this.#opened.fire(runId);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedState.safeParse(state);
    if (!saved.success) return panel.dispose();
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extension)] };
    this.#attach(panel, saved.data.runId, null);
  }

  #attach(panel: vscode.WebviewPanel, runId: string, seq: number | null): void {
    const session = new TimelineSession(runId, seq, this.#desk, {
      post: (message: HostMessage) => void panel.webview.postMessage(message),
      openRun: (other) => this.open(other),
    });
    const tab: Tab = { panel, session };
    this.#tabs.set(runId, tab);
    panel.webview.onDidReceiveMessage((raw: unknown) => session.receive(raw));
    panel.onDidDispose(() => {
      session.dispose();
      if (this.#tabs.get(runId) === tab) this.#tabs.delete(runId);
    });
    panel.webview.html = timelineHtml(panel.webview, this.#extension);
  }

  dispose(): void {
    for (const { panel } of [...this.#tabs.values()]) panel.dispose();
    this.#opened.dispose();
  }
}

function title(task: string): string {
  const line = task.split('\n', 1)[0] ?? '';
  return `Run: ${line.length > 40 ? `${line.slice(0, 39).trimEnd()}…` : line}`;
}
