/** Windows come and go; what is recorded stays. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { type Gate, isAlive, makeGate } from './support/gate';
import {
  answerInTimeline,
  chooseInMenu,
  clearNotifications,
  eventRow,
  eventsShown,
  keptByWorkbench,
  openMenu,
  PATIENCE,
  positionIn,
  pressOnToast,
  reload,
  runRow,
  Stage,
  startRun,
  timeline,
  type Window,
} from './support/window';

describe('when a window is reloaded or a timeline is closed', () => {
  let stage: Stage;
  let gate: Gate;
  let window: Window;

  beforeAll(async () => {
    gate = makeGate();
    stage = await Stage.open({ env: gate.env });
    window = await stage.window(stage.sample());
  });
  afterAll(async () => {
    await stage?.close();
    gate.remove();
  });

  test('a finished run is in the tree again, and its timeline at the same event', async () => {
    await startRun(window);
    await answerInTimeline(await timeline(window), 'Approve');
    await runRow(window, 'succeeded').waitFor();
    const [run] = await stage.runs();
    const view = await timeline(window);
    await expect.poll(() => eventsShown(view), PATIENCE).toBe(run?.events);
    await (await eventRow(view, 'Denied read_file')).click();
    await view.locator('.details', { hasText: 'secrets-never-read' }).waitFor();
    const seq = await positionIn(view);
    await expect.poll(() => keptByWorkbench(window, `"selectedSeq":${seq}`), PATIENCE).toBe(true);
    await reload(window);
    await runRow(window, 'succeeded').waitFor();
    const again = await timeline(window);
    await again.locator('.event.is-selected', { hasText: 'Denied read_file' }).waitFor();
    await again.locator('.details', { hasText: 'Files that hold secrets are never read' }).waitFor();
    expect(await eventsShown(again)).toBe(run?.events);
  });

  test('a run whose window is reloaded is shown as interrupted; nothing recorded is lost, and its command has ended', async () => {
    gate.shut();
    await startRun(window);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    const command = gate.waiting() ?? 0;
    await runRow(window, 'running at test').waitFor();
    const run = (await stage.runs()).find(({ status }) => status === 'running');
    const runId = run?.runId ?? '';
    const recorded = stage.journal(runId);
    await reload(window);
    await runRow(window, 'interrupted').locator('.codicon-debug-disconnect').waitFor();
    await expect.poll(() => isAlive(command), PATIENCE).toBe(false);
    const journal = stage.journal(runId);
    expect(journal.slice(0, recorded.length)).toEqual(recorded);
    expect(JSON.parse(journal.at(-1) ?? '{}')).toMatchObject({ type: 'run.interrupted' });
    await runRow(window, 'interrupted').click();
    const view = await timeline(window);
    await view.locator('.run-status', { hasText: 'Interrupted' }).waitFor();
    // Nothing was finished that could be applied; the copy of the folder can be given up.
    expect(await view.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    await openMenu(window, runRow(window, 'interrupted'), 'Discard Result…');
    expect(await window.wb.menuItem('Apply Result to Folder').count()).toBe(0);
    await window.page.keyboard.press('Escape');
    await shot(window.page, 'run-interrupted');
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'interrupted'), 'Verify Run');
    await window.wb.toast('the record is sound').waitFor();
  });

  test('a run goes on without its timeline, which shows everything when it is opened again', async () => {
    await clearNotifications(window);
    gate.shut();
    await startRun(window);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    await runRow(window, 'running at test').waitFor();
    await window.wb.command('View: Close All Editors');
    await expect.poll(() => window.page.locator('.part.editor').getByRole('tab').count(), PATIENCE).toBe(0);
    gate.open();
    await pressOnToast(window, 'waits for your approval', 'Approve');
    await window.wb.toast('the run succeeded').waitFor();
    const [run] = await stage.runs();
    expect(run?.status).toBe('succeeded');
    await runRow(window, 'succeeded').first().click();
    const view = await timeline(window);
    await expect.poll(() => eventsShown(view), PATIENCE).toBe(run?.events);
    await view.locator('.run-status', { hasText: 'Succeeded' }).waitFor();
  });
});
