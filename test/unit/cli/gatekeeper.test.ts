/** Runs on the command line are read by the shipped model, and their record says which that was and what it thought. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { classifierOf } from '../../../src/node/gatekeeper/shipped';
import {
  blueprint,
  cli,
  defaultStore,
  journalOf,
  ONE_TEST_PASSES,
  only,
  project,
  sampleFolder,
} from '../../support/cli';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

it('records the id and the hash of the shipped model, what it made of the task, and how long that took', async () => {
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }),
    '.openexec/project.yaml': project({ test: 'node tools/check.mjs' }),
    'tools/check.mjs': ONE_TEST_PASSES,
  });
  const task = 'The checkout crashes when the cart is empty';
  const args = ['--workspace', folder, '--blueprint', 'mine', '--task', task, '--approve', 'all', '--json'];
  const end = await cli(['run', ...args]);
  expect(end.code, end.stderr).toBe(0);

  const shipped = classifierOf(REPOSITORY);
  const events = journalOf(defaultStore(folder));
  const [started] = events.flatMap((event) => (event.type === 'run.started' ? [event.data] : []));
  const [proposed] = events.flatMap((event) => (event.type === 'plan.proposed' ? [event.data] : []));
  expect(started?.gatekeeper).toEqual(await shipped.identify());
  expect(started?.gatekeeper.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(proposed?.problem).toBeUndefined();
  expect(proposed?.classification).toEqual((await shipped.classify(task)).classification);
  expect(proposed?.ms).toBeGreaterThan(0);
  await shipped.close();
});
