/** A live OpenAI-compatible server drives a run in the window; the key reaches the server and nothing else. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { type Answer, callTools, type OpenAiServer, say, startOpenAiServer } from '../support/openaiServer';
import { QUICK_FIX } from '../support/sampleStories/quickFix';
import { answerInTimeline, eventRow, runRow, Stage, startRun, timeline, type Window } from './support/window';

const KEY = 'sk-e2e-6f1d0c5b9a7e4832';

describe('a run on a live server', () => {
  let stage: Stage;
  let server: OpenAiServer;
  let window: Window;
  let folder: string;

  beforeAll(async () => {
    server = await startOpenAiServer(...QUICK_FIX.beats.map(answerOf));
    stage = await Stage.open({ settings: { 'openexec.model': 'openai-compatible:test-model' } });
    // A setting of the machine is not taken from a user's settings in a remote window, nor ever from a folder's.
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.baseUrl': server.baseUrl }));
    folder = stage.sample();
    window = await stage.window(folder);
  });
  afterAll(async () => {
    await stage?.close();
    await server?.close();
  });

  test('the key is asked for as a password and stored', async () => {
    const { wb, page } = window;
    await wb.command('OpenExec: Set API Key…');
    // The provider of the chosen model comes first.
    await wb.quickPickRow('openai-compatible').waitFor();
    await page.keyboard.press('Enter');
    const input = wb.quickInput.locator('input[type=password]');
    await input.fill(KEY);
    await page.keyboard.press('Enter');
    await wb.toast('the API key was stored').waitFor();
  });

  test('the server’s replies drive the run to its end, and the window names the server', async () => {
    await startRun(
      window,
      'Invoices with a discount are sometimes a cent off. Find the cause and fix it.',
      'Quick fix',
    );
    await window.wb.toast('OpenExec run (openai-compatible:test-model)').waitFor();
    const view = await timeline(window);
    await answerInTimeline(view, 'Approve');
    await runRow(window, 'succeeded').waitFor();
    expect(server.requests).toHaveLength(QUICK_FIX.beats.length);
    expect(await view.getByText('Recorded model').count()).toBe(0);
    const sent = await eventRow(view, /^Sent /);
    expect(await sent.textContent()).toContain(new URL(server.baseUrl).host);
    await shot(window.page, 'run-live-model');
  });

  test('the key reaches the server', () => {
    for (const { headers } of server.requests) expect(headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('the key is nowhere in the stores, the logs, or what was sent to the model', () => {
    const found = filesWith(KEY, [stage.host.dir, folder]);
    expect(found).toEqual([]);
    expect(server.requests.filter(({ body }) => JSON.stringify(body).includes(KEY))).toEqual([]);
    // The search would have found it: the model's name, which is recorded, is there.
    expect(filesWith('test-model', stage.stores()).length).toBeGreaterThan(0);
  });
});

function answerOf({ step }: (typeof QUICK_FIX.beats)[number]): Answer {
  if (typeof step === 'function' || !('toolCalls' in step)) throw new Error('the story has replies only');
  return step.toolCalls.length === 0 ? say(step.text) : callTools(step.toolCalls);
}

/** The files below the folders that hold the text. */
function filesWith(text: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(text)),
  );
}
