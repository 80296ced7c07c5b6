/** How a recorded call came to be decided as it was: derived again from what the run was frozen with. */
import { textOf } from '../../core/events/payload';
import type { RunEvent } from '../../core/events/schema';
import { OpenExecError } from '../../core/kernel/errors';
import type { Decision } from '../../core/policy/evaluate';
import { type Explanation, explain } from '../../core/policy/explain';
import { requestOf } from '../../core/policy/request';
import { thaw } from '../../core/policy/snapshot';
import { parseCall } from '../../core/tools/contracts';
import type { RunStore } from '../store/store';

export type ExplainedCall = Explanation & {
  readonly call: string;
  readonly tool: string;
  /** JSON text of the arguments. */
  readonly input: string;
  /** Hash of the snapshot that it was decided under. */
  readonly snapshot: string;
};

type Source = Pick<RunStore, 'read' | 'inline'>;

/**
 * Explains a call by the event of its request or of its decision. Throws `run_unknown` as reading does, and `usage` for an
 * event that is neither, or a call that was not decided over, because its input did not fit or it is about to be.
 */
export async function explainCall(store: Source, runId: string, seq: number): Promise<ExplainedCall> {
  const { requested, decided } = await callAt(store, runId, seq);
  const first = await eventAt(store, runId, 0);
  if (first?.type !== 'run.started') throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
  const { flags, policy } = first.data;
  const snapshot = thaw(textOf(policy.content));
  const { call, tool, origin, facts } = requested.data;
  const input = textOf(requested.data.input);
  const recorded: Decision = decided.data;
  const parsed = parseCall(tool, input);
  const narrower = origin === 'agent' ? snapshot.toolsets?.[requested.node ?? ''] : undefined;
  const derived = parsed.ok
    ? explain(snapshot, requestOf(parsed.value, facts, snapshot.commands, flags.engine), narrower)
    : null;
  return { call, tool, input, snapshot: policy.snapshot, ...agreeing(recorded, derived) };
}

/** What the engine itself refused, before any policy, is one step of its own. */
function agreeing({ decision, rule, layer, reason }: Decision, derived: Explanation | null): Explanation {
  const recorded = { decision, rule, layer, reason };
  if (derived !== null && derived.decision.decision === decision && derived.decision.rule === rule) return derived;
  const step = { layer: 'built in', source: 'OpenExec', rule, effect: decision, target: null } as const;
  return {
    decision: recorded,
    steps: [{ ...step, matched: true, why: reason }, ...(derived?.steps ?? [])],
    omitted: derived?.omitted ?? 0,
  };
}

type Call = { readonly requested: RunEvent<'tool.requested'>; readonly decided: RunEvent<'policy.decided'> };

async function callAt(store: Source, runId: string, seq: number): Promise<Call> {
  const at = await eventAt(store, runId, seq);
  if (at?.type === 'policy.decided') {
    const requested = await eventAt(store, runId, at.cause ?? -1);
    if (requested?.type === 'tool.requested') return { requested, decided: at };
  }
  if (at?.type === 'tool.requested') {
    for await (const event of store.read(runId, { from: seq + 1 })) {
      if (event.type === 'policy.decided' && event.data.call === at.data.call) return { requested: at, decided: event };
      // A call is decided over before anything else is asked for.
      if (event.type === 'tool.requested' || event.type === 'tool.finished') break;
    }
    throw new OpenExecError('usage', `The call ${at.data.call} of run ${runId} was not decided over.`);
  }
  throw new OpenExecError('usage', `Event ${seq} of run ${runId} is neither the request of a call nor its decision.`);
}

async function eventAt(store: Source, runId: string, seq: number): Promise<RunEvent | null> {
  if (seq < 0) return null;
  for await (const event of store.read(runId, { from: seq, to: seq })) return store.inline(event);
  return null;
}
