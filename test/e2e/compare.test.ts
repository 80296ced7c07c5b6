/** Two recorded runs of the sample in a real window: selected in the tree, compared, looked at, and there after a reload. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/events/schema';
import { openBlobs } from '../../src/node/store/blobs';
import { sha256 } from '../../src/node/system/sha256';
import { type FrameLocator, shot } from '../host/lib.mjs';
import { copyRecordedRun, rechain, recordedEvents, writeRun } from '../support/goldenStore';
import {
  chooseInMenu,
  clearNotifications,
  keptByWorkbench,
  PATIENCE,
  reload,
  runRows,
  Stage,
  showRuns,
  type Window,
} from './support/window';

const OTHER = 'another-way';
const CONTENT = '// another way\n';

/** The recorded run, an hour later: decided by another rule, and with another content of the file in the end. */
function anotherWay(): RunEvent[] {
  const later = (at: string): string => new Date(Date.parse(at) + 3_600_000).toISOString();
  const events = recordedEvents('v5').map((event) => ({ ...structuredClone(event), at: later(event.at) }));
  const changes = events.filter((event) => event.type === 'file.changed');
  const last = changes.at(-1);
  if (last?.type === 'file.changed') {
    last.data.after = { sha256: sha256(CONTENT), bytes: CONTENT.length, kept: true };
  }
  for (const event of events) {
    const { type, data } = event;
    if (type === 'policy.decided' && event.node === 'fix_tests' && data.tool === 'read_file')
      data.rule = 'docs-are-open';
  }
  return rechain(OTHER, events);
}

describe('comparing runs', () => {
  let stage: Stage;
  let window: Window;
  let view: FrameLocator;

  beforeAll(async () => {
    stage = await Stage.open();
    window = await stage.window(stage.sample());
  });
  afterAll(() => stage?.close());

  test('runs of the record are listed', async () => {
    await showRuns(window);
    await expect.poll(() => stage.runs().then(() => stage.stores().length), PATIENCE).toBe(1);
    const [store = ''] = stage.stores();
    copyRecordedRun('v5', store);
    writeRun(store, OTHER, anotherWay());
    await openBlobs(path.join(store, 'blobs'), sha256).put(Buffer.from(CONTENT), 'text/plain');
    await reload(window);
    await showRuns(window);
    await expect.poll(() => runRows(window).count(), PATIENCE).toBe(2);
    await clearNotifications(window);
    expect((await stage.runs()).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  test('two runs that are selected in the tree are compared from their menu, the first difference on top', async () => {
    await runRows(window).first().click();
    await runRows(window)
      .last()
      .click({ modifiers: ['ControlOrMeta'] });
    await chooseInMenu(window, runRows(window).last(), 'Compare Runs');
    await window.wb.tab(/Compare Runs \(2\)/).waitFor();
    view = await window.wb.editorWebview();
    await view.getByText(/After \d+ equal steps, in fix_tests: the decision of the policy over read_file/).waitFor();
    await view.getByRole('region', { name: 'Differing files' }).getByText('src/allocate.js').waitFor();
    expect(await view.getByRole('columnheader', { name: 'Run 2' }).count()).toBe(4);
    await view.getByRole('row', { name: /the same in both runs.*Plan: / }).waitFor();
    await shot(window.page, 'compare');
    expect(window.complaints).toEqual([]);
  });

  test('the first difference is shown in the steps, which are walked by keys alone', async () => {
    await view.getByRole('button', { name: 'Show in Steps' }).click();
    const grid = view.getByRole('grid', { name: 'Steps of both runs' });
    const active = grid.locator('.is-selected');
    await expect.poll(() => active.textContent(), PATIENCE).toMatch(/Allowed read_file .* — workspace-read/);
    await window.page.keyboard.press('ArrowRight');
    await expect.poll(() => active.textContent(), PATIENCE).toMatch(/docs-are-open/);
    await shot(window.page, 'compare-steps');
    await view.getByRole('button', { name: 'Only Differences' }).click();
    await expect.poll(() => grid.getByRole('row').count(), PATIENCE).toBeLessThan(12);
    expect(await grid.getByRole('row', { name: 'the same in both runs' }).count()).toBe(0);
    await shot(window.page, 'compare-differences');
    await view.getByRole('button', { name: 'Only Differences' }).click();
  });

  test('a file is shown as both runs left it, in the editor of VS Code', async () => {
    await view.getByRole('button', { name: 'Open diff of src/allocate.js' }).click();
    await window.wb
      .tab(/src\/allocate\.js \(run 1 ↔ run 2\)|allocate\.js/)
      .first()
      .waitFor();
    await window.page.locator('.monaco-diff-editor').getByText('// another way').waitFor();
    await shot(window.page, 'compare-diff');
    await window.wb.tab(/Compare Runs/).click();
  });

  test('a step opens the timeline of its run', async () => {
    view = await window.wb.editorWebview();
    await view.getByRole('button', { name: 'Open in Run 1' }).click();
    await expect.poll(() => window.wb.tab(/^Run: /).count(), PATIENCE).toBe(2);
    await window.wb.tab(/Compare Runs/).click();
  });

  test('the page works where it is narrow, and is there again after the window was reloaded', async () => {
    await expect.poll(() => keptByWorkbench(window, `"runs":["`), PATIENCE).toBe(true);
    await reload(window);
    view = await window.wb.editorWebview();
    await view.getByText(/After \d+ equal steps, in fix_tests/).waitFor();
    await window.page.setViewportSize({ width: 660, height: 800 });
    await view.getByRole('button', { name: 'Show in Steps' }).click();
    const rows = view.getByRole('grid').getByRole('row', { name: 'differs' });
    await rows.first().waitFor();
    await shot(window.page, 'compare-narrow');
    await window.page.setViewportSize({ width: 1280, height: 800 });
  });

  test('from the palette the runs are chosen in a list', async () => {
    await window.wb.command('OpenExec: Compare Runs');
    await window.wb.quickInput
      .getByText('Choose 2 to 6 runs')
      .or(window.wb.quickInput.getByPlaceholder('Choose 2 to 6 runs'))
      .first()
      .waitFor();
    await expect.poll(() => window.wb.quickPickRow('succeeded').count(), PATIENCE).toBe(2);
    await shot(window.page, 'compare-choose');
    for (const row of await window.wb.quickPickRow('succeeded').all()) await row.click();
    await window.page.keyboard.press('Enter');
    await window.wb
      .tab(/Compare Runs \(2\)/)
      .first()
      .waitFor();
    expect(window.complaints).toEqual([]);
  });
});
