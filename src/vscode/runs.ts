/**
 * What the windows need of runs. The composition root implements it over the Node adapters; nothing here knows them.
 */
import type { Compared } from '../core/compare/compare';
import type { ChangedDecision, WhatIf } from '../core/compare/whatIf';
import type { RunLedger } from '../core/events/ledger';
import type { RunMoment } from '../core/events/moment';
import type { Bound, RunOrigin } from '../core/events/parts';
import type { Plan, PlanChanges } from '../core/events/planParts';
import type { RunEvent } from '../core/events/schema';
import { canResume, isEnded, type RunSummary } from '../core/events/summary';
import type { VerifyReport } from '../core/events/verify';
import type { Drift } from '../core/policy/drift';
import type { Explanation, ExplanationStep } from '../core/policy/explain';

import type { ModelDelta, ModelId } from '../core/ports/model';
import type { Progress } from '../core/ports/progress';
import type { ReplayVerdict } from '../core/replay/exact';
import type { GatherFacts } from './blueprints/inspection';
import type { KnownOfPolicy } from './policies/register';

export type ListedRun = RunSummary & {
  /** True when this window cannot steer the run: another one writes it, it lies in another window's store, or is imported. */
  readonly readOnly: boolean;
  /** True when the run was recorded elsewhere and came in an evidence bundle. */
  readonly imported: boolean;
};

/** Whether a run goes on in this window, and can be made to stop. */
export const isSteered = (run: ListedRun): boolean =>
  !run.readOnly && (run.status === 'running' || run.status === 'waiting');

/** Whether a person can take the run up again, or give it up. */
export const isHalted = (run: ListedRun): boolean => !run.readOnly && canResume(run);

/** Whether a person can still decide about what the run left behind. */
export const canDiscard = (run: ListedRun): boolean =>
  canResume(run) || (isEnded(run.status) && run.result === 'none' && run.filesChanged.length > 0);

/** A run that broke off or was cancelled has a copy of the folder, and no result that was finished. */
export const canApply = (run: ListedRun): boolean => !canResume(run) && canDiscard(run) && run.tree !== null;

/** Whether files of the result can be applied or committed, of a result that is applied as well. */
export const hasResult = (run: ListedRun): boolean => canApply(run) || canUndo(run);

/** Whether there is an apply to be undone. */
export const canUndo = (run: ListedRun): boolean =>
  !run.readOnly && isEnded(run.status) && run.result === 'applied' && run.tree !== null;

/** Whether there are changes to look at. */
export const hasChanges = (run: ListedRun): boolean => run.filesChanged.length > 0;

export type BlueprintChoice = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly file: string;
  readonly origin: 'shipped' | 'workspace';
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
};

/** What a run of a folder would use; `model` is null when nothing is configured. */
export type StartDefaults = {
  readonly blueprints: readonly BlueprintChoice[];
  readonly model: string | null;
  /** The task of the recording, when the model is one. */
  readonly recordedTask: string | null;
};

/** What is asked for: `blueprint` is an id or a file. */
export type RunRequest = {
  readonly folder: string;
  readonly task: string;
  readonly blueprint: string;
  /** What the person has changed of the gatekeeper's plan. */
  readonly changes?: PlanChanges;
  /** `provider:name`, in the place of the model that is set, for this run. */
  readonly model?: string;
  /** The id of a shipped policy or the path of a file, in the place of the one that is set, for this run. */
  readonly policy?: string;
  /** The id of the run that this one repeats otherwise. */
  readonly parent?: string;
};

/** What a person is not asked about before a run. */
export const USUAL = { approvals: 'ask' } as const;

/** What a run would be, as far as a person decides about it. */
export type RunPreview = {
  /** The repository's root. */
  readonly root: string;
  readonly model: ModelId;
  /** The worst case. */
  readonly bound: Bound;
  /** What the run may spend: the worst case, or less. */
  readonly budget: RunOrigin['budget'];
  readonly commands: readonly ProjectCommandLine[];
  /** The MCP servers that it may start: each with its command, whether that is agreed to, and how many of its tools are. */
  readonly servers: readonly {
    readonly id: string;
    readonly line: string;
    readonly agreed: boolean;
    readonly tools: number;
  }[];
  /** The policy that was chosen, and those beside it, from managed to workspace. */
  readonly policy: {
    readonly id: string;
    readonly source: string;
    readonly layers: readonly { readonly layer: string; readonly source: string; readonly id: string }[];
  };
  /** What the gatekeeper proposes. */
  readonly plan: Plan;
  /** Why the local model had no part in the plan, in a line; null when it had. */
  readonly problem: string | null;
  /** Changes with any of the commands. */
  readonly commandsHash: string;
  /** Changes with everything else that decides about the run: model, policies, blueprint, toolsets. */
  readonly shownHash: string;
  /** Whether the record will hold the task as it was written: nothing in it is a secret that is known or looks like one. */
  readonly plainTask: boolean;
};

/** What a person has seen of a run before its start, by hashes: a run that is another one by then is refused. */
export type Seen = Pick<RunPreview, 'commandsHash' | 'shownHash'>;

/** A command of the project that a run may execute: its name, its line, and where it was found. */
export type ProjectCommandLine = { readonly name: string; readonly line: string; readonly source: string };

export type TraceTarget = {
  readonly endpoint: string;
  /** True when what people and models wrote goes along. */
  readonly content: boolean;
};

export type StartedRun = {
  readonly runId: string;
  readonly model: ModelId;
  /** Resolves at the end; rejects when the run could not be recorded any more. */
  readonly done: Promise<void>;
};

/** What was begun when a run stopped, and has no outcome; `title` is one line for a person. */
export type InDoubt = { readonly kind: 'call' | 'model'; readonly id: string; readonly title: string };

/** The public half of the key that signs bundles. */
export type SigningKey = { readonly publicKey: string; readonly fingerprint: string };

export type ExportedBundle = {
  readonly sha256: string;
  readonly events: number;
  readonly blobs: number;
  /** Fingerprint of the key; null when it is not signed. */
  readonly signedBy: string | null;
};

export type ImportedBundle = {
  readonly runId: string;
  /** False when the bundle was found not to be sound; then nothing was imported. */
  readonly ok: boolean;
  /** Says by which key it is signed, and that it is not. */
  readonly report: VerifyReport;
};

export type RebuiltIndex = {
  readonly runs: number;
  readonly damaged: readonly { readonly runId: string; readonly problem: string }[];
};

/** What is to become of a run's result. */
export type Settling =
  /** `only` names the files that are applied; all of them when it is not there. */
  | { readonly action: 'apply'; readonly only?: readonly string[] | undefined }
  | { readonly action: 'discard' }
  | { readonly action: 'undo' }
  | { readonly action: 'commit'; readonly commit: { readonly branch: string; readonly message: string } };

export type Settled = {
  readonly outcome: 'done' | 'refused';
  readonly files: readonly string[];
  readonly conflicts: readonly string[];
  readonly reason: string;
  /** Of the conflicts of an apply, the paths that a person can merge. */
  readonly mergeable?: readonly string[];
};

export type ExplainedStep = ExplanationStep;

/** A recorded call, and how it came to be decided as it was. */
export type ExplainedCall = Explanation & {
  readonly call: string;
  readonly tool: string;
  /** JSON text of the arguments. */
  readonly input: string;
  /** Hash of the snapshot that it was decided under. */
  readonly snapshot: string;
};

/** What today's policy decides otherwise than the one that a run was frozen with; nothing, when only its text differs. */
export type PolicyDrift = Drift & {
  /** Hashes of the snapshots. */
  readonly was: string;
  readonly now: string;
};
export type PolicyChange = PolicyDrift['wider'][number];

/** A policy over the recorded calls of a run. */
export type WhatIfForPeople = Omit<WhatIf, 'changed'> & {
  readonly changed: readonly ChangedDecision[];
  /** The policy that decided: its id, and where it was read. */
  readonly policy: { readonly id: string; readonly source: string };
};

/** A file that a rule stands in; what ships with OpenExec is never changed. */
export type PolicyFile = { readonly file: string; readonly shipped: boolean };

/** Where the policies beside the chosen one may lie; each may be there or not. */
export type PolicyFiles = {
  readonly managed: string;
  readonly user: string | null;
  readonly workspace: string | null;
};

/** A declared MCP server, and what of it may be used. */
export type ReviewedMcpServer = {
  readonly id: string;
  readonly source: string;
  readonly command: readonly string[];
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  /** Why it cannot be used, in a line; null when it can. */
  readonly problem: string | null;
};

/** One thing that a run needs, and what was found of it. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

/** Every method rejects with an OpenExecError whose message is one line for a person. */
export interface Runs {
  list(): Promise<ListedRun[]>;
  summary(runId: string): Promise<ListedRun>;
  /** Events in stored form, from a place on. */
  events(runId: string, from: number): AsyncIterable<RunEvent>;
  /** One event with its payloads' text. */
  event(runId: string, seq: number): Promise<RunEvent>;
  /** What left for models in a run; `problem` says why its record could not be read to its end. */
  egress(runId: string): Promise<{ readonly ledger: RunLedger; readonly problem: string | null }>;
  /** The state of nodes, budget and files after an event. */
  moment(runId: string, seq: number): Promise<RunMoment>;
  /**
   * The text of a file in a tree that the record names; null when the tree has none there, undefined when that cannot be
   * told or shown.
   */
  fileInTree(runId: string, at: { readonly tree: string; readonly path: string }): Promise<string | null | undefined>;
  /** Two to six runs beside each other, the first with each other one; ended through the signal, it rejects. */
  compare(runIds: readonly string[], progress: Progress): Promise<Compared>;
  /** The text of a content that a run's record names by its hash; undefined when it is not kept there, or is no text. */
  textByHash(runId: string, sha256: string): Promise<string | undefined>;
  /** The events from `from` on whose recorded data holds a text, without regard to case, in order, as they are found; `next` was not looked at yet. */
  search(
    runId: string,
    query: string,
    from: number,
  ): AsyncIterable<{ readonly seqs: readonly number[]; readonly next: number }>;
  /** `model` takes the place of the one that is set. */
  defaults(folder: string, model?: string): Promise<StartDefaults>;
  /** What is found of all that a run needs, for a folder or for none. */
  doctor(folder: string | null): Promise<readonly Check[]>;
  /** What helps to write a blueprint of a folder. */
  readonly blueprintFacts: GatherFacts;
  /** Prepares a run as its start does, and starts nothing. */
  preview(request: RunRequest): Promise<RunPreview>;
  /** Starts a run; rejects when the project's commands are not those that a person has seen. */
  start(request: RunRequest & Seen): Promise<StartedRun>;
  /** What a person has to decide about before the run goes on; null when nothing is in doubt. */
  inDoubt(runId: string): Promise<InDoubt | null>;
  /** Takes a halted run up again; `decision` is about what is in doubt, null when nothing is. */
  resume(runId: string, decision: 'repeat' | 'fail' | null, about: string | undefined): Promise<StartedRun>;
  /** Stops a run after what is under way, so that it can be resumed. */
  pause(runId: string): void;
  cancel(runId: string): void;
  /** Lets a run of this window work on more of the repository, from its next step on. Throws when it does not go on here. */
  widen(runId: string, zones: readonly string[], reason: string): void;
  settle(runId: string, wanted: Settling): Promise<Settled>;
  replay(runId: string, progress: Progress): Promise<ReplayVerdict>;
  /** One node again, from what was recorded for it. */
  replayNode(runId: string, node: string, progress: Progress): Promise<ReplayVerdict>;
  /** Checks the record, with the head that this editor kept of it. */
  verify(runId: string, progress: Progress): Promise<VerifyReport>;
  /** Writes an evidence bundle, signed when there is a key. */
  exportBundle(runId: string, file: string, progress: Progress): Promise<ExportedBundle>;
  /** The report of an ended or halted run, as one HTML page. */
  htmlReport(runId: string, progress: Progress): Promise<string>;
  /** Verifies a bundle, and lists its run when it is sound. */
  importBundle(file: string, progress: Progress): Promise<ImportedBundle>;
  /** Sends a run to an OpenTelemetry collector; rejects with `traces_not_sent` when it does not take it. */
  sendTrace(runId: string, target: TraceTarget): Promise<void>;
  /** Makes the index and every run's database again, from the journals. */
  rebuild(progress: Progress): Promise<RebuiltIndex>;
  signingKey(): Promise<SigningKey | null>;
  /** Makes a key, which takes the place of the one there is. */
  createSigningKey(): Promise<SigningKey>;
  /** How a call was decided; `seq` is that of its request or of the decision. */
  explain(runId: string, seq: number): Promise<ExplainedCall>;
  /** What a policy, shipped or in a file, would have decided over the calls of a run; asks no model and runs nothing. */
  whatIf(runId: string, policy: string, progress: Progress): Promise<WhatIfForPeople>;
  /** The shipped policies, by id. */
  policies(): Promise<readonly { readonly id: string; readonly description: string }[]>;
  /** What today's policy would decide otherwise; null when nothing. */
  drift(runId: string): Promise<PolicyDrift | null>;
  /** The file of the rule that made a decision; null for a rule that is OpenExec's own. */
  policyFile(runId: string, seq: number): Promise<PolicyFile | null>;
  /** Where policies may lie; `folder` is one of the window, null when none is open. */
  policyFiles(folder: string | null): PolicyFiles;
  /** What the policy in a file may name, and whether it grants or only tightens. */
  readonly policyKnown: KnownOfPolicy;
  /** Asks about every MCP server of a folder that is new or has changed, and starts those that are agreed to. */
  reviewMcpServers(folder: string): Promise<readonly ReviewedMcpServer[]>;
  /** Today's policy, toolsets or project commands may have changed. */
  onDidChangePolicy(listener: () => void): { dispose(): void };
  onDidAppend(listener: (event: RunEvent) => void): { dispose(): void };
  onDidStream(listener: (runId: string, delta: ModelDelta) => void): { dispose(): void };
  /** The list changed: here, or in another window. */
  onDidChange(listener: () => void): { dispose(): void };
}
