/** The gatekeeper's plan in words that the windows share. Pure. */
import type { Plan } from '../core/events/planParts';

/** Which models a route leaves. */
export const ROUTE_WORDS = {
  cloud: 'any model',
  local: 'models on this machine only',
  refuse: 'no model: the gatekeeper advises against this task',
} as const satisfies Record<Plan['route'], string>;

/** How sure the local model is of what is asked for. */
export const surenessWords = ({ confidence, unsure }: Pick<Plan, 'confidence' | 'unsure'>): string =>
  `${Math.round(confidence * 100)} % sure${unsure === true ? ', too little: the plan is the stricter one' : ''}`;

/** What a person is told when the local model has not answered; `problem` says why, in a line. No full stop. */
export const withoutModel = (problem: string): string =>
  `The local model did not answer (${problem.replace(/\.$/, '')}): rules alone, and the sensitivity is at least medium`;
