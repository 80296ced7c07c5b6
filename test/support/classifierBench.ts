/** What tests of the local model need: its worker bundled as the build does it, programs beside it, temporary folders. */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { onOnnxruntime, WASM } from '../../.scripts/lib/onnxruntime.mjs';
import { type ClassifierOptions, type LocalClassifier, openClassifier } from '../../src/node/gatekeeper/classifier';

export const REPOSITORY = path.resolve(import.meta.dirname, '../..');
export const SHIPPED = path.join(REPOSITORY, 'media/gatekeeper');

export type ClassifierBench = {
  readonly folder: string;
  readonly workerPath: string;
  /** A classifier on the shipped model; remembered, so that it is closed. */
  open(options?: Partial<ClassifierOptions>): LocalClassifier;
  /** A worker of another kind: the text of a script in CommonJS. */
  script(name: string, code: string): Promise<string>;
  /** Runs a program of test/support and answers what it printed. */
  run(
    name: 'modelProbe' | 'classifierChild',
    args: readonly string[],
  ): Promise<{ code: number | null; stdout: string; stderr: string }>;
  dispose(): Promise<void>;
};

export async function classifierBench(): Promise<ClassifierBench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'openexec-classifier-'));
  const workerPath = path.join(folder, 'gatekeeper-worker.js');
  await bundle('src/node/gatekeeper/worker/main.ts', workerPath, true);
  await copyFile(WASM.from, path.join(folder, WASM.name));
  const opened: LocalClassifier[] = [];
  return {
    folder,
    workerPath,
    open(options = {}) {
      const classifier = openClassifier({
        folder: SHIPPED,
        workerPath,
        wasmFolder: folder,
        limitMs: 20_000,
        ...options,
      });
      opened.push(classifier);
      return classifier;
    },
    async script(name, code) {
      const file = path.join(folder, `${name}.cjs`);
      await writeFile(file, code);
      return file;
    },
    async run(name, args) {
      const file = path.join(folder, `${name}.js`);
      await bundle(`test/support/${name}.ts`, file, name === 'modelProbe');
      return output(file, args);
    },
    async dispose() {
      await Promise.all(opened.map((classifier) => classifier.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** With `onnxruntime` as the worker is bundled, else as the command line is. */
async function bundle(entry: string, outfile: string, onnxruntime: boolean): Promise<void> {
  const usual = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'silent' } as const;
  const options = onnxruntime ? onOnnxruntime : {};
  await build({ absWorkingDir: REPOSITORY, ...usual, ...options, minify: false, entryPoints: [entry], outfile });
}

function output(
  file: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
