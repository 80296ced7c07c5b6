/** A session over the adapters: what a run that is started and one that is resumed have in common. */
import path from 'node:path';
import type { EventBody } from '../../core/events/schema';
import { clearThrough } from '../../core/gatekeeper/egress';
import type { Gate } from '../../core/gatekeeper/gate';
import { messageOf } from '../../core/kernel/errors';
import type { AskAboutMcp } from '../../core/mcp/review';
import { protectedBy, withheldBy } from '../../core/policy/evaluate';
import type { Snapshot } from '../../core/policy/schema';
import type { ApprovalVerdict, Approver } from '../../core/ports/approver';
import type { Classifier } from '../../core/ports/classifier';
import type { EventLog } from '../../core/ports/eventLog';
import type { Intervention } from '../../core/ports/intervention';
import type { Model, ModelDelta, ModelId } from '../../core/ports/model';
import type { SymbolFinder } from '../../core/ports/symbols';
import type { Toolbox } from '../../core/ports/toolbox';
import { excludedBy } from '../../core/run/bounds';
import type { SessionPorts } from '../../core/run/session';
import { createSurveyor } from '../gatekeeper/surveyor';
import { pinFile } from '../mcp/pinFile';
import { type RunServers, runServers } from '../mcp/runServers';
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
  /** The providers that a blueprint may name; left out: those that OpenExec knows. */
  readonly providers?: readonly string[];
  readonly approver: (runId: string) => Approver;
  /** Null where nobody knows symbols. */
  readonly symbols: SymbolFinder | null;
  /** Absolute path of a ripgrep that came with the editor or is installed; null when there is none. */
  readonly ripgrep: string | null;
  /** Asks a person about an MCP server; `nobody` where there is no one. */
  readonly askAboutMcp: AskAboutMcp;
  /** What is kept in secret storage: no run may tell of it. */
  readonly storedSecrets: readonly string[];
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
  /** Lets the run work on more of the repository, from its next step on. */
  widen(zones: readonly string[], by: string, reason: string): void;
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
  readonly gate: Gate;
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
  const widenings: EventBody<'zones.widened'>[] = [];
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
  const toolbox = toolboxOf(prepared, runtime, ports, writer.run);
  const sessionPorts = {
    ...portsOf(prepared, writer, runtime, ports, toolbox, {
      now: () => intervention,
      widening: () => widenings.shift(),
    }),
    approver: pausable(ports.approver(writer.run), pausing.signal),
  };
  const done = drive(writer, runtime, () => session(sessionPorts, control.signal).finally(toolbox.close));
  // The caller may look at `done` only later; a rejection must not count as unhandled until then.
  done.catch(() => undefined);
  return {
    runId: writer.run,
    model: prepared.model.id,
    done,
    pause,
    widen: (zones, by, reason) => {
      widenings.push({
        type: 'zones.widened',
        data: { zones: [...zones], by, reason: prepared.gate.recordable(reason) },
      });
    },
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
  { store, clock }: Runtime,
  ports: RunPorts,
  toolbox: Toolbox,
  from: { readonly now: () => Intervention; readonly widening: () => EventBody | undefined },
): Omit<SessionPorts, 'approver'> {
  return {
    hash: sha256,
    log: keepingTrees(prepared, writer),
    blobs: store.blobs,
    clock,
    model: prepared.model,
    classifier: ports.classifier,
    surveyor: createSurveyor({
      repository: prepared.repository,
      tree: prepared.base.baseTree,
      excluded: excludedBy(prepared.frozen),
    }),
    gate: prepared.gate,
    clear: clearThrough(prepared.gate),
    toolbox,
    onDelta: (delta) => ports.onDelta(writer.run, delta),
    // A cancellation or a pause waits for the outcome of what is under way; closing the window cannot.
    intervene: (moment) => {
      const now = from.now();
      const due = moment === 'before effect' && now.kind === 'none' ? from.widening() : undefined;
      if (due !== undefined) return { kind: 'inject', body: due };
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

/** The hands of the session; `close` ends what they have started. Never rejects. */
function toolboxOf(prepared: Prepared, runtime: Runtime, { symbols, ripgrep }: RunPorts, runId: string) {
  const { repository, base, frozen, gate, task, tree } = prepared;
  const { store, environment, monotonic, clock, version } = runtime;
  let servers: RunServers | null = null;
  let opened: Promise<Toolbox> | null = null;
  const open = async (): Promise<Toolbox> => {
    const worktree = await prepared.openWorktree();
    const { servers: userFile } = runtime.mcp;
    const place = { workspace: repository.root, userFile, root: worktree.folder, environment, version };
    servers = runServers(frozen, pinFile(runtime.mcp.pins), place);
    return createToolbox({
      worktree,
      repository,
      base,
      tree,
      blobs: store.blobs,
      hash: sha256,
      commands: frozen.commands,
      snapshot: frozen,
      gate,
      symbols,
      ripgrep,
      grammars: path.join(runtime.assets, 'dist', 'grammars'),
      mcp: servers,
      excluded: (file) => withheldBy(frozen, file),
      protectedBy: (file) => protectedBy(frozen, file),
      hidden: [store.root, ...(runtime.policyFiles.user === null ? [] : [runtime.policyFiles.user])],
      environment,
      run: { id: runId, task },
      monotonic,
      now: () => clock.now(),
      exportEvidence: (call, signal) => exportEvidence(store, { run: runId, call }, signal),
    });
  };
  const toolbox = (): Promise<Toolbox> => {
    opened ??= open();
    return opened;
  };
  const limited = withTimeLimit({
    facts: async (request) => (await toolbox()).facts(request),
    execute: async (request, facts, signal) => (await toolbox()).execute(request, facts, signal),
  });
  return { ...limited, close: async () => servers?.close() };
}
