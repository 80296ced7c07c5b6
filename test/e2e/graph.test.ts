/** The graph of a blueprint: live beside a run of the sample, and alone for a file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, type Locator, shot } from '../host/lib.mjs';
import { type Gate, makeGate } from './support/gate';
import {
  answerInTimeline,
  clearNotifications,
  PATIENCE,
  runRow,
  Stage,
  startRun,
  timeline,
  type Window,
} from './support/window';

const node = (view: FrameLocator, id: string): Locator => view.locator(`.graph-node[data-node="${id}"]`);
const stateOf = (view: FrameLocator, id: string): Locator => node(view, id).locator('.graph-state');

describe('the graph of a run in a real window', () => {
  let stage: Stage;
  let gate: Gate;
  let window: Window;
  let view: FrameLocator;

  const graph = () => view.getByRole('region', { name: 'Graph', exact: true });
  const toggle = () => view.getByRole('button', { name: 'Graph', exact: true });

  beforeAll(async () => {
    gate = makeGate();
    stage = await Stage.open({ env: gate.env });
    window = await stage.window(stage.sample());
  });
  afterAll(async () => {
    await stage?.close();
    gate.remove();
  });

  test('can be shown and hidden', async () => {
    gate.shut();
    await startRun(window);
    view = await timeline(window);
    await expect.poll(() => gate.waiting(), PATIENCE).not.toBeNull();
    const shown = (await graph().count()) > 0;
    await toggle().click();
    await expect.poll(() => graph().count(), PATIENCE).toBe(shown ? 0 : 1);
    if (shown) await toggle().click();
    await graph().waitFor();
    expect(await toggle().getAttribute('aria-pressed')).toBe('true');
  });

  test('shows live which node is active, and how often limited routes were taken', async () => {
    await stateOf(view, 'test').getByText('active').waitFor();
    expect(await view.locator('.graph-node[aria-current="step"]').getAttribute('data-node')).toBe('test');
    await stateOf(view, 'lint').getByText('success, attempt 2').waitFor();
    await view.locator('.graph-label', { hasText: 'failure 1/2' }).waitFor();
    await view.locator('.graph-label', { hasText: 'failure 0/3' }).waitFor();
    await stateOf(view, 'commit').getByText('not started').waitFor();
    await clearNotifications(window);
    await shot(window.page, 'graph-live');
  });

  test('goes on with the run, to where a person is asked', async () => {
    gate.open();
    await stateOf(view, 'approve').getByText('asks a person').waitFor();
    await stateOf(view, 'test').getByText('success').waitFor();
    await answerInTimeline(view, 'Approve');
    await stateOf(view, 'commit').getByText('success').waitFor();
    await runRow(window, 'succeeded').waitFor();
  });

  test('shows the state at the event that is selected', async () => {
    await view.getByRole('slider', { name: 'Position in the run' }).press('Home');
    await stateOf(view, 'context').getByText('not started').waitFor();
    expect(await view.locator('.graph-node[aria-current]').count()).toBe(0);
  });

  test('leads from a node to its latest visit, also by keyboard', async () => {
    const selected = view.locator('.event.is-selected .event-title');
    await node(view, 'implement').click();
    await selected.filter({ hasText: 'implement started' }).waitFor();
    await stateOf(view, 'implement').getByText('active').waitFor();
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await selected.filter({ hasText: 'lint started, attempt 3' }).waitFor();
  });

  test('broke no content security policy, and made no request that left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});

describe('the graph of a blueprint file', () => {
  let stage: Stage;
  let window: Window;
  let folder: string;
  let file: string;
  let view: FrameLocator;

  beforeAll(async () => {
    stage = await Stage.open();
    folder = stage.sample();
    file = path.join(folder, '.openexec/blueprints/own.yaml');
    mkdirSync(path.dirname(file), { recursive: true });
    window = await stage.window(folder);
  });
  afterAll(() => stage?.close());

  test('is offered for every blueprint, and drawn with its worst case', async () => {
    const { wb, page } = window;
    await wb.command('OpenExec: Show Blueprint Graph');
    await wb.quickPickRow('Finds and mends one fault').click();
    view = await wb.editorWebview();
    await view.getByRole('heading', { name: 'Quick fix' }).waitFor();
    await view.getByText(/Worst case .*model calls/).waitFor();
    await node(view, 'implement').waitFor();
    await view.locator('.graph-label', { hasText: 'failure, max 3' }).waitFor();
    await shot(page, 'graph-blueprint');
  });

  test('changes with the file, and shows what is wrong with it', async () => {
    const { wb } = window;
    const shipped = await stage.host.inHost<string>(
      `return vscode.extensions.getExtension('openexec.openexec').extensionPath`,
    );
    const text = readFileSync(path.join(shipped, 'blueprints/quick_fix.yaml'), 'utf8')
      .replace('id: quick_fix', 'id: own')
      .replace('title: Quick fix', 'title: My own');
    writeFileSync(file, text);
    await stage.host.inHost(
      `await vscode.commands.executeCommand('openexec.showBlueprintGraph', vscode.Uri.file(args))`,
      file,
    );
    await wb.tab('Graph: own.yaml').waitFor();
    view = await wb.editorWebview();
    await view.getByRole('heading', { name: 'My own' }).waitFor();
    writeFileSync(file, text.replace('title: Fix failing tests', 'title: Mend the tests').replace(/max: 3/, 'max: 2'));
    await node(view, 'fix_tests').getByText('Mend the tests').waitFor();
    writeFileSync(file, text.replace('on_failure: { to: fix_tests, max: 3 }', 'on_failure: fix_tests'));
    await view
      .getByRole('list', { name: 'Problems' })
      .getByText(/own\.yaml:\d+:\d+ .*loop/)
      .waitFor();
    await node(view, 'fix_tests').waitFor();
  });

  test('leads from a node to its place in the file', async () => {
    await node(view, 'fix_tests').click();
    await expect
      .poll(
        () =>
          stage.host.inHost<string>(
            `const e = vscode.window.activeTextEditor; return e ? e.document.lineAt(e.selection.active.line).text : ''`,
          ),
        PATIENCE,
      )
      .toBe('  fix_tests:');
    expect(window.complaints).toEqual([]);
  });
});
