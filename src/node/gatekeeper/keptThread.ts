/**
 * The thread of a model: started when it is needed, again after a crash, and left when it is of no use any more, because it
 * is stuck, could not load its model, or has not been asked for a while: it holds some 100 MB, for which every process that is
 * started pays.
 */
import { OpenExecError } from '../../core/kernel/errors';
import { hashOfModel, type ModelFolder } from './modelFolder';
import { type ModelThread, startThread } from './thread';
import type { Said } from './worker/protocol';

/** A model, and the hash over its files that was told of it. */
export type Known = { readonly model: ModelFolder; readonly sha256: string };

export interface KeptThread {
  /** Asks about a task until `late`. Throws an `OpenExecError` when there is no answer. */
  ask(known: Known, task: string, late: AbortSignal): Promise<Said>;
  /** Ends the thread for good. */
  close(): Promise<void>;
}

/** A thread that crashes is started again once for a question; whatever brings it down twice will do so again. */
const STARTS = 2;

type Places = {
  readonly folder: string;
  readonly workerPath: string;
  readonly wasmFolder: string;
  /** Milliseconds without a question after which the thread ends; the next one starts another. */
  readonly idleMs: number;
};

/** The one thread of the model in a folder; nothing is started yet. */
export function keptThread({ folder, workerPath, wasmFolder, idleMs }: Places): KeptThread {
  let running: ModelThread | null = null;
  let asking = 0;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const leave = async (left: ModelThread): Promise<void> => {
    if (running === left) running = null;
    await left.end();
  };

  /** The files that a thread loads must be those whose hash was told, however long ago that was. */
  const start = ({ model, sha256 }: Known): ModelThread => {
    const { kind, quantized } = model;
    const thread = startThread(workerPath, { folder, wasmFolder, kind, quantized });
    const same = hashOfModel(folder, model).then((now) => {
      if (now !== sha256) throw new OpenExecError('config_invalid', 'its files have changed; open the window again');
    });
    same.catch(() => undefined);
    return { ...thread, ask: (task) => Promise.all([thread.ask(task), same]).then(([said]) => said) };
  };

  const ask = async (known: Known, task: string, late: AbortSignal, starts = STARTS): Promise<Said> => {
    if (closed) throw new OpenExecError('classifier_worker', 'it is closed');
    running ??= start(known);
    const thread = running;
    const stuck = (): void => void leave(thread);
    late.addEventListener('abort', stuck);
    try {
      const said = await thread.ask(task);
      if (said.kind === 'failed') throw new OpenExecError('config_invalid', said.message);
      return said;
    } catch (error) {
      await leave(thread);
      const crashed = error instanceof OpenExecError && error.code === 'classifier_worker';
      if (!crashed || late.aborted || starts === 1) throw error;
      return await ask(known, task, late, starts - 1);
    } finally {
      late.removeEventListener('abort', stuck);
    }
  };

  /** Nothing is waited for by the timer, neither by this process's end. */
  const rest = (): void => {
    const thread = running;
    if (asking > 0 || thread === null) return;
    idle = setTimeout(() => void leave(thread), idleMs);
    idle.unref();
  };

  return {
    async ask(known, task, late) {
      clearTimeout(idle);
      asking += 1;
      try {
        return await ask(known, task, late);
      } finally {
        asking -= 1;
        rest();
      }
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      await running?.end();
    },
  };
}
