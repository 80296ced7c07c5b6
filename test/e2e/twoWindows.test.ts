/** Two windows on one folder: one runs, the other watches. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { type Gate, makeGate } from './support/gate';
import {
  answerInTimeline,
  eventsShown,
  openMenu,
  PATIENCE,
  runRow,
  Stage,
  startRun,
  timeline,
  type Window,
} from './support/window';

describe('two windows on one folder', () => {
  let stage: Stage;
  let gate: Gate;
  let first: Window;
  let second: Window;

  beforeAll(async () => {
    gate = makeGate();
    stage = await Stage.open({ env: gate.env });
    const folder = stage.sample();
    first = await stage.window(folder);
    second = await stage.window(folder);
  });
  afterAll(async () => {
    await stage?.close();
    gate.remove();
  });

  test('a run of the first window is in the tree of the second, which can watch and not steer it', async () => {
    gate.shut();
    await startRun(first);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    await second.wb.activity('OpenExec').click();
    await runRow(second, 'another window').waitFor();
    await openMenu(second, runRow(second, 'another window'), 'Open Timeline');
    expect(await second.wb.menuItem('Cancel Run').count()).toBe(0);
    await second.page.keyboard.press('Escape');
    await runRow(second, 'another window').click();
    const view = await timeline(second);
    await view.getByText('Runs in another window; here it can only be watched').waitFor();
    const actions = view.getByRole('toolbar', { name: 'Run actions' }).getByRole('button');
    // The last has no words of its own: it is the menu.
    expect(await actions.allTextContents()).toEqual(['Graph', 'Charts', '']);
    await actions.last().click();
    expect(await view.getByRole('menuitem').allTextContents()).toEqual(['Copy Link', 'Save as PNG…']);
    await second.page.keyboard.press('Escape');
    const seen = await eventsShown(view);
    expect(seen).toBeGreaterThan(20);

    gate.open();
    await view.getByText('Answer it in the window that runs this run.').waitFor();
    expect(await eventsShown(view)).toBeGreaterThan(seen);
    await shot(second.page, 'second-window');
  });

  test('the second window sees how the first one ends it', async () => {
    await answerInTimeline(await timeline(first), 'Approve');
    await runRow(first, 'succeeded').waitFor();
    await runRow(second, 'succeeded').waitFor();
    const view = await timeline(second);
    await view.locator('.run-status', { hasText: 'Succeeded' }).waitFor();
    const [run] = await stage.runs(0);
    await expect.poll(() => eventsShown(view), PATIENCE).toBe(run?.events);
  });
});
