/** Links to runs that are opened outside of VS Code: each leads to the timeline, at the event that it names. */
import type * as vscode from 'vscode';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { formatNumber } from '../../protocol/format';
import { showProblem } from '../problems';
import type { Runs } from '../runs';
import { parseLink, type RunLink } from './link';
import type { TimelinePanels } from './panels';

type Desk = {
  readonly runs: Pick<Runs, 'summary'>;
  readonly panels: Pick<TimelinePanels, 'open'>;
  readonly log: vscode.LogOutputChannel;
};

export class RunLinks implements vscode.UriHandler {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Opens what the link names; a link that leads nowhere ends in one message with a next step. */
  async handleUri({ path }: vscode.Uri): Promise<void> {
    try {
      const link = parseLink(path);
      if (!link.ok) throw link.error;
      await this.#open(link.value);
    } catch (error) {
      // Not waited for: the message stays until the person has answered it.
      void showProblem(error, this.#desk.log);
    }
  }

  async #open({ runId, seq }: RunLink): Promise<void> {
    const { events } = await this.#desk.runs.summary(runId).catch((error: unknown) => {
      throw isOpenExecError(error, 'run_unknown') ? notHere(runId) : error;
    });
    if (seq !== null && seq >= events) throw tooFar(runId, seq, events);
    await this.#desk.panels.open(runId, seq ?? undefined);
  }
}

const notHere = (runId: string): OpenExecError =>
  new OpenExecError(
    'run_unknown',
    `The run ${runId} is not in this window. Open the folder that it was started in, or import its evidence bundle, and open the link again.`,
  );

const tooFar = (runId: string, seq: number, events: number): OpenExecError =>
  new OpenExecError(
    'usage',
    `The run ${runId} has no event ${formatNumber(seq)}: its last one is ${formatNumber(events - 1)}. Open it in the Runs view.`,
  );
