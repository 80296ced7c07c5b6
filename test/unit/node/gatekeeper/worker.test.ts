/** The local model in its thread: what it says, and what it leaves alone. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WASM, withModuleAhead, withoutProcessHandlers } from '../../../../.scripts/lib/onnxruntime.mjs';
import { type ClassifierBench, classifierBench, REPOSITORY, SHIPPED } from '../../../support/classifierBench';
import { writeTinyModel } from '../../../support/tinyModel';

const TASKS = [
  'the login page crashes when I type my password',
  'add dark mode to the settings',
  'drop the users table in prod',
  'miksi testit eivät mene läpi?',
  'ok',
  `${'a long story about everything '.repeat(200)}please fix the typo`,
];

const LIBRARY = path.join(REPOSITORY, 'node_modules/onnxruntime-web');

let bench: ClassifierBench;
beforeAll(async () => {
  bench = await classifierBench();
});
afterAll(() => bench.dispose());

/** What a process says of the model that it has loaded. */
async function probe(folder: string, task: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await bench.run('modelProbe', [folder, bench.folder, task]);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('the shipped model', () => {
  test('says the same of the same task: twice in a thread, and in two threads', async () => {
    const [one, other] = [bench.open(), bench.open()];
    for (const task of TASKS) {
      const { classification, problem } = await one.classify(task);
      expect(problem).toBeNull();
      expect(classification).not.toBeNull();
      expect((await one.classify(task)).classification).toEqual(classification);
      expect((await other.classify(task)).classification).toEqual(classification);
    }
  });

  test('gives the same logits to the last digit, twice in a process and in two processes', async () => {
    const task = TASKS[0] ?? '';
    const [one, other] = [await probe(SHIPPED, task), await probe(SHIPPED, task)];
    expect(one.said).toEqual([
      expect.objectContaining({ kind: 'logits' }),
      expect.objectContaining({ kind: 'logits' }),
    ]);
    expect(
      new Set([...(one.said as unknown[]), ...(other.said as unknown[])].map((said) => JSON.stringify(said))).size,
    ).toBe(1);
  });

  test('answers even an empty task', async () => {
    expect(await bench.open().classify('')).toMatchObject({
      problem: null,
      classification: { risk: expect.any(Array) },
    });
  });
});

describe('a process that has loaded a model', () => {
  test('has no more listeners for uncaught failures than before', async () => {
    const { before, after } = await probe(SHIPPED, 'fix it');
    expect(after).toEqual(before);
  });

  test('has tried nothing on the network, and would be refused: by the library, and by the thread itself', async () => {
    const { elsewhere, fetched, requests } = await probe(SHIPPED, 'fix it');
    expect(requests).toEqual([]);
    expect(elsewhere).toContain('`env.allowRemoteModels=false` and file was not found locally');
    expect(fetched).toBe('the local model has no network');
  });

  test('ends by itself when there is nothing more to do, and the model has printed nothing', async () => {
    const tiny = path.join(bench.folder, 'ends');
    await writeTinyModel(tiny, { id: 'tiny', labels: { BUG: 'intent:bugfix' } });
    const { code, stdout, stderr } = await bench.run('classifierChild', [
      tiny,
      bench.workerPath,
      bench.folder,
      'it crashes',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ problem: null, classification: { intent: 'bugfix' } });
    expect(told.after).toEqual(told.before);
  });
});

describe("the build's cut through onnxruntime's glue", () => {
  const glue = fs.readFileSync(path.join(LIBRARY, 'lib/wasm/binding/ort-wasm.js'), 'utf8');

  test('takes both handlers off the process and nothing else', () => {
    expect(glue.match(/process\.on\(/g)).toHaveLength(2);
    const stripped = withoutProcessHandlers(glue);
    expect(stripped).not.toMatch(/process\.on\(/);
    expect(stripped.match(/void 0/g)?.length).toBe((glue.match(/void 0/g)?.length ?? 0) + 2);
  });

  test.each([
    ['one handler', glue.replace('process.on("unhandledRejection"', 'nothing.on("unhandledRejection"')],
    ['no handler', withoutProcessHandlers(glue)],
    ['one more', `${glue};process.on("uncaughtException",function(e){throw e});`],
    ['another kind of one', `${glue};process.once("exit",function(){});`],
  ])('fails on glue with %s', (_what, source) => {
    expect(() => withoutProcessHandlers(source)).toThrow(/other handlers on the process than the two that are known/);
  });

  test('hands it what was compiled ahead, at the one place there is for that', () => {
    const caller = fs.readFileSync(path.join(LIBRARY, 'lib/wasm/wasm-factory.js'), 'utf8');
    expect(withModuleAhead(caller)).toContain('instantiateWasm: globalThis.openexecInstantiateWasm');
    expect(() => withModuleAhead(caller.replace('const config = {', 'const settings = {'))).toThrow(/another way/);
    expect(() => withModuleAhead(caller + caller)).toThrow(/another way/);
  });

  test('copies the wasm file that the glue asks for', () => {
    expect(fs.readFileSync(path.join(LIBRARY, 'lib/wasm/wasm-factory.js'), 'utf8')).toContain(WASM.name);
  });
});
