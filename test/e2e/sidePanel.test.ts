/** The side bar: runs in groups, a filter, and the timeline of the chosen run, which is there again after a reload. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { copyRecordedRun } from '../support/goldenStore';
import {
  clearNotifications,
  eventRow,
  eventsShown,
  keptByWorkbench,
  PATIENCE,
  positionIn,
  reload,
  runRows,
  Stage,
  showRuns,
  type Window,
} from './support/window';

describe('the side bar', () => {
  let stage: Stage;
  let window: Window;

  beforeAll(async () => {
    stage = await Stage.open();
    window = await stage.window(stage.sample());
  });
  afterAll(() => stage?.close());

  const groups = () => window.page.locator('.part.sidebar').locator('[role="treeitem"][aria-level="1"]');

  test('lists runs by day or by blueprint', async () => {
    await showRuns(window);
    await expect.poll(() => stage.runs().then(() => stage.stores().length), PATIENCE).toBe(1);
    const [store = ''] = stage.stores();
    copyRecordedRun('v5', store);
    await reload(window);
    await showRuns(window);
    await expect.poll(() => runRows(window).count(), PATIENCE).toBe(1);
    await clearNotifications(window);
    await window.wb.command('OpenExec: Group Runs by Blueprint');
    await groups().filter({ hasText: 'quick_fix' }).waitFor();
    await window.wb.command('OpenExec: Group Runs by Day');
    await groups()
      .filter({ hasText: /, \d{4}|Today|Yesterday|day, / })
      .waitFor();
  });

  test('says by what the list is filtered, until the filter is cleared', async () => {
    await window.wb.command('OpenExec: Filter Runs…');
    await window.wb.quickInput.getByRole('textbox').fill('nothing like it');
    await window.page.keyboard.press('Enter');
    await window.page.locator('.part.sidebar').getByText('Filtered by “nothing like it”').waitFor();
    await expect.poll(() => runRows(window).count(), PATIENCE).toBe(0);
    await window.wb.command('OpenExec: Clear Runs Filter');
    await expect.poll(() => runRows(window).count(), PATIENCE).toBe(1);
  });

  test('shows the newest run, and the same event of it after a reload', async () => {
    const side = await window.wb.sideWebview();
    await side.locator('main.timeline.is-compact').waitFor();
    const [run] = await stage.runs();
    await expect.poll(() => eventsShown(side), PATIENCE).toBe(run?.events);
    await (await eventRow(side, 'Denied read_file')).click();
    const seq = await positionIn(side);
    await expect.poll(() => keptByWorkbench(window, `"selectedSeq":${seq}`), PATIENCE).toBe(true);
    await shot(window.page, 'side-panel');
    await reload(window);
    await showRuns(window);
    const again = await window.wb.sideWebview();
    await again.locator('main.timeline.is-compact').waitFor();
    await expect.poll(() => positionIn(again), PATIENCE).toBe(seq);
    expect(window.complaints).toEqual([]);
  });
});
