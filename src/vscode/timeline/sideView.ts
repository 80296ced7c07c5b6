/**
 * The timeline in the side bar: the run that was last chosen, in the Runs view or by opening it, else the newest. While
 * the view is hidden nothing of the run is read; its page loads anew when it is shown, and says so with `ready`.
 */
import * as vscode from 'vscode';
import { z } from 'zod';
import { messageOf } from '../../core/kernel/errors';
import { oneLine } from '../../protocol/format';
import { type HostMessage, PROTOCOL_VERSION, parseWebviewMessage } from '../../protocol/messages';
import type { ListedRun } from '../runs';
import { type TimelineDesk, TimelineSession } from './answer';
import { timelineHtml, webviewRoot } from './html';

export const TIMELINE_VIEW = 'openexec.timelineView';

/** Where the chosen run is remembered, so that it is shown again after a reload. */
const CHOSEN = 'openexec.timelineRun';
const chosenSchema = z.string().min(1);
/** The longest description beside the view's name, in characters. */
const DESCRIPTION = 60;

export class TimelineView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #desk: TimelineDesk;
  readonly #memory: vscode.Memento;
  readonly #subscription: { dispose(): void };
  #view: vscode.WebviewView | null = null;
  #session: TimelineSession | null = null;
  /** True once the page has said that it listens, until the view is hidden. */
  #listening = false;
  /** The run that is shown or about to be; a run that took long to be looked up must not take the place of a later one. */
  #target: { readonly runId: string | null } | null = null;

  constructor(extension: vscode.Uri, desk: TimelineDesk, memory: vscode.Memento) {
    this.#extension = extension;
    this.#desk = desk;
    this.#memory = memory;
    this.#subscription = desk.runs.onDidChange(() => {
      // Where there was no run there may be one now.
      if (this.#listening && this.#session === null) void this.#show(this.#remembered());
    });
  }

  /** The run that is shown; null when none is. */
  get runId(): string | null {
    return this.#session?.runId ?? null;
  }

  /** Shows a run, now or when the view is next seen, and remembers it. */
  async choose(runId: string): Promise<void> {
    if (this.#listening && this.#target?.runId !== runId) void this.#show(runId);
    await this.#memory.update(CHOSEN, runId);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extension)] };
    view.webview.onDidReceiveMessage((raw: unknown) => this.#receive(raw));
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.#leave();
    });
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#leave();
      this.#view = null;
    });
    view.webview.html = timelineHtml(view.webview, this.#extension, PAGE);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#leave();
  }

  #leave(): void {
    this.#listening = false;
    this.#target = null;
    this.#end();
  }

  #end(): void {
    this.#session?.dispose();
    this.#session = null;
  }

  #receive(raw: unknown): void {
    if (this.#session !== null) {
      this.#session.receive(raw);
      return;
    }
    const parsed = parseWebviewMessage(raw);
    if (!parsed.ok) {
      this.#desk.log.warn(parsed.error.message);
      if (parsed.error.kind === 'version') this.#post(NOTHING);
      return;
    }
    if (parsed.value.type !== 'ready') return;
    this.#listening = true;
    void this.#show(this.#remembered());
  }

  #remembered(): string | null {
    return chosenSchema.safeParse(this.#memory.get(CHOSEN)).data ?? null;
  }

  /** Shows a run, or the newest when there is no such run any more; the page is told to begin with it. Never rejects. */
  async #show(runId: string | null): Promise<void> {
    const target = { runId };
    this.#target = target;
    try {
      const listed = await this.#desk.runs.list();
      if (this.#target !== target) return;
      const run = listed.find((one) => one.runId === runId) ?? listed[0] ?? null;
      this.#end();
      this.#describe(run);
      if (run === null) this.#post(NOTHING);
      else this.#begin(run.runId);
    } catch (error) {
      this.#desk.log.error(String(error));
      if (this.#target === target) this.#post({ ...NOTHING, notice: messageOf(error) });
    }
  }

  #begin(runId: string): void {
    this.#target = { runId };
    this.#session = new TimelineSession(runId, null, this.#desk, {
      post: (message: HostMessage) => this.#post(message),
      openRun: (other: string) => this.choose(other),
    });
    this.#session.greet();
  }

  #describe(run: ListedRun | null): void {
    if (this.#view === null) return;
    this.#view.description = run === null ? '' : oneLine(run.task, DESCRIPTION);
    void vscode.commands.executeCommand('setContext', 'openexec.runShown', run !== null);
  }

  #post(message: HostMessage): void {
    void this.#view?.webview.postMessage(message);
  }
}

const PAGE = { id: 'timeline', title: 'OpenExec timeline', layout: 'compact' } as const;

const NOTHING = { type: 'hello', protocol: PROTOCOL_VERSION, run: null } as const;
