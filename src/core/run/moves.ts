/** What a step of the engine answers: the state that it leads to, and what is to be done next. */
import type { RunEvent } from '../events/schema';
import { OpenExecError } from '../kernel/errors';
import type { Effect } from './effects';
import type { ActiveRun, RunState } from './state';

export type Step = { readonly state: RunState; readonly effects: readonly Effect[] };

export const stay = (state: RunState): Step => ({ state, effects: [] });
export const go = (state: RunState, ...effects: Effect[]): Step => ({ state, effects });

export function misplaced(state: RunState, event: RunEvent): OpenExecError {
  return new OpenExecError(
    'event_invalid',
    `event ${event.seq}: ${event.type} cannot come while the run is ${state.phase}`,
  );
}

export function agentOf(run: ActiveRun, event: RunEvent): NonNullable<ActiveRun['agent']> {
  if (!run.agent) throw misplaced(run, event);
  return run.agent;
}

export function callOf(run: ActiveRun, event: RunEvent): NonNullable<ActiveRun['call']> {
  if (!run.call) throw misplaced(run, event);
  return run.call;
}
