/**
 * The local model behind the core's port. Nothing is read or started before it is first asked.
 *
 * Invariants: an answer, or the word that there is none, comes in bounded time, and nothing is thrown; what answers is the
 * model whose hash was told; a thread that has crashed, is stuck or could not load its model is not asked again.
 */
import type { Classification } from '../../core/events/planParts';
import { classificationOf } from '../../core/gatekeeper/labels';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Classifier, ClassifierId } from '../../core/ports/classifier';
import { type Known, keptThread } from './keptThread';
import { hashOfModel, type ModelFolder, readModelFolder } from './modelFolder';
import { classificationFrom } from './pipelineLabels';
import type { Said } from './worker/protocol';

export type ClassifierOptions = {
  /** The folder of the model; absolute, as are the others. */
  readonly folder: string;
  /** The worker's bundle. */
  readonly workerPath: string;
  /** The folder of onnxruntime's wasm file. */
  readonly wasmFolder: string;
  /** Milliseconds after which no answer is waited for any more; what it takes to load the model is within. */
  readonly limitMs?: number;
  /** Milliseconds without a question after which the thread ends, and its memory is given back. */
  readonly idleMs?: number;
};

export interface LocalClassifier extends Classifier {
  /** Ends the thread. What is asked afterwards gets no classification. */
  close(): Promise<void>;
}

const LIMIT_MS = 5000;
const IDLE_MS = 60_000;
const NO_MODEL: ClassifierId = { id: 'rules', sha256: null };

type Told = { readonly classification: Classification | null; readonly problem: string | null };

/** The classifier over a model in a folder; see `readModelFolder` for what that is. */
export function openClassifier(options: ClassifierOptions): LocalClassifier {
  const { folder, limitMs = LIMIT_MS, idleMs = IDLE_MS } = options;
  const thread = keptThread({ ...options, idleMs });
  let known: Promise<Known> | null = null;

  /** What the folder holds, looked at once; what could not be read is looked at again by the next who asks. */
  const look = (): Promise<Known> => {
    known ??= lookAt(folder).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };

  const ask = async (task: string, late: AbortSignal): Promise<Told> => {
    try {
      const { model, sha256 } = await look();
      const said = await thread.ask({ model, sha256 }, task, late);
      return { classification: understood(model, said), problem: null };
    } catch (error) {
      return without(messageOf(error));
    }
  };

  return {
    identify: () =>
      look().then(
        ({ model, sha256 }) => ({ id: model.labels.id, sha256 }),
        () => NO_MODEL,
      ),
    async classify(task) {
      const start = performance.now();
      const late = new AbortController();
      const limit = setTimeout(() => late.abort(`no answer within ${limitMs / 1000} s`), limitMs);
      const told = await Promise.race([ask(task, late.signal), aborted(late.signal)]);
      clearTimeout(limit);
      return { ...told, ms: Math.round(performance.now() - start) };
    },
    close: thread.close,
  };
}

const without = (problem: string): Told => ({ classification: null, problem: `the local model: ${problem}` });

const aborted = (signal: AbortSignal): Promise<Told> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(without(String(signal.reason)))));

async function lookAt(folder: string): Promise<Known> {
  const model = await readModelFolder(folder);
  return { model, sha256: await hashOfModel(folder, model) };
}

function understood(model: ModelFolder, said: Said): Classification {
  if (model.kind === 'own' && said.kind === 'logits') return classificationOf(said.logits, model.labels);
  if (model.kind === 'pipeline' && said.kind === 'scores') return classificationFrom(said.scores, model.labels);
  throw new OpenExecError('classifier_worker', 'its worker answered for another model');
}
