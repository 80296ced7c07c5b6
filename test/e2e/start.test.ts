/**
 * The way to a run: where tasks come from, the blueprint that the gatekeeper suggests, and the page before the start.
 * Nothing is started here; sampleRun.test.ts and liveModel.test.ts start with the two key presses of the usual case.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { askForRun, chooseBlueprint, chooseInMenu, PATIENCE, Stage, startRow, type Window } from './support/window';

const ROUNDING = 'Fix the rounding of the discount in src/invoice.js.';

describe('the questions before a run, in a real window', () => {
  let stage: Stage;
  let window: Window;
  let folder: string;

  beforeAll(async () => {
    // A model that is no recording; no request is made before a run starts.
    stage = await Stage.open({ settings: { 'openexec.model': 'openai-compatible:test-model' } });
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.baseUrl': 'http://127.0.0.1:9/v1' }));
    folder = stage.sample();
    window = await stage.window(folder);
  });
  afterAll(() => stage?.close());

  const input = () => window.wb.quickInput.getByRole('textbox');
  const row = (text: string | RegExp) => window.wb.quickPickRow(text).first();
  const leave = async () => {
    await window.page.keyboard.press('Escape');
    await window.wb.quickInput.waitFor({ state: 'hidden' });
  };
  const openAt = (line: number, end: number) =>
    stage.host.inHost<string>(
      `const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, 'src/discount.js');
       const selection = new vscode.Range(args.line, 0, args.end, 0);
       const editor = await vscode.window.showTextDocument(file, { selection });
       return editor.document.lineAt(args.line).text;`,
      { line, end },
    );

  test('the blueprint is the one that the gatekeeper suggests for the task, with why', async () => {
    await askForRun(window, 'Where is the discount of an invoice computed?');
    await startRow(window).waitFor();
    await row(/Blueprint: .*the gatekeeper's suggestion.*asks a question: nothing is to change/).waitFor();
    await shot(window.page, 'start-suggestion');
    await chooseBlueprint(window);
    await row(/investigate · .*asks a question/).waitFor();
    await shot(window.page, 'start-suggested-blueprint');
  });

  test('another one that a person chooses stays chosen, also when the task is written anew', async () => {
    const { wb, page } = window;
    await row('quick_fix').click();
    await row(/Blueprint: .*chosen by you/).waitFor();
    await row(/^\s*Task: /).click();
    await wb.quickInput.getByText('(1/2)').waitFor();
    await input().fill(ROUNDING);
    await page.keyboard.press('Enter');
    await row(/Task: Fix the rounding of the discount/).waitFor();
    await row(/Blueprint: .*chosen by you/).waitFor();
    await leave();
  });

  test('another model and another policy can be taken for one run, and the setting stays', async () => {
    const { wb } = window;
    await askForRun(window);
    await startRow(window).waitFor();
    await row(/^\s*Policy: .*change…/).click();
    await wb.quickInput.getByPlaceholder('Which policy decides in this run?').waitFor();
    await row('strict').click();
    await row(/Policy: strict/).waitFor();
    await row(/^\s*Model: openai-compatible:test-model.*127\.0\.0\.1:9.*change…/).click();
    await wb.quickInput.getByPlaceholder('Which model does this run use?').waitFor();
    await row(/^\s*sample\s*this machine/).click();
    await row(/Model: recorded:sample/).waitFor();
    await row(/Policy: strict/).waitFor();
    await leave();
    const model = await stage.host.inHost("return vscode.workspace.getConfiguration('openexec').get('model')");
    expect(model).toBe('openai-compatible:test-model');
  });

  test('the last tasks are one button away, newest first, and can be forgotten', async () => {
    const { wb, page } = window;
    await wb.command('OpenExec: Start Blueprint Run');
    await wb.quickInput.getByText('(1/2)').waitFor();
    expect(await input().inputValue()).toBe(ROUNDING);
    await wb.quickInput.getByRole('button', { name: 'History' }).click();
    await row('Where is the discount of an invoice computed?').waitFor();
    await shot(page, 'start-history');
    await row(ROUNDING).hover();
    await row(ROUNDING).getByRole('button', { name: 'Remove from History' }).click();
    await expect.poll(() => wb.quickPickRow(ROUNDING).count(), PATIENCE).toBe(0);
    await row('Where is the discount').click();
    await wb.quickInput.getByText('(1/2)').waitFor();
    expect(await input().inputValue()).toBe('Where is the discount of an invoice computed?');
  });

  test('a task of several lines is written in an editor, which leads back to the questions', async () => {
    const { wb, page } = window;
    await wb.quickInput.getByRole('button', { name: 'Write in an Editor' }).click();
    const lens = page.locator('.part.editor .codelens-decoration').getByText('Start Run with This Task');
    await lens.waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nTell me the file.\nTell me the line.', { delay: 20 });
    await shot(page, 'start-editor');
    await lens.click();
    await startRow(window).waitFor();
    await row(/Task: Where is the discount .* Tell me the line\..*3 lines/).waitFor();
    await leave();
  });

  test('the selected lines go with the task that is asked for', async () => {
    const { wb, page } = window;
    await openAt(0, 3);
    await wb.command('OpenExec: Start Run with Selection…');
    await wb.quickInput.getByPlaceholder(/What is to be done with src\/discount\.js:1-3\?/).waitFor();
    await input().fill('Write a comment that says why.');
    await page.keyboard.press('Enter');
    await startRow(window).waitFor();
    await row(/Task: Write a comment that says why\. src\/discount\.js:1-3 .*lines/).waitFor();
    await leave();
  });

  test('a problem has a quick fix, whose task is the problem with the lines about it', async () => {
    const { wb, page } = window;
    await stage.host.inHost(`const found = (globalThis.found ??= vscode.languages.createDiagnosticCollection('mill'));
      const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, 'src/discount.js');
      const problem = new vscode.Diagnostic(new vscode.Range(2, 0, 2, 6), 'This rounds twice.', 1);
      found.set(file, [Object.assign(problem, { source: 'mill', code: 'twice' })]);`);
    await openAt(2, 2);
    await wb.editor.click();
    await openAt(2, 2);
    const fix = page.locator('.action-widget').getByText('Fix with OpenExec');
    await expect
      .poll(async () => {
        if ((await fix.count()) > 0) return true;
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+.');
        return fix.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
      }, PATIENCE)
      .toBe(true);
    await shot(page, 'start-quick-fix');
    await fix.click();
    await startRow(window).waitFor();
    await row(/Task: Fix this problem at src\/discount\.js:3: This rounds twice\. \(mill twice\)/).waitFor();
    await leave();
  });

  test('a failing test has an entry in its menu', async () => {
    const { wb, page } = window;
    await stage.host.inHost(`const tests = vscode.tests.createTestController('mill', 'Mill');
      globalThis.tests = tests;
      const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, 'src/discount.js');
      const test = tests.createTestItem('half', 'rounds half up', file);
      test.range = new vscode.Range(2, 0, 2, 6);
      tests.items.replace([test]);
      const run = tests.createTestRun(new vscode.TestRunRequest());
      run.failed(test, new vscode.TestMessage('Expected 2, found 3'));
      run.end();
      await vscode.commands.executeCommand('workbench.view.testing.focus');`);
    await page.keyboard.press('Escape');
    await chooseInMenu(window, wb.treeItem(/rounds half up/), 'Fix Failing Test with OpenExec');
    await startRow(window).waitFor();
    await row(/Task: Fix the failing test "rounds half up" in src\/discount\.js:3/).waitFor();
    await leave();
  });

  test('what is written in the message box of Source Control is a task', async () => {
    await stage.host.inHost(`const git = await vscode.extensions.getExtension('vscode.git').activate();
      const api = git.getAPI(1);
      while (api.repositories.length === 0) await new Promise((resolve) => api.onDidOpenRepository(resolve));
      api.repositories[0].inputBox.value = 'Round half up.\\n\\nSee the issue.';`);
    await window.wb.command('OpenExec: Start Run from Source Control Message');
    await startRow(window).waitFor();
    await row(/Task: Round half up\. See the issue\..*3 lines/).waitFor();
    await leave();
  });

  test('what was copied is a task', async () => {
    await stage.host.inHost(`await vscode.env.clipboard.writeText('Totals are a cent off.\\r\\nSteps: ask for ten.')`);
    await window.wb.command('OpenExec: Start Run from Clipboard');
    await startRow(window).waitFor();
    await row(/Task: Totals are a cent off\. Steps: ask for ten\..*2 lines/).waitFor();
    await leave();
    expect(await stage.runs()).toEqual([]);
  });

  test('nothing broke the content security policy, and no request left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});
