/** The bounds of a run as its record has them by now, and what a call was refused for. */
import type { RunEvent } from '../../core/events/schema';
import { refusedBy } from '../../core/gatekeeper/bounds';
import { OpenExecError } from '../../core/kernel/errors';
import { subjectOf } from '../../protocol/headerLines';
import { exactLine } from '../exactText';
import type { Runs } from '../runs';

export type Bounded = { readonly root: string; readonly zones: readonly string[] };

export type Refused = {
  /** Those of the call's paths that still lie outside. */
  readonly paths: readonly string[];
  /** Tool and subject, in one line. */
  readonly what: string;
};

/** Throws `usage` for a run that has no plan yet. */
export async function boundsNow(runs: Runs, runId: string): Promise<Bounded> {
  let root = '';
  let zones: readonly string[] | null = null;
  for await (const event of runs.events(runId, 0)) {
    if (event.type === 'run.started') root = event.data.workspace.root;
    if (event.type === 'plan.accepted') zones = event.data.plan.zones;
    if (event.type === 'zones.widened') zones = [...new Set([...(zones ?? []), ...event.data.zones])];
  }
  if (zones !== null) return { root, zones };
  throw new OpenExecError('usage', 'This run has no plan yet, so that there are no zones to widen.');
}

/** What the call of a decision was refused for; null when the event is no such decision. */
export async function refusedAt(runs: Runs, runId: string, seq: number, { zones }: Bounded): Promise<Refused | null> {
  const decided = await runs.event(runId, seq);
  if (decided.type !== 'policy.decided' || decided.data.layer !== 'gatekeeper' || decided.cause === undefined)
    return null;
  const requested: RunEvent = await runs.event(runId, decided.cause);
  if (requested.type !== 'tool.requested') return null;
  const named = requested.data.facts.paths.flatMap(({ inside }) => inside ?? []);
  const paths = named.filter((path) => refusedBy({ zones, excluded: [] }, path)?.rule === 'zones');
  const what = exactLine(`${requested.data.tool} ${subjectOf(requested)}`.trim());
  return { paths: [...new Set(paths)], what };
}
