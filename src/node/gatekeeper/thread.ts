/**
 * The main thread's side of the model's worker: questions with an id, answers parsed. The worker keeps the process alive
 * only while an answer is due, and prints nothing.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { type Said, type WorkerModel, type WorkerQuestion, workerAnswer } from './worker/protocol';

export interface ModelThread {
  /** Asks about one task. Rejects with `classifier_worker` when the thread ends before it has answered. */
  ask(task: string): Promise<Said>;
  /** Ends the thread; what is still due rejects. */
  end(): Promise<void>;
}

type Due = { readonly resolve: (said: Said) => void; readonly reject: (error: OpenExecError) => void };

/** Starts the thread from its bundle. That it cannot be started shows at the first question. */
export function startThread(bundle: string, model: WorkerModel): ModelThread {
  // Without environment and options of this process, for nothing in there is the model's business; and its streams are not
  // this process's. They are not read either: that would keep the process alive.
  const own = { env: {}, execArgv: [], stdout: true, stderr: true };
  const worker = new Worker(bundle, { name: 'openexec-gatekeeper', workerData: model, ...own });
  worker.unref();
  const due = new Map<number, Due>();
  let next = 0;
  let dead: OpenExecError | null = null;

  const settle = (id: number): Due | undefined => {
    const waiting = due.get(id);
    due.delete(id);
    if (due.size === 0) worker.unref();
    return waiting;
  };
  const die = (message: string, cause?: unknown): void => {
    dead ??= new OpenExecError('classifier_worker', `its worker ${message}`, { cause });
    for (const id of [...due.keys()]) settle(id)?.reject(dead);
  };

  worker.on('error', (error) => die(`failed: ${messageOf(error)}`, error));
  worker.on('messageerror', (error) => die(`sent what cannot be read: ${messageOf(error)}`, error));
  worker.on('exit', () => die('has ended'));
  worker.on('message', (message: unknown) => {
    const parsed = workerAnswer.safeParse(message);
    if (parsed.success) settle(parsed.data.id)?.resolve(parsed.data.said);
    else die('sent an unknown answer', parsed.error);
  });

  return {
    ask(task) {
      if (dead !== null) return Promise.reject(dead);
      next += 1;
      const question: WorkerQuestion = { id: next, task };
      return new Promise((resolve, reject) => {
        due.set(question.id, { resolve, reject });
        worker.ref();
        worker.postMessage(question);
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}
