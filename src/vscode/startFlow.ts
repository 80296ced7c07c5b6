/** The questions before a run: what is to be done, and whether to start it as the page shows it; with a way back. */
import * as vscode from 'vscode';
import { assertNever } from '../core/kernel/assertNever';
import { messageOf } from '../core/kernel/errors';
import { askBlueprint } from './askBlueprint';
import { type Agreed, askStart, type Prepared } from './askStart';
import { isAboutBlueprint, type Proposal, propose, type Suggestion } from './blueprintSuggestion';
import type { Models } from './models/models';
import { goOn, pickModel } from './models/pickModel';
import type { Changed } from './planRows';
import { pickPolicy } from './policies/pickPolicy';
import type { RunPreview, Runs, StartDefaults } from './runs';
import { askHistory } from './tasks/askHistory';
import { askTask } from './tasks/askTask';
import { holdTask, keepTask, lastTask } from './tasks/history';
import type { TaskDocuments } from './tasks/taskDocuments';

/** What is to be done, and how. */
type Wanted = {
  readonly task: string;
  readonly blueprint: string;
  /** In the place of the model and the policy that are set. */
  readonly model?: string;
  readonly policy?: string;
};
export type Choice = Agreed & Wanted;

/** What the questions need besides the answers. */
export type Asking = {
  readonly folder: string;
  readonly defaults: StartDefaults;
  readonly memory: vscode.Memento;
  readonly documents: TaskDocuments;
  /** The blueprint that was chosen beforehand: an id or a file. */
  readonly blueprint?: string | undefined;
  /** A task that was written elsewhere: it is filled in, and asked about only when one goes back to it. */
  readonly task?: string | undefined;
  /** What goes with the task, which is then asked for: what it is called, and its text. */
  readonly about?: { readonly name: string; readonly text: string } | undefined;
  readonly preview: (wanted: Wanted) => Promise<RunPreview>;
  /** Where other models and policies are found; none for a run whose model or policy is already another one. */
  readonly others?: { readonly models: Models; readonly policies: Runs['policies'] };
  /** A run that is to be done again: its answers are filled in, and only the last question is asked unless one goes back. */
  readonly again?: { readonly title: string; readonly task: string; readonly blueprint: string };
};

const LAST_BLUEPRINT = 'openexec.lastBlueprint';
const STEPS = 2;

/**
 * Asks; undefined when the person backs out. The last answers are the defaults of the next time, those of a run that is done
 * again apart. Rejects as the preview does.
 */
export async function askForRun(asking: Asking): Promise<Choice | undefined> {
  return new StartFlow(asking).ask();
}

/** What a page is made of. */
type Choices = {
  readonly task: string;
  readonly blueprint: string | undefined;
  readonly model: string | undefined;
  readonly policy: string | undefined;
};

type Step = 'task' | 'blueprint' | 'start';
type Next = Step | 'left' | Choice;

/** The questions under way: what was answered so far. */
class StartFlow {
  readonly #asking: Asking;
  readonly #title: string;
  #task: string;
  #about: Asking['about'];
  /** What the person has chosen for this run. */
  #blueprint: string | undefined;
  #model: string | undefined;
  #policy: string | undefined;
  #changed: Changed = {};
  #suggestion: Suggestion | null = null;
  /** The blueprint that the page showed last. */
  #shown: string | undefined;
  #problem: string | null = null;
  /** What the last page was made of, and the page: it is made anew only for something else. */
  #page: { readonly key: string; readonly choices: Choices; readonly proposal: Promise<Proposal> } | null = null;
  /** Why what was chosen on the page is not taken, in a line. */
  #refused: string | null = null;

  constructor(asking: Asking) {
    const { again, task, about, blueprint, memory, defaults } = asking;
    this.#asking = asking;
    this.#title = again?.title ?? vscode.l10n.t('Start Blueprint Run');
    const last = about === undefined ? (lastTask(memory) ?? defaults.recordedTask ?? '') : '';
    this.#task = again?.task ?? task ?? last;
    this.#about = about;
    this.#blueprint = again?.blueprint ?? blueprint;
  }

  async ask(): Promise<Choice | undefined> {
    let next: Next = this.#first();
    while (next === 'task' || next === 'blueprint' || next === 'start') next = await this.#step(next);
    return next === 'left' ? undefined : next;
  }

  #first(): Step {
    const { again, task, defaults } = this.#asking;
    // A blueprint that is there no more, or not to be named by its id, has to be chosen anew.
    if (again !== undefined)
      return defaults.blueprints.some(({ id }) => id === again.blueprint) ? 'start' : 'blueprint';
    return task === undefined ? 'task' : 'start';
  }

  #step(step: Step): Promise<Next> {
    switch (step) {
      case 'task':
        return this.#askTask();
      case 'blueprint':
        return this.#askBlueprint();
      case 'start':
        return this.#askStart();
      default:
        return assertNever(step);
    }
  }

  /** What the run is told. */
  get #whole(): string {
    return this.#about === undefined ? this.#task : `${this.#task}\n\n${this.#about.text}`;
  }

  async #askTask(): Promise<Next> {
    const { memory, documents } = this.#asking;
    const about = this.#about?.name ?? null;
    const question = { title: this.#title, totalSteps: STEPS, prompt: this.#modelLine(), task: this.#task, about };
    const answer = await askTask(question);
    if (answer === undefined) return 'left';
    if (answer.task !== this.#task) this.#setTask(answer.task);
    switch (answer.does) {
      case 'go':
        return 'start';
      case 'history': {
        const task = await askHistory(vscode.l10n.t('Start Blueprint Run: History'), memory);
        if (task !== undefined) this.#setTask(task);
        return 'task';
      }
      case 'write': {
        const written = await documents.write(this.#whole);
        if (written === undefined) return 'left';
        this.#about = undefined;
        this.#setTask(written);
        return 'start';
      }
      default:
        return assertNever(answer.does);
    }
  }

  /** What was changed of a plan was changed of the plan of its task. */
  #setTask(task: string): void {
    this.#task = task;
    this.#changed = {};
    this.#suggestion = null;
  }

  async #askBlueprint(): Promise<Next> {
    const { defaults, again, memory } = this.#asking;
    const [now, suggestion, problem] = [this.#blueprint ?? this.#shown, this.#suggestion, this.#problem];
    const answer = await askBlueprint({ title: this.#title, now, suggestion, problem, of: defaults.blueprints });
    if (answer === 'left') return 'left';
    // Without a blueprint that does there is no page to go back to.
    if (answer === 'back') return this.#shown === undefined || problem !== null ? 'task' : 'start';
    this.#blueprint = answer.id;
    this.#problem = null;
    if (again === undefined) await memory.update(LAST_BLUEPRINT, answer.id);
    return 'start';
  }

  async #askStart(): Promise<Next> {
    const { memory, again } = this.#asking;
    const task = this.#whole;
    if (again === undefined) holdTask(memory, task);
    const proposal = this.#proposed(task);
    const prepared = proposal.then(async (one) => {
      if (again === undefined) await keepTask(memory, task, one.seen);
      return this.#prepared(one);
    });
    const asked = { title: this.#title, step: STEPS, totalSteps: STEPS, memory, prepared, changed: this.#changed };
    try {
      const answer = await askStart(asked);
      if (answer === undefined) return 'left';
      this.#refused = null;
      if (answer.kind === 'start') return { ...this.#wanted((await proposal).blueprint), ...answer.agreed };
      this.#changed = answer.changed;
      if (answer.kind === 'model') return await this.#askModel();
      return answer.kind === 'policy' ? await this.#askPolicy(await proposal) : answer.kind;
    } catch (error) {
      if (this.#backToPage(task, error)) return 'start';
      // One that nobody has chosen is no reason to end here.
      if (this.#blueprint !== undefined || !isAboutBlueprint(error)) throw error;
      this.#problem = messageOf(error);
      return 'blueprint';
    }
  }

  /** Takes back what was chosen on a page that was shown for the task; false when there was none. */
  #backToPage(task: string, error: unknown): boolean {
    const page = this.#page;
    if (page === null || page.choices.task !== task || page.key === this.#key(task)) return false;
    ({ blueprint: this.#blueprint, model: this.#model, policy: this.#policy } = page.choices);
    this.#refused = messageOf(error);
    return true;
  }

  #key = (task: string): string => JSON.stringify([task, this.#blueprint, this.#model, this.#policy]);

  /** The run as it would be, once for the same answers; what changes meanwhile is noticed at the start. */
  async #proposed(task: string): Promise<Proposal> {
    const key = this.#key(task);
    if (this.#page?.key === key) return this.#page.proposal;
    const choices = { task, blueprint: this.#blueprint, model: this.#model, policy: this.#policy };
    const proposal = this.#propose(task);
    await proposal;
    this.#page = { key, choices, proposal };
    return proposal;
  }

  #propose(task: string): Promise<Proposal> {
    const { defaults, memory, preview } = this.#asking;
    const { blueprints } = defaults;
    const last = memory.get<string>(LAST_BLUEPRINT);
    const recorded = (this.#model ?? defaults.model)?.startsWith('recorded:') === true;
    return propose({ task, chosen: this.#blueprint, last, recorded, blueprints }, (blueprint) =>
      preview(this.#wanted(blueprint)),
    );
  }

  #prepared({ seen, blueprint, suggestion, ...proposal }: Proposal): Prepared {
    this.#suggestion = suggestion;
    this.#shown = blueprint;
    this.#problem = null;
    const { defaults, others, again } = this.#asking;
    const by = again?.blueprint === blueprint ? 'again' : proposal.by;
    const title =
      defaults.blueprints.find(({ id, file }) => id === blueprint || file === blueprint)?.title ?? blueprint;
    return {
      seen,
      requested: {
        task: this.#whole,
        blueprint: { title, by, suggestion },
        open: others !== undefined,
        refused: this.#refused,
      },
    };
  }

  #wanted = (blueprint: string): Wanted => ({
    task: this.#whole,
    blueprint,
    ...(this.#model === undefined ? {} : { model: this.#model }),
    ...(this.#policy === undefined ? {} : { policy: this.#policy }),
  });

  async #askModel(): Promise<Next> {
    const { others, folder } = this.#asking;
    if (others === undefined) return 'start';
    const choices = await others.models.choices(folder);
    const placeholder = vscode.l10n.t('Which model does this run use? The setting stays as it is.');
    const question = { title: this.#title, placeholder, used: vscode.l10n.t('used by this run') };
    const wanted = await pickModel({ ...choices, current: this.#model ?? choices.current }, others.models, question);
    if (wanted === undefined) return 'start';
    if (wanted.kind !== 'model') {
      await goOn(wanted);
      return 'left';
    }
    this.#model = wanted.spec;
    return 'start';
  }

  async #askPolicy({ seen }: Proposal): Promise<Next> {
    const { others, folder } = this.#asking;
    if (others === undefined) return 'start';
    const placeHolder = vscode.l10n.t('Which policy decides in this run? The setting stays as it is.');
    const question = { title: this.#title, placeHolder, used: seen.policy.id, folder };
    this.#policy = (await pickPolicy(await others.policies(), question)) ?? this.#policy;
    return 'start';
  }

  /** What is known of the model before the run is prepared. */
  #modelLine(): string {
    const { model, recordedTask } = this.#asking.defaults;
    const used = this.#model ?? model;
    if (used === null) return vscode.l10n.t('No model is configured yet; you will be told how to set one.');
    if (recordedTask === null || used !== model) return vscode.l10n.t('Model: {0}', used);
    return vscode.l10n.t(
      'Model: {0}, a recording without live calls. It answers the task that is filled in, and no other.',
      used,
    );
  }
}
