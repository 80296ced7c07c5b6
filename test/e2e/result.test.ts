/** What can be done with a run from its context menu. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { type Gate, isAlive, makeGate } from './support/gate';
import {
  answerInTimeline,
  chooseInMenu,
  clearNotifications,
  openMenu,
  PATIENCE,
  pressOnToast,
  runRow,
  Stage,
  startRun,
  stateOf,
  timeline,
  type Window,
} from './support/window';

describe('the result of a run', () => {
  let stage: Stage;
  let gate: Gate;
  let folder: string;
  let original: string;
  let window: Window;
  let before: ReturnType<typeof stateOf>;

  beforeAll(async () => {
    gate = makeGate();
    stage = await Stage.open({ env: gate.env });
    folder = stage.sample();
    window = await stage.window(folder);
    before = stateOf(folder);
    original = readFileSync(path.join(folder, 'src/allocate.js'), 'utf8');
  });
  afterAll(async () => {
    await stage?.close();
    gate.remove();
  });

  test('approved in the timeline, with a reason that is recorded', async () => {
    await startRun(window);
    const view = await timeline(window);
    await answerInTimeline(view, 'Approve', 'the shares add up');
    await runRow(window, 'succeeded').waitFor();
    const [run] = await stage.runs();
    const answer = stage.journal(run?.runId ?? '').find((line) => line.includes('"approval.resolved"'));
    expect(answer).toContain('the shares add up');
  });

  test('a notification that outlived its question says so when it is pressed', async () => {
    await window.wb.toast('waits for your approval').getByRole('button', { name: 'Reject' }).click();
    await window.wb.toast('this approval was answered before').waitFor();
    await runRow(window, 'succeeded').waitFor();
  });

  test('Apply changes the files of the folder, and neither HEAD nor the index', async () => {
    const { wb, page } = window;
    await clearNotifications(window);
    await openMenu(window, runRow(window, 'succeeded'), 'Apply Result to Folder');
    await shot(page, 'run-context-menu');
    await page.keyboard.press('Escape');
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Apply Result to Folder');
    await wb.toast('applied 1 file to your folder').waitFor();
    const after = stateOf(folder);
    expect({ ...after, files: {} }).toEqual({ ...before, files: {} });
    const changed = Object.keys(after.files).filter((name) => after.files[name] !== before.files[name]);
    expect(changed).toEqual(['src/allocate.js']);
    await (await timeline(window)).getByText('Result applied to the workspace').waitFor();
  });

  test('Apply is refused as a whole when the person changed the same lines since', async () => {
    const { wb } = window;
    const file = path.join(folder, 'src/allocate.js');
    const applied = readFileSync(file, 'utf8');
    const mine = applied.replace('sort(', 'toSorted(');
    expect(mine).not.toBe(applied);
    writeFileSync(file, mine);
    await clearNotifications(window);
    const [run] = await stage.runs();
    await stage.host.inHost(`vscode.commands.executeCommand('openexec.applyResult', args)`, run?.runId);
    await wb.toast('not applied').waitFor();
    expect(readFileSync(file, 'utf8')).toBe(mine);
  });

  test('Replay makes the same events, hash for hash', async () => {
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Replay Run');
    await window.wb.toast(/the replay is identical: \d+ events, hash for hash\. No model was called\./).waitFor();
  });

  test('Verify says that the record is sound', async () => {
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Verify Run');
    await window.wb.toast(/the record is sound: \d+ events, \d+ blobs/).waitFor();
    await shot(window.page, 'run-verified');
  });

  test('a rejected run fails, and Discard asks before it deletes the run’s copy', async () => {
    const { wb, page } = window;
    writeFileSync(path.join(folder, 'src/allocate.js'), original);
    await clearNotifications(window);
    await startRun(window);
    await runRow(window, 'waits for approval').waitFor();
    await answerInTimeline(await timeline(window), 'Reject');
    await runRow(window, 'failed').locator('.codicon-error').waitFor();
    const [run] = await stage.runs();
    const worktree = path.join(stage.runFolder(run?.runId ?? ''), '../../worktrees', run?.runId ?? '');
    expect(existsSync(worktree)).toBe(true);
    await chooseInMenu(window, runRow(window, 'failed'), 'Discard Result…');
    await wb.dialog.getByText('Discard the result of this run?').waitFor();
    await shot(page, 'run-discard');
    await wb.dialog.getByRole('button', { name: 'Cancel' }).click();
    await wb.dialog.waitFor({ state: 'hidden' });
    expect(existsSync(worktree)).toBe(true);
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'failed'), 'Discard Result…');
    await wb.dialog.getByRole('button', { name: 'Discard' }).click();
    await wb.toast('the result was discarded; the record of the run is kept').waitFor();
    expect(existsSync(worktree)).toBe(false);
    expect(stateOf(folder).files).toEqual(before.files);
  });

  test('Cancel ends the run and the command that it waited for', async () => {
    await clearNotifications(window);
    gate.shut();
    await startRun(window);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    const command = gate.waiting() ?? 0;
    expect(isAlive(command)).toBe(true);
    await chooseInMenu(window, runRow(window, 'running at test'), 'Cancel Run');
    await runRow(window, 'cancelled').locator('.codicon-circle-slash').waitFor();
    await expect.poll(() => isAlive(command), PATIENCE).toBe(false);
    await window.wb.toast('OpenExec run').waitFor({ state: 'hidden' });
    await window.wb.statusBarItem('OpenExec:').waitFor({ state: 'hidden' });
  });

  let applied = '';

  test('the changes are looked at in one editor, applied by file, and given back by Undo', async () => {
    const { wb, page } = window;
    const file = path.join(folder, 'src/allocate.js');
    writeFileSync(file, original);
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Review Changes');
    await wb.tab(/^Changes of the run/).waitFor();
    await page.locator('.multiDiffEditor').getByText('allocate.js').first().waitFor();
    await shot(page, 'run-review');
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Apply Files…');
    await wb.quickPickRow('src/allocate.js').waitFor();
    await shot(page, 'run-apply-files');
    await wb.quickInput.getByRole('button', { name: 'OK' }).click();
    await wb.toast('applied 1 file to your folder').waitFor();
    applied = readFileSync(file, 'utf8');
    expect(applied).not.toBe(original);
    await pressOnToast(window, 'applied 1 file to your folder', 'Undo Apply');
    await wb.toast('undone: 1 file as before the apply').waitFor();
    expect(stateOf(folder)).toEqual(before);
  });

  test('a conflict opens in the merge editor, and the result goes to a branch without the folder being touched', async () => {
    const { wb, page } = window;
    const file = path.join(folder, 'src/allocate.js');
    const mine = applied.replace('sort(', 'toSorted(');
    expect(mine).not.toBe(applied);
    writeFileSync(file, mine);
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Apply Files…');
    await wb.quickPickRow('src/allocate.js').waitFor();
    await wb.quickInput.getByRole('button', { name: 'OK' }).click();
    await pressOnToast(window, 'not applied', 'Resolve in Merge Editor');
    await page.locator('.merge-editor').getByText('Result of the Run', { exact: true }).waitFor();
    await shot(page, 'run-merge');
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Commit on a Branch…');
    await wb.quickInput.getByText('Name of the new branch').waitFor();
    await page.keyboard.press('Enter');
    await wb.quickInput.getByText('First line of the commit message').waitFor();
    await page.keyboard.press('Enter');
    await wb.toast('committed on the branch openexec/').waitFor();
    const [run] = (await stage.runs()).filter(({ status }) => status === 'succeeded');
    const format = '--format=%(trailers:key=OpenExec-Run,valueonly)';
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
    expect(git('log', '-1', format, '--branches=openexec/*')).toBe(run?.runId);
    const { head, index } = stateOf(folder);
    expect({ head, index }).toEqual({ head: before.head, index: before.index });
    expect(readFileSync(file, 'utf8')).toBe(mine);
  });
});
