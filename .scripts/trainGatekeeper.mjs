#!/usr/bin/env node
/** `npm run train:gatekeeper`: trains the gatekeeper's local model (.gatekeeper/train) and writes media/gatekeeper. */
import { runBundled } from './lib/bundled.mjs';
import { root } from './lib/paths.mjs';

process.exitCode = await runBundled('.gatekeeper/train/main.ts', [root]);
