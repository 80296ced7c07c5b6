/** A process that asks the local model and then has nothing more to do. `node classifierChild.js FOLDER WORKER WASM_FOLDER TASK`. */
import { openClassifier } from '../../src/node/gatekeeper/classifier';

const [folder = '', workerPath = '', wasmFolder = '', task = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const classifier = openClassifier({ folder, workerPath, wasmFolder, limitMs: 20_000 });
  const listeners = (): number[] =>
    ['uncaughtException', 'unhandledRejection', 'exit'].map((event) => process.listenerCount(event));
  const before = listeners();
  const { classification, problem } = await classifier.classify(task);
  process.stdout.write(JSON.stringify({ classification, problem, before, after: listeners() }));
}

void main();
