/** Everything that runs on Node alone: unit, contract, golden, replay and architecture tests. No window, no network. */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.resolve(__dirname, '..'),
  test: {
    include: ['unit', 'contract', 'golden', 'replay', 'architecture', 'proof', 'canary', 'policy', 'support'].map(
      (folder) => `test/${folder}/**/*.test.{ts,tsx}`,
    ),
    globalSetup: 'test/support/buildOnce.ts',
    environment: 'node',
    // Most of these tests wait for processes and disks of their own; one worker alone would leave a core idle.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
