/** Replay of a stored run: the engine again, on what the store holds, and on nothing else. */
import { blueprintSchema } from '../../core/blueprint/schema';
import { inlineEvent } from '../../core/events/externalize';
import type { Bound, RunOrigin } from '../../core/events/parts';
import { blobRefsIn, textOf } from '../../core/events/payload';
import type { RunEvent } from '../../core/events/schema';
import { isOpenExecError, messageOf, OpenExecError } from '../../core/kernel/errors';
import { thaw } from '../../core/policy/snapshot';
import type { Progress } from '../../core/ports/progress';
import type { RecordedEvent } from '../../core/replay/cursor';
import { ReplayError } from '../../core/replay/error';
import { type ReplayOptions, type ReplayVerdict, replayExactly } from '../../core/replay/exact';
import { type NodeVerdict, replayNode as replayNodeOf } from '../../core/replay/step';
import { boundOf, budgetOf } from '../../core/run/budget';
import {
  continueSession,
  NOTHING_YET,
  type Recalled,
  recall,
  runSession,
  type SessionPorts,
} from '../../core/run/session';
import { isKnown } from '../../core/run/versions';
import type { RunStore } from '../store/store';
import { breather } from '../system/breathe';
import { readAhead } from '../system/readAhead';
import { sha256 } from '../system/sha256';

const NEVER = new AbortController().signal;

/** Replays a run exactly. Throws `run_unknown`, `cancelled`, or a ReplayError; a difference is a verdict. */
export async function replayRun(store: RunStore, runId: string, progress: Progress = {}): Promise<ReplayVerdict> {
  return replayExactly(
    recordOf(store, runId),
    (run, { type, data }, ports) => runSession(run, { type, data: derivedAgain(data) }, ports, NEVER),
    await paced(store, runId, progress),
  );
}

/** Replays every visit of one node. Throws as `replayRun` does, and `usage` for a node that the run never came to. */
export async function replayNode(
  store: RunStore,
  runId: string,
  node: string,
  progress: Progress = {},
): Promise<NodeVerdict> {
  const engine = {
    start: NOTHING_YET,
    recall,
    proceed: (run: string, past: Recalled, ports: SessionPorts) => continueSession(run, past, ports, NEVER),
  };
  const verdict = await replayNodeOf(recordOf(store, runId), node, engine, await paced(store, runId, progress));
  if (verdict.visits > 0) return verdict;
  const known = (await nodesOf(store, runId)).join(', ');
  throw new OpenExecError('usage', `Run ${runId} did not come to a node "${node}"; it went through: ${known}.`);
}

/**
 * What a run starts with, with everything that follows from the frozen blueprint and policy derived again: names, hashes,
 * bound and budget. A record that claims others diverges at its first event.
 */
function derivedAgain(origin: RunOrigin): RunOrigin {
  const definition = textOf(origin.blueprint.definition);
  const content = textOf(origin.policy.content);
  const frozen = thaw(content);
  const blueprint = blueprintSchema.safeParse(jsonOf(definition));
  // What cannot be read the engine refuses by itself.
  if (!blueprint.success) return origin;
  const bound = boundOf(blueprint.data, origin.price ?? null);
  const most = bound.ok ? boundAsIn(origin.flags, bound.value) : origin.bound;
  // A run may be given less than its worst case, never more.
  const limits = budgetOf(most, blueprint.data);
  const { costUsd = limits.costUsd } = origin.budget;
  const budget = {
    modelCalls: Math.min(origin.budget.modelCalls, limits.modelCalls),
    tokens: Math.min(origin.budget.tokens, limits.tokens),
    minutes: Math.min(origin.budget.minutes, limits.minutes),
    ...(costUsd === undefined ? {} : { costUsd: Math.min(costUsd, limits.costUsd ?? costUsd) }),
  };
  const isFrozen = frozen.blueprint === sha256(definition);
  return {
    ...origin,
    blueprint: {
      ...origin.blueprint,
      id: blueprint.data.id,
      hash: isFrozen ? origin.blueprint.hash : frozen.blueprint,
    },
    policy: { ...origin.policy, id: frozen.policy.id, snapshot: sha256(content) },
    toolset: frozen.toolset.id,
    bound: most,
    budget,
  };
}

/** Before engine 2 a bound had four members. */
function boundAsIn({ engine }: RunOrigin['flags'], bound: Bound): Bound {
  if (engine >= 2) return bound;
  const { nodeExecutions, modelCalls, tokens, minutes } = bound;
  return { nodeExecutions, modelCalls, tokens, minutes };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The nodes that a run came to, in the order of their first visit. */
export async function nodesOf(store: RunStore, runId: string): Promise<string[]> {
  const nodes = new Set<string>();
  for await (const event of store.read(runId)) if (event.type === 'node.started' && event.node) nodes.add(event.node);
  return [...nodes];
}

async function paced(store: RunStore, runId: string, { signal, onProgress }: Progress): Promise<ReplayOptions> {
  const { events: total } = await store.summary(runId);
  const breathe = breather();
  return {
    hash: sha256,
    pace: (events) => {
      if (signal?.aborted) throw new OpenExecError('cancelled', 'The replay was cancelled.');
      onProgress?.(events, total);
      return breathe();
    },
  };
}

/** The record as a replay takes it. What cannot be read is a replay that cannot run. */
async function* recordOf(store: RunStore, runId: string): AsyncGenerator<readonly RecordedEvent[]> {
  const blobs = await store.blobsOf(runId);
  try {
    for await (const batch of readAhead(store.readBatches(runId))) {
      const events: RecordedEvent[] = [];
      for (const { event: stored, text } of batch) {
        if (stored.seq === 0) refuseOtherEngine(stored);
        const whole = blobRefsIn(stored.data).length === 0;
        events.push({ stored, inline: whole ? stored : await inlineEvent(stored, blobs), text });
      }
      yield events;
    }
  } catch (error) {
    if (isOpenExecError(error, 'blob_missing')) throw impossible('blob_missing', runId, error);
    if (isOpenExecError(error, 'journal_corrupt')) throw impossible('unknown_event', runId, error);
    throw error;
  }
}

const impossible = (reason: 'blob_missing' | 'unknown_event', runId: string, cause: OpenExecError): ReplayError =>
  new ReplayError(reason, `Run ${runId} cannot be replayed: ${messageOf(cause)}`, { cause });

function refuseOtherEngine(first: RunEvent): void {
  if (first.type !== 'run.started') return;
  const { engine, prompt } = first.data.flags;
  if (isKnown(first.data.flags)) return;
  const recorded = `engine ${engine}, prompt ${prompt} (OpenExec ${first.data.versions.openexec})`;
  throw new ReplayError(
    'other_engine',
    `Run ${first.run} was recorded by ${recorded}, which this version cannot replay.`,
  );
}
