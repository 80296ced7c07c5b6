/** What left this machine, in a real window: after a run of the sample, by keyboard, and as a file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, shot } from '../host/lib.mjs';
import { answerFileDialog, clearNotifications, PATIENCE, runRow, Stage, startRun, type Window } from './support/window';

describe('the ledger of what left', () => {
  let stage: Stage;
  let window: Window;
  let view: FrameLocator;
  let folder: string;

  beforeAll(async () => {
    stage = await Stage.open();
    folder = stage.sample();
    window = await stage.window(folder);
    await startRun(window);
    // It waits for a person, and has sent all that it sends before.
    await runRow(window, /waiting|approval/i).waitFor();
    await clearNotifications(window);
  });
  afterAll(() => stage?.close());

  test('shows the run, and by keyboard its files with their lines', async () => {
    await window.wb.command('OpenExec: What Left This Machine');
    view = await window.wb.editorWebview();
    await view.getByRole('heading', { name: 'What left this machine' }).waitFor();
    // The recorded model is on this machine: nothing has left, and the page says so first.
    await view.getByText('Nothing has left this machine.').waitFor();
    await shot(window.page, 'ledger-nothing');
    await view.getByRole('checkbox', { name: /what stayed on this machine/ }).click();
    await view.getByRole('rowheader', { name: /Invoices with a discount/ }).waitFor();
    await view.getByRole('button', { name: 'By file' }).focus();
    await window.page.keyboard.press('Enter');
    await view
      .getByRole('rowheader', { name: /src\/.*lines \d/ })
      .first()
      .waitFor();
    await shot(window.page, 'ledger');
    expect(window.complaints).toEqual([]);
  });

  test('finds lines by their words', async () => {
    await view.getByRole('textbox', { name: 'Filter' }).fill('tool definitions');
    await expect.poll(() => view.locator('.ledger-rows tbody tr').count(), PATIENCE).toBe(1);
  });

  test('exports everything as CSV', async () => {
    const file = path.join(path.dirname(folder), 'left.csv');
    await view.getByRole('button', { name: 'Export as CSV…' }).click();
    await answerFileDialog(window, 'Export What Left This Machine', file);
    await window.wb.toast(/exported what left in 1 run/).waitFor();
    const [head = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(head.startsWith('run,started,task')).toBe(true);
    expect(rows.some((row) => /,file,src\//.test(row))).toBe(true);
    expect(rows.some((row) => row.includes(',carried again,'))).toBe(true);
  });
});
