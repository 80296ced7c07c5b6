/** The local model behind its port: in bounded time, whatever happens to its thread; and the hash of what answered. */
import { createHash } from 'node:crypto';
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classifierOf } from '../../../../src/node/gatekeeper/shipped';
import { type ClassifierBench, classifierBench, REPOSITORY, SHIPPED } from '../../../support/classifierBench';
import { writeTinyModel } from '../../../support/tinyModel';

const LABELS = { id: 'tiny', labels: { BUG: 'intent:bugfix', WISH: 'intent:feature' } };
const BUGFIX = { intent: 'bugfix' };

let bench: ClassifierBench;
let tiny: string;
beforeAll(async () => {
  bench = await classifierBench();
  tiny = path.join(bench.folder, 'tiny');
  await writeTinyModel(tiny, LABELS);
});
afterAll(() => bench.dispose());

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A thread that answers as the tiny model would, after `first` was run in it. */
const answering = (first: string): string => `
  const { parentPort } = require('node:worker_threads');
  const fs = require('node:fs');
  ${first}
  parentPort.on('message', ({ id }) =>
    parentPort.postMessage({ id, said: { kind: 'scores', scores: [{ label: 'BUG', score: 0.9 }] } }));`;

describe('identify', () => {
  test('tells the id of the shipped model, and the hash that sha256sum makes of its files', async () => {
    const lines: string[] = [];
    for (const file of ['config.json', 'labels.json', 'onnx/model_quantized.onnx']) {
      lines.push(`${sha256(await readFile(path.join(SHIPPED, file)))}  ${file}\n`);
    }
    const { id } = JSON.parse(await readFile(path.join(SHIPPED, 'labels.json'), 'utf8'));
    const classifier = classifierOf(REPOSITORY);
    expect(await classifier.identify()).toEqual({ id, sha256: sha256(lines.join('')) });
    await classifier.close();
  });

  test('tells another hash when one byte of a model is another, and the same one whatever lies beside it', async () => {
    const folder = path.join(bench.folder, 'changed');
    await cp(tiny, folder, { recursive: true });
    const first = await bench.open({ folder }).identify();
    await writeFile(path.join(folder, 'README.md'), 'about it');
    expect(await bench.open({ folder }).identify()).toEqual(first);
    await appendFile(path.join(folder, 'onnx/model.onnx'), '\0');
    const { id, sha256: changed } = await bench.open({ folder }).identify();
    expect(id).toBe('tiny');
    expect(changed).toMatch(/^[0-9a-f]{64}$/);
    expect(changed).not.toBe(first.sha256);
  });

  test('tells that the rules are alone when the folder holds no model', async () => {
    const classifier = bench.open({ folder: path.join(bench.folder, 'nowhere') });
    expect(await classifier.identify()).toEqual({ id: 'rules', sha256: null });
  });
});

describe('classify', () => {
  test('answers in the words of a label map for anybody’s model', async () => {
    const classifier = bench.open({ folder: tiny });
    expect(await classifier.classify('it crashes')).toMatchObject({
      classification: { ...BUGFIX, confidence: 0.982, unsure: ['surface', 'sensitivity', 'risk'] },
      problem: null,
    });
    expect((await classifier.classify('')).classification?.unsure).toContain('intent');
  });

  test.each(['openexec-labels.json', 'tokenizer.json', 'config.json', 'onnx/model.onnx'])(
    'says what is missing of a model without %s',
    async (file) => {
      const folder = path.join(bench.folder, `without-${path.basename(file)}`);
      await cp(tiny, folder, { recursive: true });
      await rm(path.join(folder, file));
      const { classification, problem } = await bench.open({ folder }).classify('it crashes');
      expect(classification).toBeNull();
      expect(problem).toContain(`has no ${file}`);
      expect(problem).not.toContain('\n');
    },
  );

  test.each([
    ['no JSON', '{', 'this is no JSON'],
    ['an unknown value', JSON.stringify({ ...LABELS, labels: { BUG: 'intent:bug' } }), '“intent:bug” is no axis:value'],
    ['no id', JSON.stringify({ labels: {} }), 'id: '],
  ])('says what is wrong with a label map that is %s', async (_what, text, words) => {
    const folder = path.join(bench.folder, `labels-${sha256(text).slice(0, 8)}`);
    await cp(tiny, folder, { recursive: true });
    await writeFile(path.join(folder, 'openexec-labels.json'), text);
    const { classification, problem } = await bench.open({ folder }).classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toContain(words);
    expect(problem).not.toContain('\n');
  });

  test('says that a graph which is none could not be loaded, and takes up one that is there later', async () => {
    const folder = path.join(bench.folder, 'mended');
    await cp(tiny, folder, { recursive: true });
    const graph = path.join(folder, 'onnx/model.onnx');
    await writeFile(graph, 'no graph');
    const { classification, problem } = await bench.open({ folder }).classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toMatch(/^the local model: ./);
    await cp(path.join(tiny, 'onnx/model.onnx'), graph);
    expect((await bench.open({ folder }).classify('it crashes')).classification).toMatchObject(BUGFIX);
  });

  test('gives nothing of a model whose files are others than those of the hash that was told', async () => {
    const folder = path.join(bench.folder, 'swapped');
    await cp(tiny, folder, { recursive: true });
    const classifier = bench.open({ folder });
    await classifier.identify();
    await appendFile(path.join(folder, 'config.json'), ' ');
    const { classification, problem } = await classifier.classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toContain('its files have changed');
  });
});

describe('a thread in trouble', () => {
  test('that does not answer is given up after the limit, and the next question starts another', async () => {
    const mark = path.join(bench.folder, 'stuck.mark');
    const stuck = `if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); for (;;); }`;
    const workerPath = await bench.script('stuck', answering(stuck));
    const classifier = bench.open({ folder: tiny, workerPath, limitMs: 1500 });
    expect(await classifier.classify('it crashes')).toMatchObject({
      classification: null,
      problem: 'the local model: no answer within 1.5 s',
    });
    expect((await classifier.classify('it crashes')).classification).toMatchObject(BUGFIX);
  });

  test('that crashes is started again once for a question', async () => {
    const mark = path.join(bench.folder, 'crash.mark');
    const crash = `if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); throw new Error('hit'); }`;
    const workerPath = await bench.script('crashOnce', answering(crash));
    const { classification, problem } = await bench.open({ folder: tiny, workerPath }).classify('it crashes');
    expect([classification?.intent, problem]).toEqual(['bugfix', null]);
  });

  test('that crashes every time is not started a third time', async () => {
    const log = path.join(bench.folder, 'starts.log');
    const workerPath = await bench.script(
      'crash',
      answering(`fs.appendFileSync(${JSON.stringify(log)}, 'x'); throw new Error('hit');`),
    );
    expect(await bench.open({ folder: tiny, workerPath }).classify('it crashes')).toMatchObject({
      classification: null,
      problem: 'the local model: its worker failed: hit',
    });
    expect(await readFile(log, 'utf8')).toBe('xx');
  });

  test('that answers what nobody understands counts as crashed', async () => {
    const workerPath = await bench.script('strange', answering('').replace("kind: 'scores'", "kind: 'wisdom'"));
    const { classification, problem } = await bench.open({ folder: tiny, workerPath }).classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toContain('sent an unknown answer');
  });

  test('that does not find the wasm file says so in one line', async () => {
    const { classification, problem } = await bench.open({ folder: tiny, wasmFolder: tiny }).classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toMatch(/^the local model: its worker failed: [^\n]*ort-wasm-simd\.wasm[^\n]*$/);
  });

  test('that is not there at all is a problem in one line', async () => {
    const workerPath = path.join(bench.folder, 'missing.js');
    const { classification, problem } = await bench.open({ folder: tiny, workerPath }).classify('it crashes');
    expect(classification).toBeNull();
    expect(problem).toMatch(/^the local model: its worker failed: [^\n]+$/);
  });
});

describe('close', () => {
  test('ends the thread: what is asked afterwards gets no classification, and nothing is started again', async () => {
    const log = path.join(bench.folder, 'closed.log');
    const workerPath = await bench.script('counting', answering(`fs.appendFileSync(${JSON.stringify(log)}, 'x');`));
    const classifier = bench.open({ folder: tiny, workerPath });
    expect((await classifier.classify('it crashes')).classification).toMatchObject(BUGFIX);
    await classifier.close();
    expect(await classifier.classify('it crashes')).toMatchObject({
      classification: null,
      problem: 'the local model: it is closed',
    });
    expect(await readFile(log, 'utf8')).toBe('x');
  });

  test('of one that was never asked has nothing to do', async () => {
    await bench.open({ folder: path.join(bench.folder, 'nowhere'), workerPath: 'nowhere' }).close();
  });
});
