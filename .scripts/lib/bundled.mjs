/** Programs in TypeScript that are no product: bundled into a folder for the time being, and run on Node. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

// A bundle of modules has no `require`, which some of the packages in it ask for.
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Runs a program of this repository, after `prepare` has put into its folder what it needs there; gives its exit status. */
export async function runBundled(entry, args, prepare = async () => {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openexec-program-'));
  try {
    const program = path.join(folder, 'program.mjs');
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
      banner,
    });
    await prepare(folder);
    return spawnSync(process.execPath, [program, ...args, folder], { stdio: 'inherit' }).status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
