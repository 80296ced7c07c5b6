/**
 * The gatekeeper in a real window: a plan whose zones a person changes before the start, what will be sent with a file left
 * out of it, a call that lies outside of the zones, and zones that are widened while the run goes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, shot } from '../host/lib.mjs';
import { type Answer, callTools, type OpenAiServer, say, startOpenAiServer } from '../support/openaiServer';
import {
  askForRun,
  clearNotifications,
  eventRow,
  PATIENCE,
  pressOnToast,
  runRow,
  Stage,
  scrollToRow,
  startRow,
  timeline,
  type Window,
} from './support/window';

const BLUEPRINT = `version: 1
id: look_around
title: Look around
description: One agent with a context.
toolset: coding_backend
start: gather
nodes:
  gather: { type: deterministic, action: build_context, on_success: work, on_failure: fail }
  work: { type: agent, goal: Do what the task asks., inputs: [context], max_turns: 5, on_success: done, on_failure: fail }
`;

const FILES: Readonly<Record<string, string>> = {
  'packages/api/package.json': '{ "name": "@tally/api" }\n',
  'packages/api/src/discount.js': 'export const marker = "of the discount";\n',
  'packages/api/src/rates.js': 'export const marker = "of the rates";\n',
  'packages/web/package.json': '{ "name": "@tally/web" }\n',
  'packages/web/src/view.js': 'export const marker = "of the view";\n',
  '.openexec/blueprints/look_around.yaml': BLUEPRINT,
};
const TASK = 'Invoices with a discount: mend packages/api/src/discount.js and packages/api/src/rates.js';

const reading = (id: string): Answer =>
  callTools([{ id, name: 'read_file', arguments: JSON.stringify({ path: 'packages/web/src/view.js' }) }]);

describe('the gatekeeper in a real window', () => {
  let stage: Stage;
  let server: OpenAiServer;
  let window: Window;
  let view: FrameLocator;
  let goOn: () => void = () => undefined;

  const { shots, themed } = picturesOf(
    () => stage,
    () => window,
  );
  const card = () => view.locator('.approval');
  /** What a request said, as text. */
  const sent = (request: number): string => JSON.stringify(server.requests[request]?.body.messages);

  beforeAll(async () => {
    const widened = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    server = await startOpenAiServer(
      reading('call_1'),
      async (exchange) => {
        await widened;
        await reading('call_2')(exchange);
      },
      say('I have looked around.'),
    );
    stage = await Stage.open({ settings: { 'openexec.model': 'openai-compatible:test-model' } });
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.baseUrl': server.baseUrl }));
    const folder = stage.sample();
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    window = await stage.window(folder);
  });
  afterAll(async () => {
    goOn();
    await stage?.close();
    await server?.close();
  });

  test('the last step before a start shows the plan; its zones are changed, and a look at what is sent is asked for', async () => {
    const { wb, page } = window;
    await askForRun(window, TASK, 'Look around');
    await startRow(window).waitFor();
    await wb.quickPickRow(/^\s*Zones: /).click();
    await tickOnly(window, 'packages/api/**');
    await wb.quickPickRow(/Zones: packages\/api\/\*\*/).waitFor();
    await wb.quickPickRow('Show Me What Will Be Sent First').click();
    await wb.quickPickRow(/Show Me What Will Be Sent First.*yes/).waitFor();
    await themed('gatekeeper-start');
    await scrollToRow(window, 'Toolset: coding_backend');
    await page.mouse.wheel(0, -5000);
    await startRow(window).click();
  });

  test('what will be sent is listed file by file; one is left out, and the model never sees it', async () => {
    await runRow(window, 'waits for approval').waitFor();
    view = await timeline(window);
    await card()
      .getByRole('checkbox', { name: /packages\/api\/src\/discount\.js/ })
      .waitFor();
    await clearNotifications(window);
    await shots(view, 'gatekeeper-context');
    const boxes = card().getByRole('checkbox');
    const kept = card().getByRole('checkbox', { name: /discount\.js/ });
    for (let at = 0; at < (await boxes.count()); at += 1) {
      if ((await boxes.nth(at).and(kept).count()) > 0) continue;
      // By the keyboard, as somebody without a mouse does.
      await boxes.nth(at).focus();
      await window.page.keyboard.press('Space');
    }
    await card().getByRole('button', { name: 'Send 1 File', exact: true }).click();
    await server.request(0);
    expect(sent(0)).toContain('of the discount');
    expect(sent(0)).not.toContain('of the rates');
    await eventRow(view, /^Approved by person in VS Code, without .*packages\/api\/src\/rates\.js/);
  });

  test('a call outside of the zones is refused and says so; its notification leads to wider zones, which are confirmed', async () => {
    const { wb, page } = window;
    await server.request(1);
    expect(sent(1)).not.toContain('of the view');
    await (await eventRow(view, /^Denied read_file: packages\/web\/src\/view\.js is outside of the zones/)).click();
    await view.getByRole('button', { name: 'Widen Zones…' }).waitFor();
    await wb.toast('OpenExec denied read_file packages/web/src/view.js').waitFor();
    await shot(page, 'gatekeeper-denied');
    await shots(view, 'gatekeeper-outside');
    await pressOnToast(window, 'OpenExec denied read_file packages/web/src/view.js', 'Widen Zones…');
    await wb.quickPickRow(/^\s*packages\/web\/\*\*.*the package/).waitFor();
    await shot(page, 'gatekeeper-widen');
    await page.keyboard.press('Enter');
    await wb.dialog.getByText('Let the run work on packages/web/** as well?').waitFor();
    await wb.dialog.getByRole('button', { name: 'Widen' }).click();
    await wb.toast('from its next step on, the run may work on packages/web/** as well').waitFor();
    goOn();
    await server.request(2);
    expect(sent(2)).toContain('of the view');
    await eventRow(view, /^Zones widened by person in VS Code: packages\/web\/\*\*/);
    await runRow(window, 'succeeded').waitFor();
  });

  test('the plan is in the timeline with what it was made of', async () => {
    await clearNotifications(window);
    await (await eventRow(view, /^Plan: /)).click();
    await view.getByText(/^Looked at \d+ files/).waitFor();
    await shots(view, 'gatekeeper-plan');
    await eventRow(view, /^Plan accepted by person in VS Code: zones: packages\/api\/\*\*/);
  });

  test('nothing broke the content security policy, and no request left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});

/** Ticks one row of a list, adding no other, and accepts. */
async function tickOnly({ wb, page }: Window, label: string): Promise<void> {
  await wb.quickPickRow(label).first().waitFor();
  const all = wb.quickInput.getByRole('checkbox', { name: 'Toggle all checkboxes' });
  const isTicked = '[role="checkbox"][aria-checked="true"], input:checked';
  const ticked = wb.quickInput.locator('.monaco-list-row').locator(isTicked);
  const row = wb.quickPickRow(label).first();
  // A click on a list that is drawn anew at that moment may meet the row beside it: then it begins again.
  await expect
    .poll(async () => {
      const [mine, others] = [await row.locator(isTicked).count(), await ticked.count()];
      if (mine === 1 && others === 1) return true;
      await (others === 0 ? row : all).click();
      return false;
    }, PATIENCE)
    .toBe(true);
  await page.keyboard.press('Enter');
}

/** Takes pictures in light and dark: `shots` also narrow, where nothing may be wider than its frame. */
function picturesOf(stage: () => Stage, window: () => Window) {
  const inTheme = (theme: string): Promise<unknown> =>
    stage().host.inHost(
      `await vscode.workspace.getConfiguration().update('workbench.colorTheme', args, vscode.ConfigurationTarget.Global)`,
      theme,
    );
  const each = async (take: (word: string) => Promise<void>): Promise<void> => {
    for (const [theme, word] of [
      ['Default Light Modern', 'light'],
      ['Default Dark Modern', 'dark'],
    ] as const) {
      await inTheme(theme);
      await window()
        .page.locator(word === 'light' ? '.monaco-workbench.vs' : '.monaco-workbench.vs-dark')
        .waitFor();
      await take(word);
    }
  };
  return {
    themed: (name: string) =>
      each(async (word) => {
        const { page } = window();
        await shot(page, `${name}-${word}-wide`);
        await page.setViewportSize({ width: 700, height: 800 });
        await shot(page, `${name}-${word}-narrow`);
        await page.setViewportSize({ width: 1280, height: 800 });
      }),
    shots: (view: FrameLocator, name: string) =>
      each(async (word) => {
        const { page } = window();
        await view.locator(`body.vscode-${word}`).waitFor();
        await shot(page, `${name}-${word}-wide`);
        await page.setViewportSize({ width: 700, height: 800 });
        await expect.poll(() => overflow(view), PATIENCE).toBe(0);
        await shot(page, `${name}-${word}-narrow`);
        await page.setViewportSize({ width: 1280, height: 800 });
      }),
  };
}

/** By how many pixels the page is wider than its frame. */
const overflow = (view: FrameLocator): Promise<number> =>
  view.locator('html').evaluate((html) => Math.max(0, html.scrollWidth - html.clientWidth));
