/**
 * The hands of a run: the one port through which files are read and changed and commands run. Everything it does was
 * decided before by the policy, and what it did is told back completely, so that it can be recorded.
 */

import type { ToolFacts, ToolOutcome } from '../events/parts';
import type { PathBounds } from '../events/planParts';
import type { EventBody } from '../events/schema';

export type CallRequest = {
  readonly call: string;
  readonly tool: string;
  /** JSON text of the input, as the model or the node wrote it. */
  readonly input: string;
  readonly origin: 'agent' | 'node';
  /** Milliseconds after which what the call started is ended; the node's time is used up by then. */
  readonly limitMs?: number;
  /** For a commit: the one that the run has made before, on top of which this one goes. */
  readonly after?: { readonly branch: string; readonly commit: string };
  /** What of the repository the call may show or touch; everything when left out, as before engine 4. */
  readonly bounds?: PathBounds;
};

export type ToolResult = {
  /** Further things that happened and are events of their own, in order. */
  readonly events: readonly EventBody<'context.built' | 'file.changed' | 'artifact.created'>[];
  readonly outcome: ToolOutcome;
  /** What the model (or the next node) gets to see; bounded, and says so when it was cut. */
  readonly output: string;
  readonly exitCode: number | null;
  /** Hash of the whole work tree after the call; null when the call could not have changed it. */
  readonly tree: string | null;
  /** How the call was held in bounds: `confined by …`, `not confined`, or `in process`. */
  readonly confinement: string;
  readonly ms: number;
  /** What the tool itself redacted out of its output, by kind; left out when nothing was. */
  readonly found?: Readonly<Record<string, number>>;
};

export interface Toolbox {
  /** Looks at what a call is about to touch, changing nothing. Never throws for bad input: that is a fact as well. */
  facts(request: CallRequest): Promise<ToolFacts>;
  /** Performs a call that was allowed. Expected failures are outcomes; it throws only for bugs and broken I/O. */
  execute(request: CallRequest, facts: ToolFacts, signal: AbortSignal): Promise<ToolResult>;
}
