/** The state that a run begins with: read out of its first event, which holds everything that it depends on. */
import { type Blueprint, blueprintSchema } from '../blueprint/schema';
import { type Payload, textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { OpenExecError } from '../kernel/errors';
import { thaw } from '../policy/snapshot';
import type { ActiveRun } from './state';

/** Throws `blueprint_invalid` or `policy_invalid` when what the run was started with cannot be read. */
export function begin(event: RunEvent<'run.started'>): ActiveRun {
  const origin = event.data;
  const blueprint = definitionOf(origin.blueprint.definition);
  return {
    phase: 'active',
    origin,
    blueprint,
    snapshot: thaw(textOf(origin.policy.content)),
    task: textOf(origin.task),
    startedAt: Date.parse(event.at),
    waitedMs: 0,
    waitingSince: null,
    at: Date.parse(event.at),
    open: { effect: { kind: 'propose_plan', place: { cause: event.seq } }, said: null },
    left: null,
    plan: null,
    visit: null,
    attempts: {},
    retries: 0,
    routes: {},
    agent: null,
    call: null,
    artifacts: {},
    notes: {},
    visits: [],
    edit: null,
    totals: { modelCalls: 0, tokens: 0, costUsd: 0 },
    agreed: null,
    allowed: [],
    context: null,
    shown: {},
    sensitiveAgreed: null,
    contextAsked: null,
    due: null,
    tree: origin.workspace.baseTree,
    branch: null,
    commit: null,
  };
}

function definitionOf(definition: Payload): Blueprint {
  try {
    return blueprintSchema.parse(JSON.parse(textOf(definition)));
  } catch (cause) {
    throw new OpenExecError('blueprint_invalid', 'the blueprint of the run cannot be read', { cause });
  }
}
