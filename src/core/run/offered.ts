/** What the model of the current node is offered. */

import type { Snapshot, Toolset } from '../policy/schema';
import { toolDefinitions } from '../prompt/tools';
import { type Offer, offer } from './conversation';
import { toolsetOf } from './nodes';
import type { ActiveRun } from './state';

/** Offers by toolset: making the JSON schemas takes longer than anything else about a request. */
const offers = new WeakMap<Toolset, { readonly snapshot: Snapshot; readonly prompt: number; readonly offer: Offer }>();

/** The tools of the current node, with their canonical text. */
export function offeredTo(run: ActiveRun): Offer {
  const { snapshot } = run;
  const { prompt } = run.origin.flags;
  const toolset = toolsetOf(run);
  const made = offers.get(toolset);
  if (made?.snapshot === snapshot && made.prompt === prompt) return made.offer;
  const fresh = offer(toolDefinitions(toolset, { snapshot, prompt }));
  offers.set(toolset, { snapshot, prompt, offer: fresh });
  return fresh;
}
