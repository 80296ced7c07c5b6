/** Timelines as editor tabs: one a run, restored with the window at the same run and event. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { assertNever } from '../../core/kernel/assertNever';
import { PROTOCOL_VERSION, parseWebviewMessage, type RunCommand, type WebviewMessage } from '../../protocol/messages';
import type { Approvals } from '../approvals';
import type { Runs } from '../runs';
import { TimelineFeed } from './feed';
import { timelineHtml, webviewRoot } from './html';

export const TIMELINE = 'openexec.timeline';

/** What the webview keeps with `setState`, as far as the host needs it. */
const savedState = z.object({ runId: z.string() });

type Panel = {
  readonly panel: vscode.WebviewPanel;
  readonly feed: TimelineFeed;
  ready: boolean;
  select: number | null;
};

const COMMANDS = {
  resume: 'openexec.resumeRun',
  apply: 'openexec.applyResult',
  discard: 'openexec.discardResult',
  pause: 'openexec.pauseRun',
  cancel: 'openexec.cancelRun',
  replay: 'openexec.replayRun',
  verify: 'openexec.verifyRun',
  export: 'openexec.exportEvidence',
} as const satisfies Record<RunCommand, string>;

export class TimelinePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #panels = new Map<string, Panel>();
  readonly #extension: vscode.Uri;
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #log: vscode.LogOutputChannel;

  constructor(extension: vscode.Uri, runs: Runs, approvals: Approvals, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#runs = runs;
    this.#approvals = approvals;
    this.#log = log;
  }

  /** Opens the timeline of a run, or brings it to the front; `seq` is selected in it. */
  async open(runId: string, seq?: number): Promise<void> {
    const open = this.#panels.get(runId);
    if (open) {
      open.panel.reveal();
      return this.#select(open, runId, seq);
    }
    const { task } = await this.#runs.summary(runId);
    const panel = vscode.window.createWebviewPanel(TIMELINE, title(task), vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [webviewRoot(this.#extension)],
    });
    this.#attach(panel, runId, seq ?? null);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedState.safeParse(state);
    if (!saved.success) return panel.dispose();
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extension)] };
    this.#attach(panel, saved.data.runId, null);
  }

  #attach(panel: vscode.WebviewPanel, runId: string, seq: number | null): void {
    const feed = new TimelineFeed(
      runId,
      this.#runs,
      this.#approvals,
      (message) => void panel.webview.postMessage(message),
    );
    const entry: Panel = { panel, feed, ready: false, select: seq };
    this.#panels.set(runId, entry);
    panel.webview.onDidReceiveMessage((raw: unknown) => this.#receive(entry, runId, raw));
    panel.onDidDispose(() => {
      feed.dispose();
      if (this.#panels.get(runId) === entry) this.#panels.delete(runId);
    });
    panel.webview.html = timelineHtml(panel.webview, this.#extension);
  }

  #select(entry: Panel, runId: string, seq: number | undefined): void {
    if (seq === undefined) return;
    if (entry.ready) void entry.panel.webview.postMessage({ type: 'select', runId, seq });
    else entry.select = seq;
  }

  #receive(entry: Panel, runId: string, raw: unknown): void {
    const parsed = parseWebviewMessage(raw);
    if (!parsed.ok) {
      this.#log.warn(parsed.error.message);
      const hello = { type: 'hello', protocol: PROTOCOL_VERSION, run: null } as const;
      if (parsed.error.kind === 'version') void entry.panel.webview.postMessage(hello);
      return;
    }
    void this.#answer(entry, runId, parsed.value).catch((error: unknown) => this.#log.error(String(error)));
  }

  async #answer(entry: Panel, runId: string, message: WebviewMessage): Promise<void> {
    if ('runId' in message && message.runId !== runId) return;
    switch (message.type) {
      case 'ready':
        await entry.feed.greet();
        entry.ready = true;
        this.#select(entry, runId, entry.select ?? undefined);
        entry.select = null;
        return;
      case 'details':
        return entry.feed.details(message.seq);
      case 'resolveApproval':
        this.#approvals.resolve(runId, message.approval, message.verdict, message.reason, message.edited);
        return;
      case 'selected':
        entry.feed.moment(message.seq);
        return;
      case 'command':
        await vscode.commands.executeCommand(COMMANDS[message.id], runId);
        return;
      case 'reveal':
        // A run's blueprint is recorded, and may stand in no file.
        return;
      default:
        return assertNever(message);
    }
  }

  dispose(): void {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }
}

function title(task: string): string {
  const line = task.split('\n', 1)[0] ?? '';
  return `Run: ${line.length > 40 ? `${line.slice(0, 39).trimEnd()}…` : line}`;
}
