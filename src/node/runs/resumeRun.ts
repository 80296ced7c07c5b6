/**
 * Taking up a run that was paused or broke off: from the last durable decision, under the policy, blueprint and model
 * that were frozen at its start. Its copy of the repository is set back to the last tree that the record knows.
 */
import type { DataOf, EventBody } from '../../core/events/schema';
import { canResume } from '../../core/events/summary';
import { type Gate, numberingIn, plainGate } from '../../core/gatekeeper/gate';
import { OpenExecError } from '../../core/kernel/errors';
import type { Model } from '../../core/ports/model';
import { type InDoubt, inDoubt } from '../../core/run/resume';
import { NOTHING_YET, type Recalled, recall, resumeSession } from '../../core/run/session';
import type { ActiveRun } from '../../core/run/state';
import { isKnown } from '../../core/run/versions';
import { type GateSources, openGate } from '../gatekeeper/openGate';
import type { RunStore } from '../store/store';
import { refuseTrackedStore } from '../store/trackedStore';
import { openRepository } from '../workspace/repository';
import { restoreWorktree } from '../workspace/restore';
import { driveRun, type RunHandle, type RunPorts } from './driveRun';
import type { Runtime } from './runtime';
import { worktreeFolder } from './startRun';

export type ResumeRequest = {
  readonly runId: string;
  readonly by: string;
  /** What to do about the effect that is in doubt; null when there is none. */
  readonly decision: 'repeat' | 'fail' | null;
  /** Which effect the person was asked about, where one was; a decision about another does not count. */
  readonly about?: string | undefined;
};

/** What was begun in a run and has no outcome; null when nothing is in doubt. Throws `run_unknown`, `run_not_resumable`. */
export async function inDoubtOf(store: RunStore, runId: string): Promise<InDoubt | null> {
  return inDoubt((await recalled(store, runId)).past.state);
}

/**
 * Resumes a run. Rejects, with nothing written: `run_not_resumable`, `run_locked`, `usage` when a decision about what is in
 * doubt is needed and was not given or git tracks the store, and what opening the repository and the model rejects with.
 */
export async function resumeRun(request: ResumeRequest, runtime: Runtime, ports: RunPorts): Promise<RunHandle> {
  const { runId } = request;
  const { store } = runtime;
  await refuseTrackedStore(store.root, runtime.git);
  await refuseUnresumable(store, runId);
  const writer = await store.continue(runId);
  try {
    // Read only now, with the run's lock held: nobody else can have gone on with it.
    const { past, run, numbering } = await recalled(store, runId);
    const { workspace } = run.origin;
    const repository = await openRepository(workspace.root, runtime.git);
    const model = await modelOf(run, repository.root, ports);
    await refuseOtherGatekeeper(run, ports);
    const gate = await gateOf(run, numbering, { root: repository.root, stored: ports.storedSecrets }, runtime);
    const tree = run.tree ?? workspace.baseTree;
    const body = resumedBody(request, inDoubt(past.state), tree, runtime.version);
    const folder = worktreeFolder(store.root, runId);
    const prepared = {
      ...{ repository, base: workspace, frozen: run.snapshot, model, gate, task: run.task, tree },
      openWorktree: () => restoreWorktree(repository, { run: runId, folder, commit: workspace.baseCommit, tree }),
    };
    return driveRun(prepared, writer, runtime, ports, (session, signal) =>
      resumeSession(runId, past, body, session, signal),
    );
  } catch (error) {
    await writer.close();
    throw error;
  }
}

async function refuseUnresumable(store: RunStore, runId: string): Promise<void> {
  const summary = await store.summary(runId);
  if (summary.imported) throw refused(runId, 'it was imported, and an imported record is never written to');
  if (summary.root !== store.root) throw refused(runId, 'it lies in the store of another window');
  if (summary.result === 'discarded') throw refused(runId, 'it was discarded');
  if (!canResume(summary))
    throw refused(runId, `only a run that is paused or interrupted can be; it is ${summary.status}`);
}

const refused = (runId: string, why: string): OpenExecError =>
  new OpenExecError('run_not_resumable', `The run ${runId} cannot be resumed: ${why}.`);

type Numbering = Readonly<Record<string, number>>;
type Recall = { readonly past: Recalled; readonly run: ActiveRun; readonly numbering: Numbering };

async function recalled(store: RunStore, runId: string): Promise<Recall> {
  let past = NOTHING_YET;
  const numbering: Record<string, number> = {};
  for await (const event of store.read(runId)) {
    if (event.type === 'run.started') refuseOtherEngine(runId, event.data.flags);
    const inline = await store.inline(event);
    for (const [kind, last] of Object.entries(numberingIn([JSON.stringify(inline.data)])))
      numbering[kind] = Math.max(last, numbering[kind] ?? 0);
    past = recall(past, inline);
  }
  if (past.state.phase !== 'halted') throw refused(runId, 'only a run that is paused or interrupted can be');
  return { past, run: past.state.run, numbering };
}

/** New placeholders go on after those that the record holds; a run of an older engine keeps its own way. */
async function gateOf(
  { origin }: ActiveRun,
  numbering: Numbering,
  sources: GateSources,
  runtime: Runtime,
): Promise<Gate> {
  const { engine } = origin.flags;
  return engine < 4 ? plainGate(engine) : openGate(sources, runtime, numbering);
}

function refuseOtherEngine(runId: string, flags: DataOf<'run.started'>['flags']): void {
  if (isKnown(flags)) return;
  const { engine, prompt } = flags;
  throw refused(runId, `it was begun by engine ${engine}, prompt ${prompt}, which this version does not go on with`);
}

/** The model that the run began with, at the same place; another one would be another run. */
async function modelOf({ origin }: ActiveRun, root: string, { chooseModel }: RunPorts): Promise<Model> {
  const { provider, name, destination, local } = origin.model;
  const model = await chooseModel(root, `${provider}:${name}`);
  const { id } = model;
  if (id.provider === provider && id.name === name && id.destination === destination && id.local === local)
    return model;
  const now = `${model.id.provider}:${model.id.name} at ${model.id.destination}`;
  const trust = id.local === local ? '' : `, ${local ? 'no longer' : 'now'} declared local,`;
  const began = `The run began with ${provider}:${name} at ${destination}, and ${now}${trust} is configured`;
  throw new OpenExecError('model_unconfigured', `${began}. Configure the same model and address, then resume it.`);
}

/** A plan that is still to be made is made by the gatekeeper that the run names. */
async function refuseOtherGatekeeper({ origin, plan }: ActiveRun, { classifier }: RunPorts): Promise<void> {
  const { id, sha256 } = await classifier.identify();
  if (plan !== null || (origin.gatekeeper.id === id && origin.gatekeeper.sha256 === sha256)) return;
  throw new OpenExecError(
    'run_not_resumable',
    `The run has no plan yet, and its gatekeeper ${origin.gatekeeper.id} is not here.`,
  );
}

function resumedBody(
  { by, decision, about }: ResumeRequest,
  doubt: InDoubt | null,
  tree: string,
  openexec: string,
): EventBody<'run.resumed'> {
  if (doubt !== null && decision === null) {
    throw new OpenExecError(
      'usage',
      `It is not known whether this was done before the run broke off: ${doubt.title}. Say whether to repeat it or to treat it as failed.`,
    );
  }
  if (about !== undefined && about !== doubt?.id) {
    throw new OpenExecError(
      'usage',
      'Something else is in doubt in this run now than what was asked about. Resume it again.',
    );
  }
  const settled = doubt === null || decision === null ? null : { kind: doubt.kind, id: doubt.id, decision };
  return { type: 'run.resumed', data: { by, inDoubt: settled, tree, openexec } };
}
