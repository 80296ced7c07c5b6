/** "What Left This Machine" as editor tabs: one over all runs, and one for each run that is asked for. */
import * as vscode from 'vscode';
import { assertNever } from '../../core/kernel/assertNever';
import { messageOf } from '../../core/kernel/errors';
import { formatCount } from '../../protocol/format';
import { type LedgerEntry, type LedgerHostMessage, parseLedgerWebview } from '../../protocol/ledger';
import { besideFolder } from '../besideFolder';
import { info } from '../messages';
import { timelineHtml, webviewRoot } from '../timeline/html';
import { ledgerCsv } from './csv';
import { type LedgerSource, readLedger } from './reading';

const LEDGER = 'openexec.ledger';
const TITLE = 'What Left This Machine';

export class LedgerPanels implements vscode.Disposable {
  readonly #panels = new Map<string, LedgerPanel>();
  readonly #extension: vscode.Uri;
  readonly #runs: LedgerSource;
  readonly #log: vscode.LogOutputChannel;

  constructor(extension: vscode.Uri, runs: LedgerSource, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#runs = runs;
    this.#log = log;
  }

  /** Opens the page over all runs, or over one, or brings it to the front. */
  open(runId: string | null): void {
    const key = runId ?? '';
    const open = this.#panels.get(key);
    if (open) {
      open.reveal();
      return;
    }
    const panel = new LedgerPanel(runId, this.#extension, this.#runs, this.#log);
    this.#panels.set(key, panel);
    panel.onDidDispose(() => this.#panels.delete(key));
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }
}

class LedgerPanel implements vscode.Disposable {
  readonly #runId: string | null;
  readonly #runs: LedgerSource;
  readonly #log: vscode.LogOutputChannel;
  readonly #panel: vscode.WebviewPanel;
  #reading = new AbortController();
  #read: Promise<readonly LedgerEntry[]> = Promise.resolve([]);

  constructor(runId: string | null, extension: vscode.Uri, runs: LedgerSource, log: vscode.LogOutputChannel) {
    this.#runId = runId;
    this.#runs = runs;
    this.#log = log;
    const title = runId === null ? TITLE : `${TITLE}: ${runId}`;
    this.#panel = vscode.window.createWebviewPanel(LEDGER, title, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [webviewRoot(extension)],
    });
    this.#panel.webview.onDidReceiveMessage((raw: unknown) => {
      this.#receive(raw).catch((error: unknown) => this.#log.error(messageOf(error)));
    });
    this.#panel.onDidDispose(() => this.#reading.abort());
    this.#panel.webview.html = timelineHtml(this.#panel.webview, extension, { id: 'ledger', title: TITLE });
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async #receive(raw: unknown): Promise<void> {
    const parsed = parseLedgerWebview(raw);
    if (!parsed.ok) {
      this.#log.warn(parsed.error);
      return;
    }
    const message = parsed.value;
    switch (message.type) {
      case 'ready':
        return this.#start();
      case 'cancel':
        this.#reading.abort();
        return;
      case 'export':
        return exportCsv(await this.#read, this.#runId);
      case 'openRun':
        await vscode.commands.executeCommand('openexec.openTimeline', message.runId);
        return;
      default:
        return assertNever(message);
    }
  }

  /** What an earlier reading still posts would stand among the rows of this one. */
  #start(): void {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const post = (message: LedgerHostMessage): void => {
      if (this.#reading === reading) void this.#panel.webview.postMessage(message);
    };
    this.#read = readLedger(this.#runs, this.#runId, post, reading.signal);
  }
}

/** Writes what was read to a file that the person names. */
async function exportCsv(entries: readonly LedgerEntry[], runId: string | null): Promise<void> {
  const name = runId === null ? 'openexec-egress.csv' : `openexec-egress-${runId}.csv`;
  const target = await vscode.window.showSaveDialog({
    title: 'Export What Left This Machine',
    saveLabel: 'Export',
    filters: { CSV: ['csv'] },
    ...besideFolder(name),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(ledgerCsv(entries)));
  void info(`OpenExec: exported what left in ${formatCount(entries.length, 'run')} to ${target.fsPath}.`);
}
