/** The first contact: from the palette to a finished run, on the recorded model. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, shot } from '../host/lib.mjs';
import {
  chooseBlueprint,
  eventRow,
  eventsShown,
  PATIENCE,
  positionIn,
  pressOnToast,
  runRow,
  runRows,
  Stage,
  scrollToRow,
  stateOf,
  timeline,
  type Window,
} from './support/window';

describe('the sample run in a real window', () => {
  let stage: Stage;
  let folder: string;
  let window: Window;
  let before: ReturnType<typeof stateOf>;
  let view: FrameLocator;

  const slider = () => view.getByRole('slider', { name: 'Position in the run' });
  const selectedRow = () => view.locator('.event.is-selected .event-title');
  const detailsTitle = () => view.getByRole('region', { name: 'Event details' }).locator('h3').first();

  beforeAll(async () => {
    stage = await Stage.open();
    folder = stage.sample();
    window = await stage.window(folder);
    before = stateOf(folder);
  });
  afterAll(() => stage?.close());

  test('the palette asks for the task, with the recording’s task filled in and the model named', async () => {
    const { wb, page } = window;
    await wb.command('OpenExec: Start Blueprint Run');
    await wb.quickInput.getByText('(1/2)').waitFor();
    expect(await wb.quickInput.getByRole('textbox').inputValue()).toMatch(/^Invoices with a discount/);
    await wb.quickInput.getByText(/recorded:sample, a recording without live calls/).waitFor();
    await shot(page, 'start-1-task');
  });

  test('an empty task is refused in the input, and Back leads from the plan to the task', async () => {
    const { wb, page } = window;
    const task = await wb.quickInput.getByRole('textbox').inputValue();
    await wb.quickInput.getByRole('textbox').fill('  ');
    await page.keyboard.press('Enter');
    await wb.quickInput.getByText('Say in a sentence what is to be done.').waitFor();
    await wb.quickInput.getByRole('textbox').fill(task);
    await page.keyboard.press('Enter');
    await wb.quickInput.getByText('(2/2)').waitFor();
    await wb.quickInput.getByRole('button', { name: 'Back' }).click();
    await wb.quickInput.getByText('(1/2)').waitFor();
    expect(await wb.quickInput.getByRole('textbox').inputValue()).toBe(task);
    await page.keyboard.press('Enter');
    await wb.quickInput.getByText('(2/2)').waitFor();
  });

  test('the blueprint is a row of the plan, and Back leads from the list of them to the plan', async () => {
    const { wb, page } = window;
    await chooseBlueprint(window);
    await wb.quickPickRow('Finds and mends one fault').waitFor();
    await shot(page, 'start-2-blueprint');
    await wb.quickInput.getByRole('button', { name: 'Back' }).click();
    await wb.quickInput.getByText('(2/2)').waitFor();
    await wb.quickPickRow(/Blueprint: .*as the last time/).waitFor();
  });

  test('before the start: the worst case, the model, and the commands with where they were found', async () => {
    const { wb, page } = window;
    await wb.quickPickRow('Confirm the Commands and Start').waitFor();
    await scrollToRow(window, /\d+ model calls, .* tokens, \$0, .* minutes/);
    await scrollToRow(window, 'recorded:sample');
    await scrollToRow(window, /test: node tools\/test\.mjs.*project\.yaml/);
    await shot(page, 'start-3-summary');
  });

  test('the run starts: it is in the Runs tree at once, with progress that says that the model is recorded', async () => {
    const { wb, page } = window;
    await page.keyboard.press('Enter');
    await runRow(window, 'running').locator('.codicon-sync').waitFor();
    expect(await runRows(window).count()).toBe(1);
    await wb.toast('recorded model, no live calls').getByRole('button', { name: 'Cancel' }).waitFor();
    await wb.statusBarItem('OpenExec:').waitFor();
  });

  test('the denied call is a warning that names the rule', async () => {
    const { wb, page } = window;
    const toast = wb.toast('OpenExec denied read_file config/production.env: rule secrets-never-read');
    await toast.locator('.codicon-warning').waitFor();
    await shot(page, 'run-denied');
    // At once: later denials have notifications of their own, and only a few of all are shown at a time.
    await pressOnToast(window, 'OpenExec denied read_file config/production.env', 'Show in Timeline');
  });

  test('the timeline fills while the run goes: it holds at the approval, and what came before is shown', async () => {
    const { wb, page } = window;
    view = await timeline(window);
    await view.getByText('Recorded model, no live calls').waitFor();
    await view.getByText('Approval needed: Approve the change').first().waitFor();
    const [run] = await stage.runs();
    expect(run?.status).toBe('waiting');
    await expect.poll(() => eventsShown(view), PATIENCE).toBe(run?.events);
    await runRow(window, 'waits for approval').locator('.codicon-question').waitFor();
    await wb.statusBarItem('OpenExec: waits for approval').waitFor();
    await wb.toast('OpenExec waits for your approval').waitFor();
    await shot(page, 'run-waits-for-approval');
  });

  test('"Show in Timeline" has selected the denied event', async () => {
    const title = 'Denied read_file config/production.env — secrets-never-read';
    await selectedRow().filter({ hasText: title }).waitFor();
    await detailsTitle().filter({ hasText: title }).waitFor();
    await view.getByText('Files that hold secrets are never read, written or sent.').waitFor();
  });

  test('the slider moves the selection, and list, details and slider agree', async () => {
    const at = Number(await positionIn(view));
    await slider().focus();
    await window.page.keyboard.press('ArrowRight');
    await expect.poll(() => positionIn(view), PATIENCE).toBe(String(at + 1));
    await selectedRow().filter({ hasText: 'read_file config/production.env: denied, not done' }).waitFor();
    await detailsTitle().filter({ hasText: 'read_file config/production.env: denied, not done' }).waitFor();
    await (await eventRow(view, 'Denied read_file')).click();
    await expect.poll(() => positionIn(view), PATIENCE).toBe(String(at));
    await slider().press('Home');
    await selectedRow().filter({ hasText: 'Run started' }).waitFor();
    await detailsTitle().filter({ hasText: 'Run started' }).waitFor();
  });

  test('approved in the notification, the run commits on a branch of its own and says so', async () => {
    const { wb, page } = window;
    await pressOnToast(window, 'OpenExec waits for your approval', 'Approve');
    await wb.toast(/the run succeeded: 1 file changed, on the branch openexec\//).waitFor();
    await runRow(window, 'succeeded').locator('.codicon-pass').waitFor();
    await view.locator('.run-status', { hasText: 'Succeeded' }).waitFor();
    await shot(page, 'run-finished');
    const [run] = await stage.runs();
    const branches = execFileSync('git', ['branch', '--list', 'openexec/*', '--format=%(refname:short)'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(branches.trim()).toBe(run?.branch);
    const changed = execFileSync('git', ['diff', '--name-only', `main..${run?.branch}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(changed.trim()).toBe('src/allocate.js');
  });

  test('HEAD, index and files of the folder are as they were', () => {
    expect(stateOf(folder)).toEqual(before);
  });

  test('the record is a valid SQLite file in workspace storage, with every event of the journal', async () => {
    const [run] = await stage.runs();
    const runId = run?.runId ?? '';
    const SQL = await initSqlJs();
    const journal = stage.journal(runId).map((line) => JSON.parse(line) as { seq: number; type: string; hash: string });
    expect(journal).toHaveLength(run?.events ?? 0);
    const rows = () => {
      const db = new SQL.Database(readFileSync(path.join(stage.runFolder(runId), 'run.sqlite')));
      expect(db.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']]);
      return db.exec('SELECT seq, type, hash FROM events ORDER BY seq')[0]?.values;
    };
    await expect.poll(rows, PATIENCE).toEqual(journal.map(({ seq, type, hash }) => [seq, type, hash]));
  });

  test('the timeline is readable in dark and light, wide and narrow', async () => {
    const { page, wb } = window;
    await wb.command('Notifications: Clear All Notifications');
    await (await eventRow(view, 'Denied read_file')).click();
    await detailsTitle().filter({ hasText: 'Denied read_file' }).waitFor();
    for (const [theme, name] of [
      ['Default Light Modern', 'light'],
      ['Default Dark Modern', 'dark'],
    ] as const) {
      await stage.host.inHost(
        `await vscode.workspace.getConfiguration().update('workbench.colorTheme', args, vscode.ConfigurationTarget.Global)`,
        theme,
      );
      await view.locator(`body.vscode-${name}`).waitFor();
      await shot(page, `timeline-${name}-wide`);
      await page.setViewportSize({ width: 700, height: 800 });
      await expect.poll(() => overflow(view), PATIENCE).toBe(0);
      await shot(page, `timeline-${name}-narrow`);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    expect(await overflow(view)).toBe(0);
  });

  test('nothing broke the content security policy, and no request left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});

/** By how many pixels the page is wider than its frame. */
const overflow = (view: FrameLocator): Promise<number> =>
  view.locator('html').evaluate((html) => Math.max(0, html.scrollWidth - html.clientWidth));
