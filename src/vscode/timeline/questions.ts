/** What a run asks a person, with what of the policy asks it and what would change; and what other runs ask. */
import { textOf } from '../../core/events/payload';
import type { PendingApproval, WaitingElsewhere } from '../../protocol/approval';
import { contextQuestionOf } from '../../protocol/contextQuestion';
import type { Approvals, PendingApproval as OpenRequest } from '../approvals';
import type { ListedRun, Runs } from '../runs';
import type { Asked, AskedSoFar } from './asked';
import { changeOf } from './change';

export class Questions {
  readonly #runId: string;
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #asked: AskedSoFar;
  /** What would change, by approval: an open question never becomes another. */
  readonly #changes = new Map<string, Promise<PendingApproval['change']>>();

  constructor(runId: string, runs: Runs, approvals: Approvals, asked: AskedSoFar) {
    this.#runId = runId;
    this.#runs = runs;
    this.#approvals = approvals;
    this.#asked = asked;
  }

  /** The questions that the run waits for, asked here or in the window that runs it. */
  async open({ readOnly, status }: ListedRun): Promise<PendingApproval[]> {
    const here = this.#approvals.pending().filter(({ runId }) => runId === this.#runId);
    if (here.length > 0) return Promise.all(here.map((request) => this.#askedHere(request)));
    if (!readOnly || status !== 'waiting') return [];
    return Promise.all(this.#asked.all().map((asked) => this.#askedThere(asked)));
  }

  /** What other runs ask in this window. */
  async elsewhere(): Promise<WaitingElsewhere[]> {
    const others = this.#approvals.pending().filter(({ runId }) => runId !== this.#runId);
    const named = await Promise.all(
      others.map(async ({ runId, title }) => {
        const run = await this.#runs.summary(runId).catch(() => null);
        return run === null ? [] : [{ runId, task: run.task, title }];
      }),
    );
    return named.flat();
  }

  async #askedHere(request: OpenRequest): Promise<PendingApproval> {
    const { approval, title, detail, editable, snapshot } = request;
    const asked = this.#asked.of(approval);
    const tool = request.tool ?? asked?.tool ?? null;
    const question = request.question === true;
    return {
      ...{ approval, title, detail, editable, snapshot, tool, question },
      repeatable: request.repeatable === true,
      context: request.context === true ? contextQuestionOf(detail) : null,
      asks: asked?.asks ?? null,
      change: question ? null : await this.#change(approval, tool, detail),
    };
  }

  async #askedThere({ seq, tool, asks, data }: Asked): Promise<PendingApproval> {
    const detail = await this.#wholeDetail(seq, data);
    const { approval, title, snapshot } = data;
    const question = data.question === true;
    const change = question ? null : await this.#change(approval, tool, detail);
    return {
      ...{ approval, title, detail, snapshot, tool, asks, question, change },
      editable: false,
      repeatable: false,
      context: data.context === true ? contextQuestionOf(detail) : null,
    };
  }

  /** A long detail is stored apart. */
  async #wholeDetail(seq: number, data: Asked['data']): Promise<string> {
    if (typeof data.detail === 'string') return data.detail;
    const event = await this.#runs.event(this.#runId, seq);
    return event.type === 'approval.requested' ? textOf(event.data.detail) : '';
  }

  #change(approval: string, tool: string | null, detail: string): Promise<PendingApproval['change']> {
    const { tree } = this.#asked;
    if (tool === null || tree === null) return Promise.resolve(null);
    const known = this.#changes.get(approval);
    if (known !== undefined) return known;
    const fileBefore = (path: string) => this.#runs.fileInTree(this.#runId, { tree, path }).catch(() => undefined);
    const change = changeOf(tool, detail, fileBefore);
    this.#changes.set(approval, change);
    return change;
  }
}
