/** Evidence in the window: a record that was tampered with, a replay that diverges, bundles, the signing key, the index. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf, lineOf } from '../../src/core/events/chain';
import type { RunEvent } from '../../src/core/events/schema';
import { ZERO_HASH } from '../../src/core/kernel/hash';
import { root, shot } from '../host/lib.mjs';
import {
  answerFileDialog,
  answerInTimeline,
  badgesOf,
  chooseInMenu,
  clearNotifications,
  keptByWorkbench,
  notified,
  openMenu,
  PATIENCE,
  positionIn,
  reload,
  runRow,
  Stage,
  showRuns,
  startRun,
  timeline,
  type Window,
} from './support/window';

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('evidence', () => {
  let stage: Stage;
  let folder: string;
  let window: Window;
  let runId: string;
  /** Where the run was recorded; the store that it is imported into has a folder of the same name. */
  let runFolder: string;
  let bundle: string;
  let signedBundle: string;
  /** The journal as it was before anybody changed it. */
  let original: string;

  beforeAll(async () => {
    stage = await Stage.open();
    folder = stage.sample();
    window = await stage.window(folder);
    runId = await finishedRun();
    runFolder = stage.runFolder(runId);
    bundle = path.join(path.dirname(folder), `openexec-${runId}.zip`);
    signedBundle = path.join(path.dirname(folder), 'signed.zip');
  });
  afterAll(() => stage?.close());

  async function finishedRun(): Promise<string> {
    await startRun(window);
    // Its notification may lie over the button.
    await runRow(window, /waiting|approval/i).waitFor();
    await clearNotifications(window);
    await answerInTimeline(await timeline(window), 'Approve');
    await runRow(window, 'succeeded').first().waitFor();
    const [run] = await stage.runs();
    return run?.runId ?? '';
  }

  /** Does something under another colour theme. */
  async function inTheme({ page }: Window, theme: string, work: () => Promise<unknown>): Promise<void> {
    const code = `await vscode.workspace.getConfiguration().update('workbench.colorTheme', args ?? undefined, vscode.ConfigurationTarget.Global)`;
    await stage.host.inHost(code, theme);
    await page.locator('.monaco-workbench.vs').waitFor();
    await work();
    await stage.host.inHost(code, 'Default Dark Modern');
    await page.locator('.monaco-workbench.vs-dark').waitFor();
  }

  const journalFile = (): string => path.join(runFolder, 'journal.jsonl');

  /** What a verification on the command line says; a record that is not sound is an answer too. */
  function verifyOnCommandLine(...args: string[]): { ok: boolean; notChecked: string[] } {
    const cli = [path.join(root, 'dist/cli.js'), 'verify', ...args, '--json'];
    try {
      return JSON.parse(execFileSync(process.execPath, cli, { encoding: 'utf8' }));
    } catch (error) {
      return JSON.parse((error as { stdout: string }).stdout);
    }
  }

  async function exportTo(file: string): Promise<void> {
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Export Evidence Bundle…');
    await answerFileDialog(window, 'Export Evidence Bundle', file);
  }

  test('a sound record gets a badge, and the verdict says as loudly what was not checked', async () => {
    const { wb, page } = window;
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Verify Run');
    const toast = wb.toast(/the record is sound: \d+ events, \d+ blobs\. NOT checked: /);
    await toast.waitFor();
    // The head is known, so that this is not among what could not be checked.
    expect(await toast.textContent()).not.toContain('external head');
    await expect.poll(() => badgesOf(runRow(window, 'succeeded')), PATIENCE).toContain('✓');
    await shot(page, 'run-verified-badge');
  });

  test('a node can be replayed by itself', async () => {
    const { wb, page } = window;
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Replay Node…');
    await wb.quickPickRow(/^\s*implement/).waitFor();
    await shot(page, 'replay-node');
    await wb.quickPickRow(/^\s*implement/).click();
    await wb.toast(/the replay of the node implement is identical: \d+ events/).waitFor();
  });

  test('an export is one file with its hash, and says that it is not signed', async () => {
    const { wb, page } = window;
    await exportTo(bundle);
    const toast = wb.toast(`exported to ${path.basename(bundle)}`);
    await toast.waitFor();
    expect(await toast.textContent()).toContain('NOT signed: there is no signing key.');
    expect(await toast.textContent()).toContain(sha256(readFileSync(bundle)));
    await shot(page, 'evidence-exported');
    expect(verifyOnCommandLine(bundle).ok).toBe(true);
  });

  test('with a signing key the same export is signed, and the command line checks the signature', async () => {
    const { wb, page } = window;
    const unsigned = verifyOnCommandLine(bundle).notChecked.join('\n');
    expect(unsigned).toContain('sign');
    await clearNotifications(window);
    await wb.command('OpenExec: Create Signing Key');
    const created = wb.toast(/new bundles are signed with the key [0-9a-f]{64}/);
    await created.waitFor();
    const fingerprint = /[0-9a-f]{64}/.exec((await created.textContent()) ?? '')?.[0] ?? 'none';
    await shot(page, 'signing-key');
    await exportTo(signedBundle);
    await wb.toast(`Signed with the key ${fingerprint}.`).waitFor();
    const signed = verifyOnCommandLine(signedBundle);
    expect(signed.ok).toBe(true);
    expect(signed.notChecked).not.toEqual(verifyOnCommandLine(bundle).notChecked);
  });

  test('a key is replaced only after a question', async () => {
    const { wb } = window;
    await clearNotifications(window);
    await wb.command('OpenExec: Create Signing Key');
    await wb.dialog.getByText('Replace the signing key?').waitFor();
    await wb.dialog.getByRole('button', { name: 'Cancel' }).click();
    await wb.dialog.waitFor({ state: 'hidden' });
    expect(await wb.toast('new bundles are signed').count()).toBe(0);
  });

  test('the index is rebuilt from the journals when it was deleted', async () => {
    const { wb } = window;
    const index = path.join(runFolder, '../../index.sqlite');
    rmSync(index);
    await clearNotifications(window);
    await wb.command('OpenExec: Rebuild Run Index');
    await wb.toast('the run index was rebuilt from the journals: 1 run, none damaged.').waitFor();
    expect(existsSync(index)).toBe(true);
  });

  test('in another folder a bundle is verified and its run listed, to be looked at and not to be steered', async () => {
    const other = await stage.window(stage.sample());
    const { wb, page } = other;
    await showRuns(other);
    await wb.command('OpenExec: Import Evidence Bundle…');
    await answerFileDialog(other, 'Import Evidence Bundle', signedBundle);
    await wb.toast(`imported the run ${runId}: the record is sound`).waitFor();
    await runRow(other, 'succeeded · imported').waitFor();
    await shot(page, 'evidence-imported');
    await openMenu(other, runRow(other, 'imported'), 'Verify Run');
    for (const entry of ['Resume Run', 'Apply Result to Folder', 'Discard Result…']) {
      expect(await wb.menuItem(entry).count()).toBe(0);
    }
    expect(await wb.menuItem('Export Evidence Bundle…').count()).toBe(1);
    await page.keyboard.press('Escape');
    await clearNotifications(other);
    await chooseInMenu(other, runRow(other, 'imported'), 'Replay Run');
    await wb.toast(/the replay is identical: \d+ events/).waitFor();
    await clearNotifications(other);
    await chooseInMenu(other, runRow(other, 'imported'), 'Verify Run');
    await wb.toast(/the record is sound: \d+ events/).waitFor();
    await page.close();
  });

  test('a bundle of which one byte is changed is refused, and nothing is listed', async () => {
    const bytes = readFileSync(bundle);
    const at = bytes.indexOf('"model.responded"');
    expect(at).toBeGreaterThan(0);
    bytes.writeUInt8(bytes.readUInt8(at + 1) ^ 1, at + 1);
    const changed = path.join(path.dirname(folder), 'changed.zip');
    writeFileSync(changed, bytes);
    const other = await stage.window(stage.sample());
    const { wb, page } = other;
    await showRuns(other);
    await wb.command('OpenExec: Import Evidence Bundle…');
    await answerFileDialog(other, 'Import Evidence Bundle', changed);
    await wb.toast(/nothing was imported/).waitFor();
    await shot(page, 'evidence-refused');
    expect(await stage.runs()).toEqual([]);
    await page.close();
  });

  test('a reply that was exchanged, with every hash made to fit, diverges where the run acted on the real one', async () => {
    const { wb, page } = window;
    original = readFileSync(journalFile(), 'utf8');
    const seq = exchangeReply(journalFile(), 'src/discount.js', 'src/invoices.js');
    await reload(window);
    await runRow(window, 'succeeded').waitFor();
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Replay Run');
    const toast = wb.toast(`the replay diverges at event ${seq} in data.`);
    await toast.waitFor();
    const diff = page.locator('.monaco-diff-editor');
    await diff.getByText('src/discount.js').first().waitFor();
    await diff.getByText('src/invoices.js').first().waitFor();
    await wb.tab(new RegExp(`event ${seq}, data\\..*: recorded by OpenExec \\d`)).waitFor();
    const view = await timeline(window);
    await expect.poll(() => positionIn(view), PATIENCE).toBe(String(seq));
    await expect.poll(() => badgesOf(runRow(window, 'succeeded')), PATIENCE).toContain('!');
    await shot(page, 'replay-diverges');
    await inTheme(window, 'Default Light Modern', () => shot(page, 'replay-diverges-light'));
  });

  test('and the head that the editor kept shows that the record is another one', async () => {
    const { wb, page } = window;
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'succeeded'), 'Verify Run');
    await wb.toast(/the record is NOT sound, 1 finding: event \d+: its end was cut or rewritten/).waitFor();
    await page.goto('about:blank');
    writeFileSync(journalFile(), original);
    rmSync(path.join(runFolder, '../../index.sqlite'));
    await wb.open(stage.host.url({ folder }));
    await showRuns(window);
    await runRow(window, 'succeeded').waitFor();
  });

  test('a tail that was cut while no window was open is found, for the editor kept the head', async () => {
    const { wb, page } = window;
    const journal = readFileSync(journalFile(), 'utf8');
    const lines = journal.trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '{}') as RunEvent;
    expect(last.type).toBe('run.finished');
    await expect.poll(() => keptByWorkbench(window, last.hash), PATIENCE).toBe(true);
    await page.goto('about:blank');
    writeFileSync(journalFile(), `${lines.slice(0, -1).join('\n')}\n`);
    await wb.open(stage.host.url({ folder }));
    await showRuns(window);
    // Without its end the run looks as if it had broken off.
    await runRow(window, 'interrupted').waitFor();
    await clearNotifications(window);
    await chooseInMenu(window, runRow(window, 'interrupted'), 'Verify Run');
    const toast = wb.toast(/the record is NOT sound, 1 finding: event \d+: its end was cut or rewritten/);
    await toast.waitFor();
    await expect.poll(() => badgesOf(runRow(window, 'interrupted')), PATIENCE).toContain('!');
    await toast.getByRole('button', { name: 'Show Report' }).click();
    await wb.tab('Verification.md').waitFor();
    await wb.editor.getByText('The record is NOT sound').waitFor();
    await wb.editor.getByText('kept by this editor').first().waitFor();
    await shot(page, 'verify-cut-tail');
    await inTheme(window, 'Default Light Modern', () => shot(page, 'verify-cut-tail-light'));
  });

  test('a record that is deleted behind the window’s back is missed at the next start', async () => {
    const { wb, page } = window;
    await page.goto('about:blank');
    rmSync(runFolder, { recursive: true });
    await wb.open(stage.host.url({ folder }));
    await showRuns(window);
    await notified(stage, window, `the record of the run ${runId} is gone, and no deletion was recorded`);
    await shot(page, 'record-gone');
  });

  test('retention deletes what ended long ago, says so, and the next start misses nothing', async () => {
    const { wb, page } = window;
    await clearNotifications(window);
    await wb.command('View: Close All Editors');
    runId = await finishedRun();
    runFolder = stage.runFolder(runId);
    const index = path.join(runFolder, '../../index.sqlite');
    await page.goto('about:blank');
    reseal(journalFile(), (line) => line.replace(/"at":"\d{4}-/, '"at":"2020-'));
    rmSync(index);
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.retention.days': 30 }));
    await wb.open(stage.host.url({ folder }));
    await showRuns(window);
    await notified(stage, window, '1 run that ended more than 30 days ago was deleted');
    await shot(page, 'run-deleted-by-retention');
    expect(existsSync(runFolder)).toBe(false);
    await page.getByText('No runs yet.').waitFor();
    await reload(window);
    await page.getByText('No runs yet.').waitFor();
    expect(await wb.toast('is gone, and no deletion was recorded').count()).toBe(0);
  });
});

/**
 * Exchanges a text in the first reply of a journal. Answers the seq of the event in which the run did what the reply had
 * really said.
 */
function exchangeReply(file: string, from: string, to: string): number {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const reply = lines.findIndex((line) => line.includes('"model.responded"'));
  const acted = lines.findIndex((line, seq) => seq > reply && line.includes('"tool.requested"') && line.includes(from));
  expect(Math.min(reply, acted)).toBeGreaterThan(0);
  reseal(file, (line, seq) => (seq === reply ? line.replaceAll(from, to) : line));
  return acted;
}

/** Changes a journal line by line and makes every hash fit again, as somebody would who wants it not to be seen. */
function reseal(file: string, change: (line: string, seq: number) => string): void {
  let prev = ZERO_HASH;
  const sealed = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, seq) => {
      const linked = { ...(JSON.parse(change(line, seq)) as RunEvent), prev };
      prev = hashOf(linked, sha256);
      return lineOf({ ...linked, hash: prev });
    });
  writeFileSync(file, sealed.join(''));
}
