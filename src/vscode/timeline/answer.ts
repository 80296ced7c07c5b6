/**
 * One webview that shows one run, whether in an editor tab or in the side bar: what it says is parsed and answered, and
 * the run's news are posted to it until it is disposed.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../core/kernel/assertNever';
import { messageOf } from '../../core/kernel/errors';
import {
  type HostMessage,
  PROTOCOL_VERSION,
  parseWebviewMessage,
  type RunCommand,
  type WebviewMessage,
} from '../../protocol/messages';
import type { Approvals } from '../approvals';
import type { CheckContext } from '../checks';
import type { Runs } from '../runs';
import { RunCheck } from './check';
import { TimelineFeed } from './feed';
import { fileChange } from './fileChange';
import { openDiff } from './openDiff';
import { saveImage } from './saveImage';
import { RunSearch } from './search';

type ApprovalMessage = Extract<WebviewMessage, { type: 'resolveApproval' }>;

const COMMANDS = {
  resume: 'openexec.resumeRun',
  apply: 'openexec.applyResult',
  discard: 'openexec.discardResult',
  pause: 'openexec.pauseRun',
  cancel: 'openexec.cancelRun',
  replay: 'openexec.replayRun',
  verify: 'openexec.verifyRun',
  export: 'openexec.exportEvidence',
  report: 'openexec.exportReport',
  compare: 'openexec.compareRuns',
  rerunModel: 'openexec.rerunWithModel',
  rerunPolicy: 'openexec.rerunUnderPolicy',
  whatIf: 'openexec.whatIf',
} as const satisfies Record<RunCommand, string>;

/** What timelines work with. */
export type TimelineDesk = Pick<CheckContext, 'verdicts' | 'documents'> & {
  readonly runs: Runs;
  readonly approvals: Approvals;
  readonly log: vscode.LogOutputChannel;
};

/** Where a timeline stands: how it reaches its webview, and what becomes of other runs that the webview asks for. */
export type TimelinePlace = {
  post(message: HostMessage): void;
  openRun(runId: string): Promise<void>;
};

export class TimelineSession implements vscode.Disposable {
  readonly runId: string;
  readonly #desk: TimelineDesk;
  readonly #place: TimelinePlace;
  readonly #feed: TimelineFeed;
  readonly #check: RunCheck;
  readonly #search: RunSearch;
  #ready = false;
  #disposed = false;
  /** What is selected once the webview can listen. */
  #select: number | null;

  constructor(runId: string, select: number | null, desk: TimelineDesk, place: TimelinePlace) {
    this.runId = runId;
    this.#select = select;
    this.#desk = desk;
    this.#place = place;
    const post = (message: HostMessage): void => this.#post(message);
    this.#check = new RunCheck(runId, desk, post);
    const search = new RunSearch(runId, desk.runs, post);
    this.#search = search;
    this.#feed = new TimelineFeed(runId, desk.runs, desk.approvals, (message) => {
      post(message);
      if (message.type === 'events') this.#guard(search.grown());
    });
  }

  /** Selects the event `seq`, at once or as soon as the webview can listen. */
  select(seq: number): void {
    if (this.#ready) this.#post({ type: 'select', runId: this.runId, seq });
    else this.#select = seq;
  }

  /** Takes what the webview sent. What is not understood is logged; a failure is told to the person in the webview. */
  receive(raw: unknown): void {
    const parsed = parseWebviewMessage(raw);
    if (!parsed.ok) {
      this.#desk.log.warn(parsed.error.message);
      if (parsed.error.kind === 'version') this.#post({ type: 'hello', protocol: PROTOCOL_VERSION, run: null });
      return;
    }
    this.#guard(this.#answer(parsed.value));
  }

  /** Starts over: greeting, then everything from the first event. For a webview that is known to listen. */
  greet(): void {
    this.#guard(this.#greet());
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#desk.log.error(String(error));
      this.#post({ type: 'problem', message: messageOf(error) });
    });
  }

  async #greet(): Promise<void> {
    // It asks anew when it has begun anew.
    this.#search.dispose();
    await this.#feed.greet();
    this.#ready = true;
    if (this.#select !== null) this.select(this.#select);
    this.#select = null;
  }

  async #answer(message: WebviewMessage): Promise<void> {
    const { runId } = this;
    if ('runId' in message && message.runId !== runId) return;
    switch (message.type) {
      case 'ready':
        return this.#greet();
      case 'details':
        return this.#feed.details(message.seq);
      case 'resolveApproval':
        this.#resolve(message);
        return;
      case 'selected':
        this.#feed.moment(message.seq);
        return;
      case 'command':
        await vscode.commands.executeCommand(COMMANDS[message.id], runId);
        return;
      case 'explain':
        return this.#feed.explain(message.seq);
      case 'widenZones':
        await vscode.commands.executeCommand('openexec.widenZones', runId, message.seq);
        return;
      case 'openRun':
        return this.#place.openRun(message.other);
      case 'copyLink':
        await vscode.commands.executeCommand('openexec.copyLink', runId, message.seq);
        return;
      case 'change':
        this.#post({ type: 'change', runId, seq: message.seq, ...(await fileChange(message, this.#desk.runs)) });
        return;
      case 'openDiff':
        return openDiff(message, this.#desk);
      case 'search':
        return this.#search.start(message.id, message.query);
      case 'check':
        return this.#check.start(message.mode);
      case 'cancelCheck':
        this.#check.cancel();
        return;
      case 'openDivergence':
        return this.#check.openDivergence();
      case 'saveImage':
        return saveImage(runId, message.png);
      case 'reveal':
        // A run's blueprint is recorded, and may stand in no file.
        return;
      default:
        return assertNever(message);
    }
  }

  /** An answer that cannot be taken leaves the question open, and the person is told why. */
  #resolve(answer: ApprovalMessage): void {
    try {
      this.#desk.approvals.resolve(this.runId, answer.approval, answer);
    } catch (error) {
      this.#post({ type: 'problem', message: messageOf(error) });
    }
  }

  /** Answers that come after the end have nobody to go to. */
  #post(message: HostMessage): void {
    if (!this.#disposed) this.#place.post(message);
  }

  dispose(): void {
    this.#disposed = true;
    this.#feed.dispose();
    this.#check.dispose();
    this.#search.dispose();
  }
}
