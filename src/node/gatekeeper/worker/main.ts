/**
 * The thread that the local model runs in, so that loading it stalls nobody. Questions are answered one after the other,
 * in order. esbuild makes `gatekeeper-worker.js` of it, with onnxruntime's wasm file beside it.
 */
import './wasmAhead';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../core/kernel/errors';
import { loadModel } from './loadModel';
import type { Said, WorkerAnswer, WorkerModel, WorkerQuestion } from './protocol';

function listen(port: NonNullable<typeof parentPort>, model: WorkerModel): void {
  const ask = loadModel(model);
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ id, task }: WorkerQuestion) => {
    last = last
      .then(() => ask(task))
      .catch((error: unknown): Said => ({ kind: 'failed', message: messageOf(error) }))
      .then((said) => port.postMessage({ id, said } satisfies WorkerAnswer));
  });
}

if (parentPort !== null) listen(parentPort, workerData as WorkerModel);
