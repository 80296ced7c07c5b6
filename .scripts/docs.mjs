#!/usr/bin/env node
/** `npm run docs`: writes the pages under docs/ that are made from the schemas; with `--check` it says whether they are up to date. */
import { runBundled } from './lib/bundled.mjs';
import { root } from './lib/paths.mjs';

process.exitCode = await runBundled('.scripts/docs/main.ts', [root, ...process.argv.slice(2)]);
