/** What can be wrong before a run: each gives one clear message with a next step, and nothing starts. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import {
  askForRun,
  chooseBlueprint,
  clearNotifications,
  runRow,
  runRows,
  Stage,
  startRun,
  type Window,
} from './support/window';

describe('bad input in the window', () => {
  let stage: Stage;
  let window: Window;
  /** A copy of the sample without its recording. */
  let folder: string;

  beforeAll(async () => {
    stage = await Stage.open();
    folder = stage.sample();
    rmSync(path.join(folder, '.openexec/cassettes'), { recursive: true });
  });
  afterAll(() => stage?.close());

  const button = (toast: string, name: string) => window.wb.toast(toast).getByRole('button', { name });
  /** In the same browser page, whose cache makes it quick. */
  const openFolder = (where: string) => window.wb.open(stage.host.url({ folder: where }));

  async function setSetting(name: string, value: string): Promise<void> {
    const code = `await vscode.workspace.getConfiguration('openexec').update(args.name, args.value, vscode.ConfigurationTarget.Global)`;
    await stage.host.inHost(code, { name, value });
  }

  test('no folder: the message says to open one', async () => {
    window = await stage.window();
    await window.wb.command('OpenExec: Start Blueprint Run');
    await window.wb.toast('No folder is open. Open a folder that is a git repository').waitFor();
    await button('No folder is open', 'Open Folder…').waitFor();
  });

  test('a folder without git: the message says which, and offers to make a repository', async () => {
    await openFolder(stage.sample({ git: false }));
    await askForRun(window);
    await window.wb.toast('is not a git repository').waitFor();
    await button('is not a git repository', 'Initialize Repository').waitFor();
    expect(await runRows(window).filter({ hasText: 'Invoices' }).count()).toBe(0);
  });

  test('a repository without a commit: the message says to make one', async () => {
    await openFolder(stage.sample({ commit: false }));
    await askForRun(window);
    await window.wb.toast('has no commit yet. Make a first commit').waitFor();
  });

  test('nothing configured: the input says so, and the message names the choices', async () => {
    await openFolder(folder);
    await window.wb.command('OpenExec: Start Blueprint Run');
    await window.wb.quickInput.getByText('No model is configured yet').waitFor();
    await window.page.keyboard.press('Escape');
    await askForRun(window, 'Mend it.');
    await window.wb.toast('No model is configured').waitFor();
    await button('No model is configured', 'Open Settings').waitFor();
    await button('No model is configured', 'Set API Key…').waitFor();
    await shot(window.page, 'problem-no-model');
  });

  test('an unknown provider: the message names it, and those there are', async () => {
    await setSetting('model', 'acme:frontier');
    await clearNotifications(window);
    await askForRun(window);
    await window.wb.toast(/There is no model provider "acme"\. Known providers: .*openai/).waitFor();
  });

  test('no key for a server elsewhere: the message offers to set one, and nothing is recorded or sent', async () => {
    await setSetting('model', 'openai:gpt-test');
    await clearNotifications(window);
    await askForRun(window);
    await button('There is no API key for', 'Set API Key…').click();
    await window.wb.quickInput
      .getByText(/^Set API Key/)
      .first()
      .waitFor();
    await window.page.keyboard.press('Escape');
    expect(await stage.runs()).toEqual([]);
  });

  test('a server that is down: the run fails and says which server could not be reached', async () => {
    const port = await closedPort();
    await setSetting('model', 'openai-compatible:any');
    await setSetting('baseUrl', `http://127.0.0.1:${port}/v1`);
    await clearNotifications(window);
    await startRun(window, 'Invoices with a discount are off.');
    await window.wb.toast(new RegExp(`the run failed: .*127\\.0\\.0\\.1:${port}`)).waitFor({ timeout: 60_000 });
    await runRow(window, 'failed').waitFor();
    await shot(window.page, 'problem-server-down');
  });

  test('a broken blueprint is in the list with line and column, and is refused', async () => {
    const blueprints = path.join(folder, '.openexec/blueprints');
    mkdirSync(blueprints, { recursive: true });
    writeFileSync(
      path.join(blueprints, 'broken.yaml'),
      'version: 1\nid: broken\ntitle: Broken\nstart: nowhere\nnodes: 7\n',
    );
    const { wb, page } = window;
    await clearNotifications(window);
    await askForRun(window);
    await chooseBlueprint(window);
    const row = wb.quickPickRow(/Cannot be started: .*broken\.yaml:\d+:\d+/);
    await row.waitFor();
    await shot(page, 'problem-broken-blueprint');
    await row.click();
    // The page stays as it was, and says why; what would have been started by Enter is not in front.
    await wb.quickPickRow(/Not Possible; Left as It Was.*broken\.yaml:\d+:\d+/).waitFor();
    await wb.quickPickRow(/Blueprint: Quick fix/).waitFor();
    await page.keyboard.press('Enter');
    await shot(page, 'problem-broken-blueprint-refused');
    await page.keyboard.press('Escape');
    await wb.quickInput.waitFor({ state: 'hidden' });
    expect(await stage.runs()).toHaveLength(1);
  });
});

/** A port of loopback where nothing listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
