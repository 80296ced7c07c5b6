/** The gatekeeper alone: what it makes of tasks in a repository, with nothing started, recorded or sent. */
import type { Plan } from '../../core/events/planParts';
import { planByRules, tighten } from '../../core/gatekeeper/plan';
import { suggested, suggestedFor } from '../../core/gatekeeper/rules/suggest';
import { OpenExecError } from '../../core/kernel/errors';
import type { Classifier, ClassifierId } from '../../core/ports/classifier';
import { excludedBy } from '../../core/run/bounds';
import type { Git } from '../git/git';
import { loadLayers, loadPolicy } from '../policy/load';
import type { PolicyFiles } from '../policy/places';
import { openRepository } from '../workspace/repository';
import { openGate } from './openGate';
import { createSurveyor } from './surveyor';

export type PlanRequest = {
  readonly folder: string;
  readonly tasks: readonly string[];
  /** Id or file. */
  readonly policy: string;
};

export type PlanPorts = {
  readonly git: Git;
  readonly classifier: Classifier;
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that holds the shipped policies. */
  readonly assets: string;
  readonly policyFiles: PolicyFiles;
};

export type PlannedTask = {
  readonly plan: Plan;
  readonly model: ClassifierId;
  readonly ms: number;
  readonly problem: string | null;
};

const NARROWER = 'repo_readonly';

/** The plan of each task, in their order. The repository is looked at once. Throws what opening it or the policy throws. */
export async function planTasks(
  { folder, tasks, policy: named }: PlanRequest,
  ports: PlanPorts,
): Promise<PlannedTask[]> {
  const { git, classifier, environment, assets, policyFiles } = ports;
  const empty = tasks.findIndex((task) => task.trim() === '');
  if (empty >= 0) throw new OpenExecError('usage', `task ${empty + 1} is empty; say in a sentence what is to be done`);
  const repository = await openRepository(folder, git);
  const places = { assets, workspace: repository.root };
  const [{ policy }, layers, gate, model] = await Promise.all([
    loadPolicy(named, places),
    loadLayers(policyFiles, places),
    openGate({ root: repository.root, stored: [] }, { environment, git, policyFiles }),
    classifier.identify(),
  ]);
  const excluded = excludedBy({ policy, layers });
  // As a run would record them, and so as its rules and its model would read them.
  const clear = tasks.map((task) => gate.recordable(task.trim()));
  const surveyed = await createSurveyor({ repository, tree: null, excluded }).surveyAll(clear);
  const planned: PlannedTask[] = [];
  for (const [at, task] of clear.entries()) {
    const facts = surveyed[at];
    if (facts === undefined) continue;
    const start = performance.now();
    const { classification, problem } = await classifier.classify(task);
    const byRules = planByRules(task, facts, { ...suggestedFor(task, facts), narrower: NARROWER, excluded });
    const tightened = tighten(byRules, classification, { narrower: NARROWER, problem });
    const plan = classification === null ? tightened : suggested(tightened, task);
    planned.push({ plan, model, problem, ms: Math.round(performance.now() - start) });
  }
  return planned;
}
