/**
 * What another policy would have decided over the calls of a run. Pure: nothing is asked but the record, so that a call that
 * only the new policy would have led to is not in it. What binds calls beside the chosen policy (toolsets, other layers, the
 * zones and exclusions of the plan) binds them here as well.
 */
import { z } from 'zod';
import { count } from '../events/parts';
import { textOf } from '../events/payload';
import type { Plan } from '../events/planParts';
import type { DataOf, RunEvent } from '../events/schema';
import { callOutOf, excludedBy, toolsetUnder } from '../gatekeeper/callBounds';
import { own } from '../kernel/own';
import { oneLine } from '../kernel/text';
import { type Decision, decide } from '../policy/evaluate';
import { requestOf } from '../policy/request';
import type { Snapshot, Toolset } from '../policy/schema';
import { thaw } from '../policy/snapshot';
import { type AnyToolInput, parseCall } from '../tools/contracts';

const decision = z.enum(['allow', 'ask', 'deny']);

export const whatIfSchema = z.strictObject({
  /** The recorded calls that were decided over. */
  calls: count,
  /** `seq` is the recorded decision's; `rule` is the one that decides now. */
  changed: z.array(z.strictObject({ seq: count, tool: z.string(), was: decision, now: decision, rule: z.string() })),
  /** The first decision over a call that was made, and would not have been without a person or at all. */
  wouldStopAt: count.nullable(),
});
export type WhatIf = z.infer<typeof whatIfSchema>;

/** A decision that would change, with what a person needs to judge it. */
export type ChangedDecision = WhatIf['changed'][number] & {
  readonly node: string | null;
  /** The arguments on one line, cut. */
  readonly input: string;
  /** Where the rule that decides now comes from, and why it says so. */
  readonly layer: string;
  readonly reason: string;
};

/** The chosen policy that takes the place of the run's, and where it was read. */
export type OtherPolicy = Pick<Snapshot, 'policy' | 'source'>;

/** The outcomes of calls that never acted. */
const NOT_MADE: readonly DataOf<'tool.finished'>['outcome'][] = ['denied', 'rejected', 'invalid'];
/** What the engine refused before the policy was asked has no capability: no policy changes that. */
const REFUSED_BY_ENGINE = 'none';
/** What the plan refused has none either, but what a plan excludes comes from the policy as well. */
const REFUSED_BY_PLAN = 'gatekeeper';
/** Characters of the arguments that are kept. */
const INPUT_LENGTH = 160;
/** The first engine that has zones. */
const KNOWS_ZONES = 4;

/** Folds a run's events, payloads inline, into what the other policy would have decided. */
export class WhatIfFold {
  readonly #other: OtherPolicy;
  readonly #changed: ChangedDecision[] = [];
  readonly #requests = new Map<string, RunEvent<'tool.requested'>>();
  /** Decided calls that would stop the run if they turn out to have been made. */
  readonly #stops = new Map<string, number>();
  #origin: DataOf<'run.started'> | null = null;
  /** What the run was frozen with, with the other policy in the place of its own. */
  #snapshot: Snapshot | null = null;
  /** As a run under the other policy would have it. */
  #plan: Plan | null = null;
  #facts: DataOf<'plan.proposed'>['facts'];
  #calls = 0;
  #stopAt: number | null = null;

  constructor(other: OtherPolicy) {
    this.#other = other;
  }

  /** Takes the next event; those that say nothing about calls and what binds them are passed over. */
  take(event: RunEvent): void {
    if (event.type === 'run.started') {
      this.#origin = event.data;
      this.#snapshot = { ...thaw(textOf(event.data.policy.content)), ...this.#other };
    } else if (event.type === 'plan.proposed') this.#facts = event.data.facts;
    else if (event.type === 'plan.accepted') this.#plan = this.#planned(event.data.plan);
    else if (event.type === 'zones.widened') this.#widened(event.data.zones);
    else if (event.type === 'tool.requested') this.#requests.set(event.data.call, event);
    else if (event.type === 'policy.decided') this.#decided(event);
    else if (event.type === 'tool.finished') this.#finished(event.data);
  }

  /** The answer over all that was taken so far. */
  result(): WhatIf {
    const changed = this.#changed.map(({ seq, tool, was, now, rule }) => ({ seq, tool, was, now, rule }));
    return { calls: this.#calls, changed, wouldStopAt: this.#stopAt };
  }

  /** The changed decisions of `result`, in its order, with more about each. */
  changed(): readonly ChangedDecision[] {
    return this.#changed;
  }

  /** What the run's own policy excluded, and nothing else did, is excluded no more; what the other one does is. */
  #planned(plan: Plan): Plan {
    if (this.#origin === null || this.#snapshot === null) return plan;
    const { policy, changes } = this.#origin;
    const byPolicy = new Set(this.#facts === undefined ? [] : excludedBy(thaw(textOf(policy.content))));
    const others = new Set([...(this.#facts?.ignored.map(({ glob }) => glob) ?? []), ...(changes?.excluded ?? [])]);
    const kept = plan.excluded.filter((glob) => !byPolicy.has(glob) || others.has(glob));
    return { ...plan, excluded: [...new Set([...kept, ...excludedBy(this.#snapshot)])] };
  }

  #widened(zones: readonly string[]): void {
    if (this.#plan !== null) this.#plan = { ...this.#plan, zones: [...this.#plan.zones, ...zones] };
  }

  #decided({ seq, data }: RunEvent<'policy.decided'>): void {
    const request = this.#requests.get(data.call);
    if (request === undefined || this.#origin === null || this.#snapshot === null) return;
    this.#calls += 1;
    if (data.capability === REFUSED_BY_ENGINE && data.layer !== REFUSED_BY_PLAN) return;
    const { tool, input } = request.data;
    const parsed = parseCall(tool, textOf(input));
    if (!parsed.ok) return;
    const now = this.#decide(parsed.value, request, this.#snapshot, this.#origin.flags.engine);
    if (now.decision !== data.decision) {
      const { rule, layer, reason } = now;
      const said = { node: request.node ?? null, input: oneLine(textOf(input), INPUT_LENGTH), layer, reason };
      this.#changed.push({ seq, tool, was: data.decision, now: now.decision, rule, ...said });
    }
    const stops = now.decision === 'deny' || (now.decision === 'ask' && this.#origin.approvals === 'never');
    if (stops) this.#stops.set(data.call, seq);
  }

  /** As the engine decides: the policy first, then the bounds of the plan. */
  #decide(call: AnyToolInput, request: RunEvent<'tool.requested'>, snapshot: Snapshot, engine: number): Decision {
    const { origin, facts } = request.data;
    const narrower = origin === 'agent' ? this.#toolsetOf(request.node, snapshot) : snapshot.toolset;
    const decided = decide(snapshot, requestOf(call, facts, snapshot.commands, engine), narrower);
    if (decided.decision === 'deny' || engine < KNOWS_ZONES || this.#plan === null) return decided;
    const out = callOutOf(this.#plan, call.tool, facts);
    return out === null ? decided : { ...out, decision: 'deny', layer: REFUSED_BY_PLAN };
  }

  #toolsetOf(node: string | null | undefined, snapshot: Snapshot): Toolset {
    return toolsetUnder(this.#plan, snapshot, own(snapshot.toolsets ?? {}, node ?? '') ?? snapshot.toolset);
  }

  #finished({ call, outcome }: DataOf<'tool.finished'>): void {
    const seq = this.#stops.get(call);
    this.#requests.delete(call);
    this.#stops.delete(call);
    if (seq !== undefined && !NOT_MADE.includes(outcome)) this.#stopAt = Math.min(this.#stopAt ?? seq, seq);
  }
}
