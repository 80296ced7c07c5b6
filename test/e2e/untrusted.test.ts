/** Restricted mode: what is recorded can be looked at, nothing is run. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { Stage, type Window } from './support/window';

describe('in a folder that is not trusted', () => {
  let stage: Stage;
  let window: Window;

  beforeAll(async () => {
    stage = await Stage.open({ trust: true });
    window = await stage.window(stage.sample());
  });
  afterAll(() => stage?.close());

  test('the Runs view says why runs are disabled', async () => {
    await window.wb.activity('OpenExec').click();
    await window.page.getByText('Runs are disabled in restricted mode, because a run executes commands').waitFor();
    await window.page.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
  });

  test('a run is refused with the reason, and the message leads to the trust of the folder', async () => {
    const { wb, page } = window;
    await wb.command('OpenExec: Start Blueprint Run');
    const toast = wb.toast(
      'Runs are disabled in restricted mode, because a run executes commands that this folder declares',
    );
    await toast.waitFor();
    await shot(page, 'problem-untrusted');
    expect(await stage.runs()).toEqual([]);
    await toast.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await wb.command('OpenExec: Start Blueprint Run');
    await wb.quickInput.getByText('(1/2)').waitFor();
  });
});
