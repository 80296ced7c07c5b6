/** The gatekeeper's proposal for a task: made before a start for the person to see, and again, in the record, by the run. */
import type { Classification, Plan, TaskFacts } from '../events/planParts';
import { planByRules, tighten } from '../gatekeeper/plan';
import type { Snapshot } from '../policy/schema';
import type { Classifier } from '../ports/classifier';
import type { Surveyor } from '../ports/surveyor';
import { excludedBy } from './bounds';

export type Proposal = {
  readonly plan: Plan;
  readonly ms: number;
  /** What the plan was made of. */
  readonly made: {
    readonly facts: TaskFacts;
    readonly classification: Classification | null;
    readonly problem?: string;
  };
};

/** What is proposed for a task under what a run would freeze. Reads the repository, changes nothing. */
export async function propose(
  task: string,
  { snapshot, blueprint }: { readonly snapshot: Snapshot; readonly blueprint: string },
  { classifier, surveyor }: { readonly classifier: Classifier; readonly surveyor: Surveyor },
): Promise<Proposal> {
  const [{ classification, ms, problem }, facts] = await Promise.all([
    classifier.classify(task),
    surveyor.survey(task),
  ]);
  const narrower = snapshot.narrower?.id ?? null;
  const byRules = planByRules(task, facts, {
    toolset: snapshot.toolset.id,
    narrower,
    blueprint,
    excluded: excludedBy(snapshot),
  });
  const made = { facts, classification, ...(problem === null ? {} : { problem }) };
  return { plan: tighten(byRules, classification, { narrower, problem }), ms, made };
}
