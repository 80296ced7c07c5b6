/**
 * What the windows need of runs. The composition root implements it over the Node adapters; nothing here knows them.
 */
import type { RunEvent } from '../core/events/schema';
import type { RunSummary } from '../core/events/summary';
import type { VerifyReport } from '../core/events/verify';
import type { ModelDelta, ModelId } from '../core/ports/model';
import type { ReplayVerdict } from '../core/replay/exact';

export type ListedRun = RunSummary & {
  /** True when this window cannot steer the run: another one writes it, or it lies in another window's store. */
  readonly readOnly: boolean;
};

/** Whether a person can still decide about what the run left behind. */
export const canDiscard = ({ status, result, filesChanged }: ListedRun): boolean =>
  status !== 'running' && status !== 'waiting' && result === 'none' && filesChanged.length > 0;

/** A run that broke off or was cancelled has a copy of the folder, and no result that was finished. */
export const canApply = (run: ListedRun): boolean => canDiscard(run) && run.tree !== null;

export type BlueprintChoice = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly problems: readonly string[];
};

/** What a run of a folder would use; `model` is null when nothing is configured. */
export type StartDefaults = {
  readonly blueprints: readonly BlueprintChoice[];
  readonly model: string | null;
  /** The task of the recording, when the model is one. */
  readonly recordedTask: string | null;
};

export type StartedRun = {
  readonly runId: string;
  readonly model: ModelId;
  /** Resolves at the end; rejects when the run could not be recorded any more. */
  readonly done: Promise<void>;
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
  defaults(folder: string): Promise<StartDefaults>;
  start(request: { folder: string; task: string; blueprint: string }): Promise<StartedRun>;
  cancel(runId: string): void;
  settle(runId: string, action: 'apply' | 'discard'): Promise<Settled>;
  replay(runId: string): Promise<ReplayVerdict>;
  verify(runId: string): Promise<VerifyReport>;
  onDidAppend(listener: (event: RunEvent) => void): { dispose(): void };
  onDidStream(listener: (runId: string, delta: ModelDelta) => void): { dispose(): void };
  /** The list changed: here, or in another window. */
  onDidChange(listener: () => void): { dispose(): void };
}
