/** A blueprint in the editor, the way from it to a run by the keyboard, and a run that is paused and resumed. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import {
  answerInTimeline,
  PATIENCE,
  runRow,
  Stage,
  scrollToRow,
  startRow,
  startRun,
  timeline,
  type Window,
} from './support/window';

const BLUEPRINT = `version: 1
id: mine
title: Mine
description: Runs the linter.
toolset: coding_backend
start: lint
nodes:
  lint:
    type: deterministic
    action: run_lint
    on_success: done
    on_failure: fail
`;

describe('a blueprint of the folder in a real window', () => {
  let stage: Stage;
  let window: Window;
  let file: string;

  const lens = (title: string) => window.page.locator('.part.editor .codelens-decoration').getByText(title);
  const open = (name: string) => stage.host.inHost('await vscode.window.showTextDocument(vscode.Uri.file(args))', name);

  /** Presses the lens until it asks: VS Code shows those of an editor that was open before at once, and they do nothing yet. */
  async function pressStart(): Promise<void> {
    const { wb } = window;
    await expect
      .poll(async () => {
        if ((await wb.quickInput.count()) === 0)
          await lens('Start run')
            .click({ timeout: 1000 })
            .catch(() => undefined);
        return wb.quickInput.getByText('(1/2)').isVisible();
      }, PATIENCE)
      .toBe(true);
  }

  beforeAll(async () => {
    stage = await Stage.open();
    const folder = stage.sample();
    file = path.join(folder, '.openexec/blueprints/mine.yaml');
    mkdirSync(path.dirname(file));
    writeFileSync(file, BLUEPRINT);
    // The commands are then found in package.json.
    rmSync(path.join(folder, '.openexec/project.yaml'));
    window = await stage.window(folder);
  });
  afterAll(() => stage?.close());

  test('says on top what can be done with it and what it can cost', async () => {
    await open(file);
    await lens('Start run').waitFor();
    await lens('Show graph').waitFor();
    await lens('Worst case: 0 model calls, 0 tokens, $0').waitFor();
    await shot(window.page, 'blueprint-lenses');
  });

  test('"Start run" asks for the task, and goes by this blueprint without asking for one', async () => {
    const { wb, page } = window;
    await pressStart();
    await page.keyboard.press('Enter');
    await wb.quickInput.getByText('(2/2)').waitFor();
    await startRow(window).waitFor();
    await scrollToRow(window, '0 model calls, 0 tokens');
  });

  test('the commands can be edited instead, by the keyboard: the file holds those that were found, and is not saved yet', async () => {
    const { wb, page } = window;
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await wb.tab('project.yaml').waitFor();
    await wb.editor.getByText('found in package.json script').first().waitFor();
    await shot(page, 'project-file');
    expect(await stage.runs()).toEqual([]);
  });

  test('confirmed once, the commands are not asked about again until they change', async () => {
    const { wb, page } = window;
    const asked = async (): Promise<void> => {
      await pressStart();
      await page.keyboard.press('Enter');
      await startRow(window).waitFor();
    };
    await open(file);
    await asked();
    await wb.quickPickRow('Confirm the Commands and Start').waitFor();
    await page.keyboard.press('Enter');
    await runRow(window, 'succeeded').waitFor();
    await open(file);
    await asked();
    expect(await wb.quickPickRow('Confirm').count()).toBe(0);
    await page.keyboard.press('Escape');
    writeFileSync(path.join(path.dirname(file), '../project.yaml'), 'version: 1\ncommands:\n  lint: node -v\n');
    await asked();
    await wb.quickPickRow('Confirm the Commands and Start').waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('a run that is paused in a real window', () => {
  let stage: Stage;
  let window: Window;
  beforeAll(async () => {
    stage = await Stage.open();
    window = await stage.window(stage.sample());
  });
  afterAll(() => stage?.close());

  test('from the palette, while it waits; resumed, it asks again and ends', async () => {
    await startRun(window);
    await runRow(window, 'waits for approval').waitFor();
    await window.wb.command('OpenExec: Pause Run');
    await runRow(window, 'paused').waitFor();
    await window.wb.toast('the run paused: paused by person in VS Code').waitFor();
    await window.wb.toast('the run paused').getByRole('button', { name: 'Resume' }).click();
    await runRow(window, 'waits for approval').waitFor();
    await answerInTimeline(await timeline(window), 'Approve');
    await runRow(window, 'succeeded').waitFor();
  });
});
