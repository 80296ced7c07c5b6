/** A session over the adapters: what a run that is started and one that is resumed have in common. */
import { messageOf } from '../../core/kernel/errors';
import { deletionKeptBy, protectedBy, withheldBy } from '../../core/policy/evaluate';
import type { Snapshot } from '../../core/policy/schema';
import type { ApprovalVerdict, Approver } from '../../core/ports/approver';
import type { Classifier } from '../../core/ports/classifier';
import type { EventLog } from '../../core/ports/eventLog';
import type { Intervention } from '../../core/ports/intervention';
import type { Model, ModelDelta, ModelId } from '../../core/ports/model';
import type { Toolbox } from '../../core/ports/toolbox';
import type { SessionPorts } from '../../core/run/session';
import type { RunWriter } from '../store/store';
import { sha256 } from '../system/sha256';
import { createToolbox } from '../tools/toolbox';
import type { Repository } from '../workspace/repository';
import { keepObject, type Worktree } from '../workspace/worktree';
import { appendBody } from './appendBody';
import { callInDoubt } from './callInDoubt';
import type { ChooseModel } from './chooseModel';
import { exportEvidence } from './exportEvidence';
import type { Runtime } from './runtime';
import { withTimeLimit } from './timeLimit';

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
  /** Halts the run once what is under way has its outcome; a question that is open is asked again when it is resumed. */
  pause(by: string): void;
  /** Ends the session without an event, as when the window closes: the run opens as interrupted. */
  abandon(): void;
  /** Resolves when the run has ended and its record is closed; rejects when it could not be recorded any more. */
  readonly done: Promise<void>;
}

/** What a session works on. */
export type Prepared = {
  readonly repository: Repository;
  readonly base: { readonly baseTree: string; readonly baseCommit: string };
  readonly frozen: Snapshot;
  readonly model: Model;
  readonly task: string;
  /** The tree that the worktree is at when `openWorktree` answers. */
  readonly tree: string;
  /** Called at the first use of a tool, which is after the first event of the session is durable. */
  readonly openWorktree: () => Promise<Worktree>;
};

type Session = (ports: SessionPorts, signal: AbortSignal) => Promise<unknown>;

/** Runs a session to its end, in the background; the writer is closed with it. */
export function driveRun(
  prepared: Prepared,
  writer: RunWriter,
  runtime: Runtime,
  ports: RunPorts,
  session: Session,
): RunHandle {
  const control = new AbortController();
  const pausing = new AbortController();
  let intervention: Intervention = { kind: 'none' };
  const intervene = (next: Intervention): void => {
    // What ends the run comes before what only halts it.
    if (!control.signal.aborted) intervention = next;
    control.abort();
  };
  const pause = (by: string): void => {
    if (intervention.kind !== 'none') return;
    const reason = `paused by ${by}`;
    intervention = { kind: 'inject', body: { type: 'run.paused', data: { reason } } };
    pausing.abort(reason);
  };
  const sessionPorts = {
    ...portsOf(prepared, writer, runtime, ports, () => intervention),
    approver: pausable(ports.approver(writer.run), pausing.signal),
  };
  const done = drive(writer, runtime, () => session(sessionPorts, control.signal));
  // The caller may look at `done` only later; a rejection must not count as unhandled until then.
  done.catch(() => undefined);
  return {
    runId: writer.run,
    model: prepared.model.id,
    done,
    pause,
    cancel: (by) => intervene({ kind: 'inject', body: { type: 'run.cancelled', data: { by } } }),
    abandon: () => intervene({ kind: 'stop' }),
  };
}

/** Gives a question up when the run is paused; nobody else is waited for then. */
function pausable(approver: Approver, pausing: AbortSignal): Approver {
  return {
    async ask(request, signal) {
      const paused = (): ApprovalVerdict => ({ kind: 'unavailable', reason: String(pausing.reason) });
      if (pausing.aborted) return paused();
      const verdict = await approver.ask(request, AbortSignal.any([signal, pausing]));
      return verdict.kind === 'unavailable' && pausing.aborted ? paused() : verdict;
    },
  };
}

async function drive(writer: RunWriter, runtime: Runtime, session: () => Promise<unknown>): Promise<void> {
  try {
    await session();
  } catch (error) {
    await interrupt(writer, runtime, messageOf(error));
    throw error;
  } finally {
    await writer.close();
  }
}

function portsOf(
  prepared: Prepared,
  writer: RunWriter,
  { store, clock, ...runtime }: Runtime,
  ports: RunPorts,
  intervention: () => Intervention,
): Omit<SessionPorts, 'approver'> {
  return {
    hash: sha256,
    log: keepingTrees(prepared, writer),
    blobs: store.blobs,
    clock,
    model: prepared.model,
    classifier: ports.classifier,
    toolbox: toolboxOf(prepared, { store, clock, ...runtime }, writer.run),
    onDelta: (delta) => ports.onDelta(writer.run, delta),
    // A cancellation or a pause waits for the outcome of what is under way; closing the window cannot.
    intervene: (moment) => {
      const now = intervention();
      return moment === 'before effect' || now.kind === 'stop' ? now : { kind: 'none' };
    },
  };
}

/** Every tree that the record names is kept from git's garbage collection: a run that breaks off goes on from there. */
function keepingTrees({ repository, tree }: Prepared, writer: RunWriter): EventLog {
  let kept = tree;
  return {
    append: async (event) => {
      await writer.append(event);
      if (event.type !== 'tool.finished' || event.data.tree === null || event.data.tree === kept) return;
      kept = event.data.tree;
      await keepObject(repository, writer.run, 'result', kept);
    },
  };
}

/** Says in the record that the run broke off; when even that cannot be written, the journal simply ends there. */
async function interrupt(writer: RunWriter, runtime: Runtime, reason: string): Promise<void> {
  if (writer.head.events === 0) return;
  const inDoubt = await callInDoubt(runtime, writer.run).catch(() => null);
  await appendBody(writer, { type: 'run.interrupted', data: { reason, inDoubt } }, runtime).catch(() => undefined);
}

function toolboxOf(prepared: Prepared, runtime: Runtime, runId: string): Toolbox {
  const { repository, base, frozen, task, tree } = prepared;
  const { store, environment, monotonic, clock } = runtime;
  let opened: Promise<Toolbox> | null = null;
  const open = async (): Promise<Toolbox> =>
    createToolbox({
      worktree: await prepared.openWorktree(),
      repository,
      base,
      tree,
      blobs: store.blobs,
      hash: sha256,
      commands: frozen.commands,
      excluded: (file) => withheldBy(frozen, file),
      protectedBy: (file) => protectedBy(frozen, file),
      deletionKeptBy: (file) => deletionKeptBy(frozen, file),
      environment,
      run: { id: runId, task },
      monotonic,
      now: () => clock.now(),
      exportEvidence: (call, signal) => exportEvidence(store, { run: runId, call }, signal),
    });
  const toolbox = (): Promise<Toolbox> => {
    opened ??= open();
    return opened;
  };
  return withTimeLimit({
    facts: async (request) => (await toolbox()).facts(request),
    execute: async (request, facts, signal) => (await toolbox()).execute(request, facts, signal),
  });
}
