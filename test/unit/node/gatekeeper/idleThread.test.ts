/** The thread of the local model when nobody asks it: it ends, and the next question starts another. */
import { once } from 'node:events';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LocalClassifier } from '../../../../src/node/gatekeeper/classifier';
import { type ClassifierBench, classifierBench } from '../../../support/classifierBench';
import { writeTinyModel } from '../../../support/tinyModel';

const IDLE_MS = 60_000;
const LIMIT_MS = 100 * IDLE_MS;

/** A thread that answers every question at once, but for "later", which it answers with the question "release". */
const ANSWERING = `
  const { parentPort } = require('node:worker_threads');
  const kept = [];
  const answer = (id) =>
    parentPort.postMessage({ id, said: { kind: 'scores', scores: [{ label: 'BUG', score: 0.9 }] } });
  parentPort.on('message', ({ id, task }) => {
    if (task === 'later') return kept.push(id);
    if (task === 'release') kept.splice(0).forEach(answer);
    answer(id);
  });`;

let bench: ClassifierBench;
let options: { readonly folder: string; readonly workerPath: string };
beforeAll(async () => {
  bench = await classifierBench();
  const folder = path.join(bench.folder, 'tiny');
  await writeTinyModel(folder, { id: 'tiny', labels: { BUG: 'intent:bugfix', WISH: 'intent:feature' } });
  options = { folder, workerPath: await bench.script('answering', ANSWERING) };
});
afterAll(() => bench.dispose());

const threads: Worker[] = [];
const started = (thread: Worker): void => void threads.push(thread);
beforeEach(() => {
  threads.length = 0;
  process.on('worker', started);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  process.off('worker', started);
  vi.useRealTimers();
});

const opened = (): LocalClassifier => bench.open({ ...options, idleMs: IDLE_MS, limitMs: LIMIT_MS });
const asked = async (classifier: LocalClassifier, task = 'it crashes'): Promise<string | undefined> =>
  (await classifier.classify(task)).classification?.intent;
/** A thread that has ended has no id any more. */
const running = (): boolean[] => threads.map(({ threadId }) => threadId !== -1);

test('a thread that is not asked for so long ends, and the next question starts another', async () => {
  const classifier = opened();
  expect(await asked(classifier)).toBe('bugfix');
  vi.advanceTimersByTime(IDLE_MS - 1);
  expect(running()).toEqual([true]);
  const ended = threads.map((thread) => once(thread, 'exit'));
  vi.advanceTimersByTime(1);
  await Promise.all(ended);
  expect(running()).toEqual([false]);
  expect(await asked(classifier)).toBe('bugfix');
  expect(running()).toEqual([false, true]);
});

test('a question in time is answered by the same thread, and the time begins anew with its answer', async () => {
  const classifier = opened();
  for (let question = 0; question < 3; question += 1) {
    expect(await asked(classifier)).toBe('bugfix');
    vi.advanceTimersByTime(IDLE_MS - 1);
  }
  expect(running()).toEqual([true]);
});

test('a thread that owes an answer is not idle, however long it takes and whatever else it has answered', async () => {
  const classifier = opened();
  const late = asked(classifier, 'later');
  expect(await asked(classifier)).toBe('bugfix');
  vi.advanceTimersByTime(2 * IDLE_MS);
  expect(await asked(classifier, 'release')).toBe('bugfix');
  expect(await late).toBe('bugfix');
  expect(running()).toEqual([true]);
});

test('a thread that is closed leaves no timer behind', async () => {
  const classifier = opened();
  await asked(classifier);
  expect(vi.getTimerCount()).toBe(1);
  await classifier.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(running()).toEqual([false]);
});
