/**
 * The main thread's side of the store's worker: requests with an id, answers parsed, failures as `store_worker`. The
 * worker keeps the process alive only while an answer is due.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { answerEnvelope, type WorkerAnswer, type WorkerRequest } from './worker/protocol';

export interface StoreWorker {
  /** Sends one request; requests are served in the order in which they were sent. Throws `store_worker`. */
  ask(request: WorkerRequest): Promise<WorkerAnswer>;
  /** Ends the thread; what is still due fails. */
  close(): Promise<void>;
}

type Due = { readonly resolve: (answer: WorkerAnswer) => void; readonly reject: (error: OpenExecError) => void };

/** Starts the worker from its bundle. That it cannot be started shows at the first request. */
export function startWorker(bundle: string): StoreWorker {
  const worker = new Worker(bundle, { name: 'openexec-store' });
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
    dead ??= new OpenExecError('store_worker', `the store's database worker ${message}`, { cause });
    for (const id of [...due.keys()]) settle(id)?.reject(dead);
  };

  worker.on('error', (error) => die(`failed: ${messageOf(error)}`, error));
  worker.on('messageerror', (error) => die(`sent what cannot be read: ${messageOf(error)}`, error));
  worker.on('exit', () => die('has ended'));
  worker.on('message', (message: unknown) => {
    const parsed = answerEnvelope.safeParse(message);
    if (!parsed.success) return die('sent an unknown answer', parsed.error);
    const { id, answer } = parsed.data;
    if (answer.kind === 'failed') settle(id)?.reject(new OpenExecError('store_worker', answer.message));
    else settle(id)?.resolve(answer);
  });

  return {
    ask(request) {
      if (dead !== null) return Promise.reject(dead);
      next += 1;
      const id = next;
      return new Promise((resolve, reject) => {
        due.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, request });
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}
