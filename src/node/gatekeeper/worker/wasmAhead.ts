/**
 * Compiles onnxruntime's wasm file as the first thing of the thread: other threads do that while this one evaluates its
 * libraries. The build lets onnxruntime's glue take what is made here (.scripts/lib/onnxruntime.mjs).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import type { WorkerModel } from './protocol';

type Receive = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

const { wasmFolder } = workerData as WorkerModel;
const compiled = WebAssembly.compile(readFileSync(path.join(wasmFolder, 'ort-wasm-simd.wasm')));

/** As emscripten wants it. What fails here ends the thread, for the glue has no ear for it. */
async function instantiate(imports: WebAssembly.Imports, receive: Receive): Promise<void> {
  const module = await compiled;
  receive(await WebAssembly.instantiate(module, imports), module);
}

Object.assign(globalThis, {
  openexecInstantiateWasm: (imports: WebAssembly.Imports, receive: Receive) => {
    void instantiate(imports, receive);
    return {};
  },
});
