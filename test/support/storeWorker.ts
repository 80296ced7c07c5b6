/** The store for tests: its worker bundled on the fly as the build does it, temporary roots, child processes. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { onTreeSitter } from '../../.scripts/lib/tree-sitter.mjs';
import { openStore, type RunStore, type StoreOptions } from '../../src/node/store/store';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
    // As the command line is bundled: see .scripts/build.mjs.
    plugins: [onTreeSitter],
    supported: { 'dynamic-import': false },
  });
}

export type StoreBench = {
  readonly folder: string;
  readonly workerPath: string;
  /** A process that writes to a store; see storeChild.ts. */
  readonly childPath: string;
  /** The bundle of another program of test/support that runs in a process of its own, made when it is first asked for. */
  program(name: string): Promise<string>;
  /** A new place for a store. */
  root(): string;
  /** Opens a store and remembers to close it; what it logs goes to `lines`. */
  open(options: Partial<StoreOptions> & { root: string }): Promise<{ store: RunStore; lines: string[] }>;
  /** Closes every store that is open. */
  closeAll(): Promise<void>;
  dispose(): Promise<void>;
};

/** A folder with the bundles and room for stores. */
export async function storeBench(): Promise<StoreBench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'openexec-store-'));
  const workerPath = path.join(folder, 'store-worker.js');
  const childPath = path.join(folder, 'store-child.js');
  await Promise.all([
    bundle('src/node/store/worker/main.ts', workerPath),
    bundle('test/support/storeChild.ts', childPath),
    copyFile(path.join(REPOSITORY, 'node_modules/sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm')),
  ]);
  const open = new Set<RunStore>();
  const programs = new Map<string, Promise<string>>();
  let roots = 0;
  const closeAll = async (): Promise<void> => {
    for (const store of open) await store.close();
    open.clear();
  };
  return {
    folder,
    workerPath,
    childPath,
    program(name) {
      const file = path.join(folder, `${name}.js`);
      const made = programs.get(name) ?? bundle(`test/support/${name}.ts`, file).then(() => file);
      programs.set(name, made);
      return made;
    },
    root() {
      roots += 1;
      return path.join(folder, `store-${roots}`);
    },
    async open(options) {
      const lines: string[] = [];
      const store = await openStore({ workerPath, log: (line) => lines.push(line), ...options });
      open.add(store);
      return { store, lines };
    },
    closeAll,
    async dispose() {
      await closeAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
