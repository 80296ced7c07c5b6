/**
 * The local model on @xenova/transformers, WASM backend, one thread: our own, which reads features that this repository
 * computes; or anybody's pipeline for the classification of texts, with its tokenizer.
 *
 * Invariants: nothing comes from elsewhere than the model's folder; the same files and the same task give the same scores.
 */
import path from 'node:path';
import { AutoModelForSequenceClassification, env, pipeline, Tensor } from '@xenova/transformers';
import { InferenceSession } from 'onnxruntime-web';
import { featuresOf } from '../../../core/gatekeeper/features';
import { assertNever } from '../../../core/kernel/assertNever';
import { isolate } from './isolate';
import type { Said, Score, WorkerModel } from './protocol';

export type Ask = (task: string) => Promise<Said>;

/** More characters than the tokens are that such a model takes in. */
const LONGEST = 20_000;

/**
 * Begins to load the model of a folder, once for a thread: what is set for that holds for all of it. Whoever asks waits until it is
 * loaded, and is refused when it is no model.
 */
export function loadModel({ folder, wasmFolder, kind, quantized }: WorkerModel): Ask {
  isolate();
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = `${path.dirname(folder)}/`;
  Object.assign(env, { useFSCache: false, useBrowserCache: false });
  Object.assign(env.backends.onnx.wasm, { numThreads: 1, proxy: false, simd: true, wasmPaths: `${wasmFolder}/` });
  switch (kind) {
    case 'own':
      return ownModel(path.basename(folder), quantized);
    case 'pipeline':
      return anyPipeline(path.basename(folder), quantized);
    default:
      return assertNever(kind);
  }
}

function ownModel(name: string, quantized: boolean): Ask {
  withoutOptimizer();
  const loading = AutoModelForSequenceClassification.from_pretrained(name, { quantized });
  // Whoever asks is told; until then it is nobody's failure.
  loading.catch(() => undefined);
  return async (task) => {
    // Of the first task that is while the model's files are read: its many expressions are compiled then.
    const inputs = inputsOf(task);
    const model = await loading;
    const { logits }: { logits: Tensor } = await model(inputs);
    return { kind: 'logits', logits: Array.from(logits.data, Number) };
  };
}

/** A task without any feature is one token that is masked out: onnxruntime refuses a row without tokens. */
function inputsOf(task: string) {
  const { ids, kinds } = featuresOf(task);
  const row = (values: readonly number[]) => {
    const filled = values.length === 0 ? [0] : values;
    return new Tensor('int64', BigInt64Array.from(filled, BigInt), [1, filled.length]);
  };
  return { input_ids: row(ids), attention_mask: row(ids.map(() => 1)), token_type_ids: row(kinds) };
}

/**
 * onnxruntime's optimizer makes nothing faster in so small a graph, and a good part of the time to the first answer is its
 * own. @xenova/transformers has no way to say so.
 */
function withoutOptimizer(): void {
  type Create = (model: Uint8Array, options: InferenceSession.SessionOptions) => Promise<InferenceSession>;
  const usual: Create = InferenceSession.create.bind(InferenceSession);
  const create: Create = (model, options) => usual(model, { ...options, graphOptimizationLevel: 'disabled' });
  Object.assign(InferenceSession, { create });
}

function anyPipeline(name: string, quantized: boolean): Ask {
  const loading = pipeline('text-classification', name, { quantized });
  loading.catch(() => undefined);
  // Every label with its score; one that is asked of a model with a single label comes without the list around it.
  const all = { topk: Number.MAX_SAFE_INTEGER };
  return async (task) => {
    const classify = await loading;
    const text = task.slice(0, LONGEST);
    // A tokenizer makes nothing of nothing, and onnxruntime refuses a row without tokens.
    const found = await classify(text.trim() === '' ? '?' : text, all);
    const scores = ([found].flat(2) as Score[]).map(({ label, score }) => ({ label, score }));
    return { kind: 'scores', scores };
  };
}
