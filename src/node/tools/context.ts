/** What every tool is given, and what it gives back. */

import type { ToolOutcome } from '../../core/events/parts';
import type { EventBody } from '../../core/events/schema';
import type { Sha256 } from '../../core/kernel/hash';
import type { ProjectCommands } from '../../core/policy/schema';
import type { Blobs } from '../../core/ports/eventLog';
import type { Environment } from '../system/environment';
import type { Repository } from '../workspace/repository';
import type { Worktree } from '../workspace/worktree';

export type ToolboxOptions = {
  readonly worktree: Worktree;
  readonly repository: Repository;
  readonly base: { readonly baseTree: string; readonly baseCommit: string };
  /** The tree that the worktree is at when the toolbox is made. */
  readonly tree: string;
  readonly blobs: Blobs;
  readonly hash: Sha256;
  /** The commands that were frozen with the run. */
  readonly commands: ProjectCommands;
  /** The id of the rule that keeps a path out of every prompt, or null when it may be read. */
  readonly excluded: (path: string) => string | null;
  /** The id of the rule that forbids to change a path, or null when it may be changed. */
  readonly protectedBy: (path: string) => string | null;
  /** The id of the rule that keeps a patch from deleting a path, or null when it may. */
  readonly deletionKeptBy: (path: string) => string | null;
  /** The environment that the allow-list for child processes picks from. */
  readonly environment: Environment;
  readonly run: { readonly id: string; readonly task: string };
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Now, ISO 8601; the date of the result's commit. */
  readonly now: () => string;
  /** Writes the record up to the call that is under way as a bundle; the same call again replaces its own file. */
  readonly exportEvidence: (call: string, signal: AbortSignal) => Promise<ExportedEvidence>;
  /** After how long a command is ended; 10 minutes when left out. */
  readonly commandTimeoutMs?: number;
};

export type ExportedEvidence = {
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
  readonly events: number;
  /** Hash of the last event in it. */
  readonly head: string;
};

/** One call being performed: the options of the run, the call's id, and when to stop. */
export type ToolContext = ToolboxOptions & {
  readonly root: string;
  readonly call: string;
  /** What is left of the node's time; null when nothing limits it. */
  readonly limitMs: number | null;
  /** Aborted when the run is cancelled or the node's time is used up. */
  readonly signal: AbortSignal;
};

export type ToolEvent = EventBody<'context.built' | 'file.changed' | 'artifact.created'>;

/** What a tool itself says; time, tree and changed files are added by the toolbox. */
export type ToolAnswer = {
  readonly outcome: ToolOutcome;
  readonly output: string;
  readonly exitCode?: number;
  readonly events?: readonly ToolEvent[];
  readonly confinement?: string;
};

export const answer = (output: string): ToolAnswer => ({ outcome: 'ok', output });
export const failure = (output: string): ToolAnswer => ({ outcome: 'error', output });

/** Order by UTF-16 code units: the same on every machine, whatever its language. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
