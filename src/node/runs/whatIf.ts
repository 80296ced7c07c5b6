/**
 * Every recorded call decided again under another policy: no model, no tool, no look at the repository. Only the chosen
 * policy is exchanged; layers, toolsets, project commands and the plan's bounds stay those of the record, so that nothing
 * else can differ.
 */
import { type ChangedDecision, type WhatIf, WhatIfFold } from '../../core/compare/whatIf';
import type { EventType } from '../../core/events/schema';
import { OpenExecError } from '../../core/kernel/errors';
import { type ChosenPolicy, loadPolicy } from '../policy/load';
import type { RunStore } from '../store/store';
import { breather } from '../system/breathe';

type Source = Pick<RunStore, 'read' | 'inline'>;
type PolicyPlaces = { readonly assets: string; readonly workspace: string };

/** The answer with what a person needs to judge it. */
export type WhatIfForPeople = Omit<WhatIf, 'changed'> & {
  readonly changed: readonly ChangedDecision[];
  /** The policy that decided now: its id, and where it was read. */
  readonly policy: { readonly id: string; readonly source: string };
};

/** Throws `run_unknown` for a run that is not there, and `policy_unknown` or `policy_invalid` for the policy. */
export async function whatIf(store: Source, runId: string, named: string, places: PolicyPlaces): Promise<WhatIf> {
  return (await foldOf(store, runId, await loadPolicy(named, places))).result();
}

/** The same for people. Throws as `whatIf` does, and `cancelled` when it is ended through the signal. */
export async function whatIfForPeople(
  store: Source,
  runId: string,
  named: string,
  places: PolicyPlaces & { readonly signal?: AbortSignal },
): Promise<WhatIfForPeople> {
  const { policy, source } = await loadPolicy(named, places);
  const fold = await foldOf(store, runId, { policy, source }, places.signal);
  return { ...fold.result(), changed: fold.changed(), policy: { id: policy.id, source } };
}

async function foldOf(store: Source, runId: string, other: ChosenPolicy, signal?: AbortSignal): Promise<WhatIfFold> {
  const fold = new WhatIfFold(other);
  const breathe = breather();
  let begun = false;
  for await (const stored of store.read(runId)) {
    if (signal?.aborted === true)
      throw new OpenExecError('cancelled', 'it was ended before every call was decided again');
    begun ||= stored.type === 'run.started';
    // Of an outcome, what was put out says nothing.
    if (stored.type === 'tool.finished') fold.take(stored);
    else if (DECIDING.has(stored.type)) fold.take(await store.inline(stored));
    await breathe();
  }
  if (!begun) throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
  return fold;
}

/** What says something about calls and what binds them, beside their outcomes. */
const DECIDING: ReadonlySet<EventType> = new Set([
  'run.started',
  'plan.proposed',
  'plan.accepted',
  'zones.widened',
  'tool.requested',
  'policy.decided',
]);
