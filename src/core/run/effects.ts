/** What the engine wants done. Each effect is performed by `perform.ts`, and only there. */
import type { ToolFacts } from '../events/parts';
import type { EventBody } from '../events/schema';
import type { CallRequest } from '../ports/toolbox';

/** Where in the graph an effect belongs, and which event led to it. */
export type Place = { readonly node?: string; readonly attempt?: number; readonly cause: number };

export type Effect =
  /** A decision of the engine itself: it becomes an event, nothing else happens. */
  | { readonly kind: 'record'; readonly body: EventBody }
  | { readonly kind: 'propose_plan'; readonly place: Place }
  /** The conversation of the current node has outgrown its window: see shorten.ts. */
  | { readonly kind: 'shorten'; readonly place: Place }
  | { readonly kind: 'prepare_call'; readonly request: CallRequest; readonly place: Place }
  | { readonly kind: 'execute_call'; readonly request: CallRequest; readonly facts: ToolFacts; readonly place: Place }
  | {
      readonly kind: 'invoke_model';
      readonly turn: number;
      readonly retry: number;
      readonly delayMs: number;
      /** What is left of the node's time. */
      readonly limitMs: number;
      /** True when the record says already what is about to leave: the run broke off just before the request. */
      readonly announced?: true;
      readonly place: Place;
    }
  | {
      readonly kind: 'ask_approval';
      readonly approval: string;
      readonly call: string | null;
      readonly title: string;
      readonly detail: string;
      readonly place: Place;
      /** The tool of the call, where the question is about one. */
      readonly tool?: string;
      /** True when the person may change the call's arguments instead of approving them. */
      readonly editable?: true;
      /** What an answer that stands for the whole run is bound to; left out where every answer stands for this once. */
      readonly standing?: string;
      /** True when the model asks: the reason of the answer is what it is told. */
      readonly question?: true;
      /** True when the question is what of the repository may be sent. */
      readonly context?: true;
      /** True when the question is in the record already: the run was paused or broke off while it waited. */
      readonly asked?: true;
    };
