/** What every tool is given, and what it gives back. */

import type { PathBounds } from '../../core/events/planParts';
import type { EventBody } from '../../core/events/schema';
import type { Gate } from '../../core/gatekeeper/gate';
import type { Sha256 } from '../../core/kernel/hash';
import type { ProjectCommands, Snapshot } from '../../core/policy/schema';
import type { Blobs } from '../../core/ports/eventLog';
import type { SymbolFinder } from '../../core/ports/symbols';
import type { Answer } from '../../core/tools/answers';
import type { RunServers } from '../mcp/runServers';
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
  /** What was frozen with the run. */
  readonly snapshot: Snapshot;
  /** The MCP servers that were frozen with the run. */
  readonly mcp: RunServers;
  /** Null where nobody knows symbols, as on the command line. */
  readonly symbols: SymbolFinder | null;
  /** Absolute path of ripgrep; null when there is none, and git's own grep is used. */
  readonly ripgrep: string | null;
  /** The folder of the tree-sitter grammars; without them files are taken apart by their lines. */
  readonly grammars?: string;
  /** The id of the rule that keeps a path out of every prompt, or null when it may be read. */
  readonly excluded: (path: string) => string | null;
  /** What every text that is shown passes. */
  readonly gate: Gate;
  /** The id of the rule that forbids to change a path, or null when it may be changed. */
  readonly protectedBy: (path: string) => string | null;
  /** Further absolute places that a confined command does not get to see, such as the store; none when left out. */
  readonly hidden?: readonly string[];
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
  /** The zones of the run and what is excluded from it, which `excluded` answers for; null where a run has none. */
  readonly bounds: PathBounds | null;
  /** The rule of the policy alone, which the run's commands are held to as well: they see the whole copy. */
  readonly withheldByPolicy: (path: string) => string | null;
  /** As `excluded`, of a path in any zone: whether its content is kept out of prompts and records. */
  readonly withheld: (path: string) => string | null;
  /** What is left of the node's time; null when nothing limits it. */
  readonly limitMs: number | null;
  /** The commit that the run has made before; null when there is none. */
  readonly after: { readonly branch: string; readonly commit: string } | null;
  /** The targets that were known to have more than one name (hard links) when the call was allowed. */
  readonly linked: ReadonlySet<string>;
  /** Aborted when the run is cancelled or the node's time is used up. */
  readonly signal: AbortSignal;
};

export type ToolEvent = EventBody<'context.built' | 'file.changed' | 'artifact.created'>;

/** What a tool itself says; time, tree and changed files are added by the toolbox. */
export type ToolAnswer = {
  readonly outcome: Answer['outcome'];
  readonly output: string;
  readonly exitCode?: number;
  readonly events?: readonly ToolEvent[];
  readonly confinement?: string;
};

export const answer = (output: string): ToolAnswer => ({ outcome: 'ok', output });
export const failure = (output: string): ToolAnswer => ({ outcome: 'error', output });

/** Order by UTF-16 code units: the same on every machine, whatever its language. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
