/** Where a run first goes another way than the first one, and how that is said. Pure. */
import type { Divergence } from '../events/comparison';
import type { EventType } from '../events/schema';
import { isEqual } from './align';
import type { Step } from './steps';

/** The runs' ids: the first one's, the other's. */
type Pair = readonly [string, string];

/** Takes the steps of another run one by one, so that they need not be kept. */
export class DivergenceFinder {
  readonly #runs: Pair;
  readonly #first: readonly Step[];
  #taken = 0;
  #found: Divergence | null = null;

  /** `first` holds all steps of the first run. */
  constructor(runs: Pair, first: readonly Step[]) {
    this.#runs = runs;
    this.#first = first;
  }

  take(step: Step): void {
    if (this.#found !== null) return;
    const beside = this.#first[this.#taken];
    if (isEqual(beside, step)) this.#taken += 1;
    else this.#found = divergenceAt(this.#runs, this.#taken, beside ?? null, step);
  }

  /** The first divergence over all steps that were taken; null when they are those of the first run. */
  result(): Divergence | null {
    if (this.#found !== null) return this.#found;
    const beside = this.#first[this.#taken];
    return beside === undefined ? null : divergenceAt(this.#runs, this.#taken, beside, null);
  }
}

function divergenceAt([one, other]: Pair, equalSteps: number, a: Step | null, b: Step | null): Divergence {
  const isSameStep = a !== null && a.key === b?.key;
  const what = isSameStep ? WHAT_DIFFERS[a.type] : 'the next step';
  const node = a !== null && (b === null || a.node === b.node) ? a.node : a === null ? (b?.node ?? null) : null;
  const { tool = null, path = null } = isSameStep ? a : {};
  const seqs: Divergence['seqs'] = [a?.seq ?? null, b?.seq ?? null];
  const said = { equalSteps, node, tool, path, what };
  return { runs: [one, other], seqs, ...said, text: sentence(said, isSameStep, a, b) };
}

type Said = Pick<Divergence, 'equalSteps' | 'node' | 'tool' | 'path' | 'what'>;

function sentence(
  { equalSteps, node, tool, path, what }: Said,
  isSameStep: boolean,
  a: Step | null,
  b: Step | null,
): string {
  const after =
    equalSteps === 0 ? 'At the first step' : `After ${equalSteps} equal ${equalSteps === 1 ? 'step' : 'steps'}`;
  const where = node === null ? after : `${after}, in ${node}`;
  if (a === null || b === null) {
    const [ended, going] = a === null ? ['first', 'other'] : ['other', 'first'];
    return `${where}: the ${ended} run has no further step, and the ${going} goes on with “${titleOf(a ?? b)}”.`;
  }
  const titles = a.title === b.title ? '' : `: “${titleOf(a)}” and “${titleOf(b)}”`;
  if (!isSameStep) return `${where}: the first run goes on with “${titleOf(a)}”, the other with “${titleOf(b)}”.`;
  const about =
    tool === null ? (path === null ? '' : ` of ${path}`) : ` over ${[tool, path].filter(Boolean).join(' ')}`;
  return `${where}: ${what}${about} ${what.startsWith('the arguments') ? 'differ' : 'differs'}${titles}.`;
}

/** The most characters of a step's line that are quoted. */
const MAX_QUOTED = 120;

function titleOf(step: Step | null): string {
  const { title = '' } = step ?? {};
  return title.length <= MAX_QUOTED ? title : `${title.slice(0, MAX_QUOTED - 1).trimEnd()}…`;
}

/** In words that go on with "differs". */
const WHAT_DIFFERS: Readonly<Record<EventType, string>> = {
  'run.started': 'the beginning',
  'plan.proposed': 'the plan of the gatekeeper',
  'plan.accepted': 'what a person changed of the plan',
  'context.built': 'the context that was chosen',
  'zones.widened': 'what the zones were widened by',
  'sensitivity.raised': 'the sensitivity',
  'node.started': 'the attempt',
  'node.finished': 'the outcome of the node',
  'egress.sent': 'what was sent',
  'model.requested': 'the request to the model',
  'model.responded': 'the reply of the model',
  'model.failed': 'the failure of the model',
  'conversation.shortened': 'what was shortened of the conversation',
  'tool.requested': 'the arguments of the call',
  'policy.decided': 'the decision of the policy',
  'approval.requested': 'what a person was asked',
  'approval.resolved': 'the answer of the person',
  'tool.finished': 'the result of the call',
  'file.changed': 'the new content',
  'artifact.created': 'the content',
  'loop.detected': 'the loop',
  'budget.charged': 'the cost',
  'budget.exceeded': 'the limit that was met',
  'run.paused': 'the reason of the pause',
  'run.interrupted': 'the interruption',
  'run.resumed': 'how the run was resumed',
  'run.cancelled': 'the end',
  'run.finished': 'the end',
  'result.requested': 'what was made of the result',
  'result.finished': 'what was made of the result',
};
