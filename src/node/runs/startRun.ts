/** Starting a run: from a request to a session that works in a worktree of its own. */
import path from 'node:path';
import { messageOf } from '../../core/kernel/errors';
import { protectedBy, withheldBy } from '../../core/policy/evaluate';
import type { Approver } from '../../core/ports/approver';
import type { Classifier } from '../../core/ports/classifier';
import type { EventLog } from '../../core/ports/eventLog';
import type { Intervention } from '../../core/ports/intervention';
import type { ModelDelta, ModelId } from '../../core/ports/model';
import type { Toolbox } from '../../core/ports/toolbox';
import { runSession } from '../../core/run/session';
import type { RunWriter } from '../store/store';
import { sha256 } from '../system/sha256';
import { createToolbox } from '../tools/toolbox';
import { createWorktree, keepObject } from '../workspace/worktree';
import { appendBody } from './appendBody';
import { callInDoubt } from './callInDoubt';
import type { ChooseModel } from './chooseModel';
import { type PreparedRun, prepareRun, type RunRequest } from './prepareRun';
import type { Runtime } from './runtime';

export type RunPorts = {
  readonly classifier: Classifier;
  readonly chooseModel: ChooseModel;
  readonly approver: (runId: string) => Approver;
  /** A piece of a reply that is streaming in; for display only. */
  readonly onDelta: (runId: string, delta: ModelDelta) => void;
};

export interface RunHandle {
  readonly runId: string;
  readonly model: ModelId;
  /** Ends the run as soon as the current request or command has really stopped. */
  cancel(by: string): void;
  /** Ends the session without an event, as when the window closes: the run opens as interrupted. */
  abandon(): void;
  /** Resolves when the run has ended and its record is closed; rejects when it could not be recorded any more. */
  readonly done: Promise<void>;
}

/** Where the worktree of a run lies. */
export const worktreeFolder = (root: string, runId: string): string => path.join(root, 'worktrees', runId);

/** Starts a run. Rejects, with one clear line and nothing recorded, when it cannot be prepared. */
export async function startRun(request: RunRequest, runtime: Runtime, ports: RunPorts): Promise<RunHandle> {
  const prepared = await prepareRun(request, runtime, ports);
  const runId = runtime.entropy.runId();
  const writer = await runtime.store.create(runId);
  const control = new AbortController();
  let intervention: Intervention = { kind: 'none' };
  const intervene = (next: Intervention): void => {
    if (intervention.kind === 'none') intervention = next;
    control.abort();
  };
  const done = drive(prepared, writer, runtime, ports, control.signal, () => intervention);
  // The caller may look at `done` only later; a rejection must not count as unhandled until then.
  done.catch(() => undefined);
  return {
    runId,
    model: prepared.model.id,
    done,
    cancel: (by) => intervene({ kind: 'inject', body: { type: 'run.cancelled', data: { by } } }),
    abandon: () => intervene({ kind: 'stop' }),
  };
}

async function drive(
  prepared: PreparedRun,
  writer: RunWriter,
  runtime: Runtime,
  ports: RunPorts,
  signal: AbortSignal,
  intervention: () => Intervention,
): Promise<void> {
  const { store, clock } = runtime;
  const runId = writer.run;
  let tree: string | null = null;
  const log: EventLog = {
    append: async (event) => {
      await writer.append(event);
      if (event.type === 'tool.finished') tree = event.data.tree ?? tree;
    },
  };
  try {
    await runSession(
      runId,
      prepared.first,
      {
        hash: sha256,
        log,
        blobs: store.blobs,
        clock,
        model: prepared.model,
        classifier: ports.classifier,
        toolbox: toolboxOf(prepared, runtime, runId),
        approver: ports.approver(runId),
        onDelta: (delta) => ports.onDelta(runId, delta),
        // A cancellation waits for the outcome of what is under way; closing the window cannot.
        intervene: (moment) => {
          const now = intervention();
          return moment === 'before effect' || now.kind === 'stop' ? now : { kind: 'none' };
        },
      },
      signal,
    );
  } catch (error) {
    await interrupt(writer, runtime, messageOf(error));
    throw error;
  } finally {
    await writer.close();
    if (tree !== null) await keepObject(prepared.repository, runId, 'result', tree);
  }
}

/** Says in the record that the run broke off; when even that cannot be written, the journal simply ends there. */
async function interrupt(writer: RunWriter, runtime: Runtime, reason: string): Promise<void> {
  if (writer.head.events === 0) return;
  const inDoubt = await callInDoubt(runtime, writer.run).catch(() => null);
  await appendBody(writer, { type: 'run.interrupted', data: { reason, inDoubt } }, runtime).catch(() => undefined);
}

/** The worktree is made at the first use, which is after `run.started` is durable. */
function toolboxOf(prepared: PreparedRun, runtime: Runtime, runId: string): Toolbox {
  const { repository, base, frozen, first } = prepared;
  const { store, environment, monotonic, clock } = runtime;
  let opened: Promise<Toolbox> | null = null;
  const open = async (): Promise<Toolbox> => {
    const folder = worktreeFolder(store.root, runId);
    const worktree = await createWorktree(repository, { run: runId, folder, commit: base.baseCommit });
    return createToolbox({
      worktree,
      repository,
      base,
      blobs: store.blobs,
      hash: sha256,
      commands: frozen.commands,
      excluded: (file) => withheldBy(frozen, file),
      protectedBy: (file) => protectedBy(frozen, file),
      environment,
      run: { id: runId, task: typeof first.data.task === 'string' ? first.data.task : '' },
      monotonic,
      now: () => clock.now(),
    });
  };
  const toolbox = (): Promise<Toolbox> => {
    opened ??= open();
    return opened;
  };
  return {
    facts: async (request) => (await toolbox()).facts(request),
    execute: async (request, facts, signal) => (await toolbox()).execute(request, facts, signal),
  };
}
