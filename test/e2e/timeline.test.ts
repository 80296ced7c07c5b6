/** The shipped sample run in a window without a folder, a key or a network: opened, searched, played, replayed, read aloud. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, shot } from '../host/lib.mjs';
import { violations } from './support/axe';
import { eventRow, eventsShown, PATIENCE, positionIn, reload, Stage, type Window } from './support/window';

/** The themes in which every pane is looked at. */
const THEMES = [
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'high-contrast'],
  ['Default Dark Modern', 'dark'],
] as const;

describe('the timeline of the sample run', () => {
  let stage: Stage;
  let window: Window;
  let view: FrameLocator;

  const selected = () => view.locator('.event.is-selected .event-title');
  const search = () => view.getByRole('searchbox', { name: 'Search the run' });
  const shown = async () => Number(await view.locator('[data-shown]').getAttribute('data-shown'));
  const strip = () => view.getByRole('slider', { name: 'Position in the run' });

  beforeAll(async () => {
    stage = await Stage.open();
    window = await stage.window();
  });
  afterAll(() => stage?.close());

  test('is opened by one command, whole, and said to be imported', async () => {
    await window.wb.command('OpenExec: Open Sample Run');
    view = await window.wb.editorWebview();
    await view.getByText('Imported, read-only').waitFor();
    const runs = await stage.runs();
    expect(runs.map(({ status }) => status)).toEqual(['succeeded']);
    await expect.poll(() => eventsShown(view), PATIENCE).toBe(runs[0]?.events);
  });

  test('is walked through by keys, which are all listed', async () => {
    await strip().press('Home');
    await window.page.keyboard.press('d');
    await selected()
      .filter({ hasText: /^Denied / })
      .waitFor();
    const denial = Number(await positionIn(view));
    await window.page.keyboard.press('j');
    await expect.poll(() => positionIn(view), PATIENCE).toBe(String(denial + 1));
    await window.page.keyboard.press('Shift+D');
    await expect.poll(() => positionIn(view), PATIENCE).toBe(String(denial));
    await window.page.keyboard.press('?');
    await view.getByRole('region', { name: 'Keyboard shortcuts' }).getByText('Next or previous denial').waitFor();
    await shot(window.page, 'timeline-keys');
    await window.page.keyboard.press('?');
    await expect.poll(() => view.getByRole('region', { name: 'Keyboard shortcuts' }).count(), PATIENCE).toBe(0);
  });

  test('is searched in titles and in what was recorded, and walked from match to match', async () => {
    const all = await eventsShown(view);
    await window.page.keyboard.press('/');
    await search().fill('secrets-never-read');
    await expect.poll(async () => (await shown()) < all, PATIENCE).toBe(true);
    await view.locator('.search-count', { hasText: /^\d+ of \d+$/ }).waitFor();
    expect(await shown()).toBeGreaterThan(0);
    await search().press('Enter');
    const first = await positionIn(view);
    await search().press('Shift+Enter');
    await shot(window.page, 'timeline-search');
    // Words of a file's content, which no title has.
    await search().fill('export function allocate');
    await view.locator('.search-count', { hasText: /^[1-9]\d* of \d+$/ }).waitFor();
    expect(first).not.toBe('');
    await search().press('Escape');
    await expect.poll(shown, PATIENCE).toBe(all);
  });

  test('is narrowed by kind and node, and by a stretch of the strip that is chosen by keys', async () => {
    const all = await eventsShown(view);
    await view.getByRole('button', { name: 'Filter' }).click();
    await view.getByRole('button', { name: 'Policy', exact: true }).click();
    await expect.poll(shown, PATIENCE).toBeLessThan(all);
    const policy = await shown();
    await view.getByRole('combobox', { name: 'Node' }).selectOption({ index: 1 });
    await expect.poll(shown, PATIENCE).toBeLessThan(policy);
    await shot(window.page, 'timeline-filter');
    await view.getByRole('button', { name: 'Clear all filters' }).click();
    await strip().press('Home');
    await window.page.keyboard.press('x');
    for (let step = 0; step < 9; step += 1) await window.page.keyboard.press('ArrowRight');
    await window.page.keyboard.press('x');
    await expect.poll(shown, PATIENCE).toBe(10);
    await window.page.keyboard.press('Escape');
    await expect.poll(shown, PATIENCE).toBe(all);
  });

  test('is zoomed by the wheel about the pointer, with a map of the whole', async () => {
    await strip().hover();
    await window.page.mouse.wheel(0, -400);
    await view.locator('.minimap').waitFor();
    await shot(window.page, 'timeline-zoomed');
    await strip().press('0');
    await expect.poll(() => view.locator('.minimap').count(), PATIENCE).toBe(0);
  });

  test('is played, and stops where a person steps in', async () => {
    await strip().press('Home');
    await view.getByRole('combobox', { name: 'Speed' }).selectOption('½×');
    await view.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expect.poll(async () => Number(await positionIn(view)), PATIENCE).toBeGreaterThan(3);
    await view.getByRole('button', { name: 'Pause', exact: true }).click();
    await view.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  test('shows a change of a file line by line, and opens it in the editor’s own diff', async () => {
    await strip().press('Home');
    await window.page.keyboard.press('c');
    const details = view.getByRole('region', { name: 'Event details' });
    await details.locator('.line-plus').first().waitFor();
    await shot(window.page, 'timeline-change');
    await details.getByRole('button', { name: 'Open Diff', exact: true }).click();
    await window.page.locator('.monaco-diff-editor').waitFor();
    await window.wb.command('View: Close Editor');
    view = await window.wb.editorWebview();
  });

  test('is replayed from its own pane, which says that it came out the same', async () => {
    await view.getByRole('button', { name: 'Replay', exact: true }).first().click();
    const pane = view.getByRole('region', { name: 'Replay and verify' });
    await pane.locator('.check-verdict .codicon-pass, .check-verdict .codicon-verified').waitFor(PATIENCE);
    await shot(window.page, 'timeline-replayed');
    await pane.getByRole('button', { name: 'Verify', exact: true }).click();
    await pane.locator('.check-verdict').waitFor(PATIENCE);
    await pane.getByRole('button', { name: 'Close Replay and Verify' }).click();
  });

  test('has nothing that axe objects to, in dark, light, high contrast and forced colours, wide, narrow and at 200 %', async () => {
    await (await eventRow(view, /^Denied /)).click();
    await window.page.keyboard.press('s');
    for (const [theme, word] of THEMES) {
      await stage.host.inHost(
        `await vscode.workspace.getConfiguration().update('workbench.colorTheme', args, vscode.ConfigurationTarget.Global)`,
        theme,
      );
      await view.locator(`body.vscode-${word}`).waitFor();
      expect(await violations(window.page)).toEqual([]);
      await shot(window.page, `timeline-charts-${word}`);
    }
    await window.page.emulateMedia({ forcedColors: 'active' });
    expect(await violations(window.page)).toEqual([]);
    await shot(window.page, 'timeline-charts-forced');
    await window.page.setViewportSize({ width: 640, height: 800 });
    expect(await violations(window.page)).toEqual([]);
    await shot(window.page, 'timeline-narrow-charts-forced');
    await window.page.emulateMedia({ forcedColors: 'none' });
    expect(await violations(window.page)).toEqual([]);
    await shot(window.page, 'timeline-narrow-charts');
    await window.page.setViewportSize({ width: 1280, height: 800 });
    await window.page.keyboard.press('s');
  });

  test('is at the same event after a reload of the window', async () => {
    await (await eventRow(view, /^Denied /)).click();
    const at = await positionIn(view);
    await reload(window);
    view = await window.wb.editorWebview();
    await expect.poll(() => positionIn(view), PATIENCE).toBe(at);
  });

  test('broke no content security policy, and made no request that left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});
