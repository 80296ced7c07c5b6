/**
 * How long the local model takes: from nothing to its first answer, in a new thread; and for an answer in a thread that has
 * given some. Whoever waits for it is the main thread, so that what the messages take is in it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { openClassifier } from '../../src/node/gatekeeper/classifier';
import { longestBlock, median } from './measure';

export type Answers = {
  /** Milliseconds, medians. */
  readonly cold: number;
  readonly warm: number;
  /** The longest task there is, median. */
  readonly long: number;
  /** The least of the rounds: milliseconds for which the main thread could do nothing else while a model was loaded. */
  readonly blocked: number;
  /** Megabytes that the process grew by, with one model loaded. */
  readonly grown: number;
  readonly tasks: number;
};

const ROUNDS = 9;
const TASKS = 500;
const LONG = 'please fix the crash in the payment service '.repeat(60);

/** `root` is that of the checkout, `bundles` the folder of the worker and of onnxruntime's wasm file. */
export async function measureAnswers(root: string, bundles: string): Promise<Answers> {
  const tasks = sampleTasks(root);
  const places = {
    folder: path.join(root, 'media/gatekeeper'),
    workerPath: path.join(bundles, 'gatekeeper-worker.js'),
    wasmFolder: bundles,
  };
  const before = process.memoryUsage().rss;
  const kept = openClassifier(places);
  const time = async (classifier: typeof kept, task: string): Promise<number> => {
    const start = performance.now();
    const { problem } = await classifier.classify(task);
    if (problem !== null) throw new Error(problem);
    return performance.now() - start;
  };
  const each = async (all: readonly string[]): Promise<number> => {
    const times: number[] = [];
    for (const task of all) times.push(await time(kept, task));
    return median(times);
  };
  await each(tasks.slice(0, 100));
  const warm = await each(tasks);
  const long = await each(new Array<string>(100).fill(LONG));
  const grown = (process.memoryUsage().rss - before) / 1e6;
  await kept.close();

  const cold: number[] = [];
  const blocked: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const fresh = openClassifier(places);
    // A run has named its model before it asks it.
    await fresh.identify();
    blocked.push(await longestBlock(async () => cold.push(await time(fresh, tasks[round] ?? ''))));
    await fresh.close();
  }
  return { cold: median(cold), warm, long, blocked: Math.min(...blocked), grown, tasks: tasks.length };
}

/** Tasks of every kind, out of those that the model was trained on: for its speed they are as good as others. */
function sampleTasks(root: string): string[] {
  const folder = path.join(root, '.gatekeeper/data');
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.psv'));
  const lines = files.sort().flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'));
  const texts = lines.flatMap((line) => line.split('|').slice(4).join('|') || []);
  const step = texts.length / TASKS;
  return Array.from({ length: TASKS }, (_, at) => texts[Math.floor(at * step)] ?? '');
}
