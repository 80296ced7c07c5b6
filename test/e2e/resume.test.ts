/** A run whose process is killed in the middle of a command: found, resumed after a question, and replayed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { type Gate, makeGate } from './support/gate';
import {
  answerInTimeline,
  chooseInMenu,
  clearNotifications,
  openMenu,
  PATIENCE,
  pressOnToast,
  reload,
  runRow,
  Stage,
  startRun,
  timeline,
  type Window,
} from './support/window';

describe('a run whose extension host is killed', () => {
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

  /** Starts a run, kills its extension host with SIGKILL while the tests wait at the gate, and starts anew; answers the run's id. */
  async function killedRun(): Promise<string> {
    gate.shut();
    await startRun(window);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    await runRow(window, 'running at test').waitFor();
    const runId = (await stage.runs()).find(({ status }) => status === 'running')?.runId ?? '';
    process.kill(await stage.host.inHost<number>('return process.pid'), 'SIGKILL');
    await reload(window);
    return runId;
  }

  /** What the record of a run names last of each type. */
  const lastOf = (runId: string, type: string) =>
    stage
      .journal(runId)
      .map((line) => JSON.parse(line) as { type: string; data: Record<string, unknown> })
      .findLast((event) => event.type === type);

  let runId: string;

  test('is interrupted in the tree, with Resume and Discard, and one notification says so', async () => {
    const { wb, page } = window;
    runId = await killedRun();
    await runRow(window, 'interrupted').locator('.codicon-debug-disconnect').waitFor();
    const toast = wb.toast('1 run broke off when its window or process ended');
    await toast.waitFor();
    for (const name of ['Resume', 'Show Timeline', 'Discard…']) {
      expect(await toast.getByRole('button', { name, exact: true }).count()).toBe(1);
    }
    await shot(page, 'run-broke-off');
    await clearNotifications(window);
    await openMenu(window, runRow(window, 'interrupted'), 'Resume Run');
    expect(await wb.menuItem('Discard Result…').count()).toBe(1);
    expect(await wb.menuItem('Apply Result to Folder').count()).toBe(0);
    await shot(page, 'run-interrupted-menu');
    await page.keyboard.press('Escape');
  });

  test('Resume names what was under way, and asks; Cancel leaves everything as it is', async () => {
    const { wb, page } = window;
    const before = stage.journal(runId);
    await chooseInMenu(window, runRow(window, 'interrupted'), 'Resume Run');
    await wb.dialog.getByText('How should the run go on?').waitFor();
    await wb.dialog.getByText('run_project_command {"name":"test"}').waitFor();
    await wb.dialog.getByText('was under way when the run stopped, and may have been done in part').waitFor();
    await shot(page, 'run-resume-question');
    await wb.dialog.getByRole('button', { name: 'Cancel' }).click();
    await wb.dialog.waitFor({ state: 'hidden' });
    expect(stage.journal(runId)).toEqual(before);
    await runRow(window, 'interrupted').waitFor();
  });

  test('"Do It Again" repeats the command, and the run goes on to its end', async () => {
    const { wb } = window;
    gate.shut();
    await chooseInMenu(window, runRow(window, 'interrupted'), 'Resume Run');
    await wb.dialog.getByRole('button', { name: 'Do It Again' }).click();
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    await wb.toast('OpenExec run (recorded model, no live calls)').getByRole('button', { name: 'Cancel' }).waitFor();
    gate.open();
    await answerInTimeline(await timeline(window), 'Approve');
    await runRow(window, 'succeeded').waitFor();
    expect(lastOf(runId, 'run.resumed')?.data).toMatchObject({
      by: 'person in VS Code',
      inDoubt: { kind: 'call', decision: 'repeat' },
    });
    expect(lastOf(runId, 'run.finished')?.data).toMatchObject({ status: 'succeeded' });
  });

  test('its replay is identical, crash and resumption included, and its record is sound', async () => {
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Replay Run');
    await window.wb.toast(/the replay is identical: \d+ events, hash for hash/).waitFor();
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Verify Run');
    await window.wb.toast(/the record is sound: \d+ events/).waitFor();
  });

  test('a second one can be discarded instead, from its notification, and then not be resumed', async () => {
    const { wb } = window;
    await clearNotifications(window);
    const discarded = await killedRun();
    await runRow(window, 'interrupted').waitFor();
    await pressOnToast(window, '1 run broke off', 'Discard…');
    await wb.dialog.getByText('The run cannot be resumed any more.').waitFor();
    await wb.dialog.getByRole('button', { name: 'Discard' }).click();
    await wb.toast('the result was discarded; the record of the run is kept').waitFor();
    await openMenu(window, runRow(window, 'interrupted'), 'Verify Run');
    expect(await wb.menuItem('Resume Run').count()).toBe(0);
    expect(await wb.menuItem('Discard Result…').count()).toBe(0);
    await window.page.keyboard.press('Escape');
    expect(lastOf(discarded, 'result.finished')?.data).toMatchObject({ action: 'discard', outcome: 'done' });
  });
});
