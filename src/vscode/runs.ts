/**
 * What the windows need of runs. The composition root implements it over the Node adapters; nothing here knows them.
 */
import type { RunMoment } from '../core/events/moment';
import type { Bound, RunOrigin } from '../core/events/parts';
import type { RunEvent } from '../core/events/schema';
import { canResume, isEnded, type RunSummary } from '../core/events/summary';
import type { VerifyReport } from '../core/events/verify';
import type { ModelDelta, ModelId } from '../core/ports/model';
import type { Progress } from '../core/ports/progress';
import type { ReplayVerdict } from '../core/replay/exact';
import type { GatherFacts } from './blueprints/inspection';

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
export type RunRequest = { readonly folder: string; readonly task: string; readonly blueprint: string };

/** What a person is not asked about before a run. */
export const USUAL = { policy: 'standard', approvals: 'ask' } as const;

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
  /** Changes with any of the commands. */
  readonly commandsHash: string;
};

/** A command of the project that a run may execute: its name, its line, and where it was found. */
export type ProjectCommandLine = { readonly name: string; readonly line: string; readonly source: string };

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

export type Settled = {
  readonly outcome: 'done' | 'refused';
  readonly files: readonly string[];
  readonly conflicts: readonly string[];
  readonly reason: string;
};

/** Every method rejects with an OpenExecError whose message is one line for a person. */
export interface Runs {
  list(): Promise<ListedRun[]>;
  summary(runId: string): Promise<ListedRun>;
  /** Events in stored form, from a place on. */
  events(runId: string, from: number): AsyncIterable<RunEvent>;
  /** One event with its payloads' text. */
  event(runId: string, seq: number): Promise<RunEvent>;
  /** The state of nodes, budget and files after an event. */
  moment(runId: string, seq: number): Promise<RunMoment>;
  defaults(folder: string): Promise<StartDefaults>;
  /** What helps to write a blueprint of a folder. */
  readonly blueprintFacts: GatherFacts;
  /** Prepares a run as its start does, and starts nothing. */
  preview(request: RunRequest): Promise<RunPreview>;
  /** Starts a run; rejects when the project's commands are not those that a person has seen. */
  start(request: RunRequest & { readonly commandsHash: string }): Promise<StartedRun>;
  /** What a person has to decide about before the run goes on; null when nothing is in doubt. */
  inDoubt(runId: string): Promise<InDoubt | null>;
  /** Takes a halted run up again; `decision` is about what is in doubt, null when nothing is. */
  resume(runId: string, decision: 'repeat' | 'fail' | null, about: string | undefined): Promise<StartedRun>;
  /** Stops a run after what is under way, so that it can be resumed. */
  pause(runId: string): void;
  cancel(runId: string): void;
  settle(runId: string, action: 'apply' | 'discard'): Promise<Settled>;
  replay(runId: string, progress: Progress): Promise<ReplayVerdict>;
  /** One node again, from what was recorded for it. */
  replayNode(runId: string, node: string, progress: Progress): Promise<ReplayVerdict>;
  /** Checks the record, with the head that this editor kept of it. */
  verify(runId: string, progress: Progress): Promise<VerifyReport>;
  /** Writes an evidence bundle, signed when there is a key. */
  exportBundle(runId: string, file: string, progress: Progress): Promise<ExportedBundle>;
  /** Verifies a bundle, and lists its run when it is sound. */
  importBundle(file: string, progress: Progress): Promise<ImportedBundle>;
  /** Makes the index and every run's database again, from the journals. */
  rebuild(progress: Progress): Promise<RebuiltIndex>;
  signingKey(): Promise<SigningKey | null>;
  /** Makes a key, which takes the place of the one there is. */
  createSigningKey(): Promise<SigningKey>;
  onDidAppend(listener: (event: RunEvent) => void): { dispose(): void };
  onDidStream(listener: (runId: string, delta: ModelDelta) => void): { dispose(): void };
  /** The list changed: here, or in another window. */
  onDidChange(listener: () => void): { dispose(): void };
}
