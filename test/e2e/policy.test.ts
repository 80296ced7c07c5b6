/**
 * What the policy decides, in a real window: a denial that is explained, a call that is allowed for the whole run, a
 * question of the model, a write with what it would change, and a policy that is changed afterwards.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameLocator, shot } from '../host/lib.mjs';
import { callTools, type OpenAiServer, say, startOpenAiServer } from '../support/openaiServer';
import {
  clearNotifications,
  eventRow,
  eventTitles,
  PATIENCE,
  pressOnToast,
  runRow,
  Stage,
  startRun,
  timeline,
  type Window,
} from './support/window';

const BLUEPRINT = `version: 1
id: quick_note
title: A quick note
description: One agent, and the linter.
toolset: coding_backend
start: write
nodes:
  write:
    type: agent
    goal: Do what the task asks.
    max_turns: 9
    result: { type: patch }
    on_success: lint
  lint:
    type: deterministic
    action: run_lint
    on_success: done
`;

/** Not one of the project's own commands, for it has an argument more: the policy asks a person. */
const COMMAND = { command: "node tools/lint.mjs 'src/allocate.js src/money.js'" };
const MANIFEST = { path: 'package.json', content: '{\n  "name": "tallybook",\n  "scripts": { "test": "true" }\n}\n' };
const QUESTION = 'Who gets the cent that is left over: the first line, or the last?';

const POLICY = `version: 1
id: team
description: What this team wants to see first.
rules:
  - id: docs-ask
    effect: ask
    capabilities: [repo_write]
    paths: ['docs/**']
    reason: The docs are for our customers; a person reads a change first.
`;

const calling = (id: string, name: string, input: object) =>
  callTools([{ id, name, arguments: JSON.stringify(input) }]);

describe('the policy in a real window', () => {
  let stage: Stage;
  let server: OpenAiServer;
  let window: Window;
  let folder: string;
  let view: FrameLocator;

  const card = () => view.locator('.approval');
  const selectedRow = () => view.locator('.event.is-selected .event-title');

  beforeAll(async () => {
    server = await startOpenAiServer(
      calling('call_1', 'read_file', { path: 'config/production.env' }),
      calling('call_2', 'run_command', COMMAND),
      calling('call_3', 'run_command', COMMAND),
      calling('call_4', 'ask_user', { question: QUESTION }),
      calling('call_5', 'write_file', MANIFEST),
      calling('call_6', 'write_file', { path: 'docs/note.md', content: 'The first line gets the cent.\n' }),
      say('The note is written.'),
    );
    stage = await Stage.open({ settings: { 'openexec.model': 'openai-compatible:test-model' } });
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.baseUrl': server.baseUrl }));
    folder = stage.sample();
    const blueprints = path.join(folder, '.openexec/blueprints');
    mkdirSync(blueprints);
    writeFileSync(path.join(blueprints, 'quick_note.yaml'), BLUEPRINT);
    window = await stage.window(folder);
  });
  afterAll(async () => {
    await stage?.close();
    await server?.close();
  });

  /** Dark and light, wide and narrow; nothing may be wider than its frame. */
  async function shots(name: string): Promise<void> {
    const { page } = window;
    for (const [theme, word] of [
      ['Default Light Modern', 'light'],
      ['Default Dark Modern', 'dark'],
    ] as const) {
      await stage.host.inHost(
        `await vscode.workspace.getConfiguration().update('workbench.colorTheme', args, vscode.ConfigurationTarget.Global)`,
        theme,
      );
      await view.locator(`body.vscode-${word}`).waitFor();
      await shot(page, `${name}-${word}-wide`);
      await page.setViewportSize({ width: 700, height: 800 });
      await expect.poll(() => overflow(view), PATIENCE).toBe(0);
      await shot(page, `${name}-${word}-narrow`);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  }

  test('a denial leads from its notification to the timeline, which explains it: all rules, and the one that won', async () => {
    await startRun(window, 'Invoices with a discount: write a note on them.', 'A quick note');
    await runRow(window, 'waits for approval').waitFor();
    await pressOnToast(window, 'OpenExec denied read_file config/production.env', 'Show in Timeline');
    view = await timeline(window);
    await selectedRow().filter({ hasText: 'Denied read_file config/production.env — secrets-never-read' }).waitFor();
    await view.getByText(/This rule comes from the policy that was chosen for the run: standard/).waitFor();
    // By key: the run's own notification covers a part of the page.
    await view.getByRole('button', { name: 'Explain this decision' }).press('Enter');
    const winner = view.locator('.explain tr.is-marked');
    await winner.waitFor();
    expect(await winner.count()).toBe(1);
    expect(await winner.innerText()).toMatch(/secrets-never-read\s.*deny\s.*yes, wins/s);
    expect(await view.locator('.explain tbody tr').count()).toBeGreaterThan(10);
  });

  test('a call that the policy asks about shows the words that the program would get', async () => {
    await card().getByText('Approval needed: run_command').waitFor();
    const words = card().getByRole('list', { name: 'Program and arguments, one by one' }).getByRole('listitem');
    await expect
      .poll(() => words.allTextContents(), PATIENCE)
      .toEqual(['node', 'tools/lint.mjs', 'src/allocate.js src/money.js']);
    await card().getByText('other-commands-ask').waitFor();
    await clearNotifications(window);
    await shots('approval-command');
  });

  test('allowed in this run, the same call word for word is not asked about again', async () => {
    await card().getByRole('button', { name: 'Allow in This Run' }).click();
    await view.getByText('The model asks you').waitFor();
    await eventRow(view, /^Approved by .*allowed in this run, see the approval/);
    const titles = await eventTitles(view);
    expect(titles.filter((title) => title.startsWith('Approval needed: run_command'))).toHaveLength(1);
    expect(titles.filter((title) => /^run_command .*exit code/.test(title))).toHaveLength(2);
  });

  test('what the model asks is answered in the timeline, and the model is told just that', async () => {
    await card().getByText(QUESTION).waitFor();
    expect(await card().getByRole('button', { name: 'Answer', exact: true }).isDisabled()).toBe(true);
    await shots('approval-question');
    await card().getByRole('textbox').fill('The first line, as in the ledger.');
    await card().getByRole('button', { name: 'Answer', exact: true }).click();
    await card().getByText('Approval needed: write_file package.json').waitFor();
    expect(JSON.stringify(server.requests[4]?.body.messages.at(-1))).toContain('The first line, as in the ledger.');
  });

  test('a write shows the lines that go and come; denied with a reason, the model is told why', async () => {
    const removed = card().locator('.line-minus');
    await removed.filter({ hasText: '"version": "0.4.0"' }).waitFor();
    await card().locator('.line-plus').filter({ hasText: '"scripts": { "test": "true" }' }).waitFor();
    await shots('approval-write');
    await card().getByRole('button', { name: 'Deny with Reason…' }).click();
    await card().getByRole('textbox', { name: 'Reason' }).fill('The tests must stay.');
    await card().getByRole('button', { name: 'Deny', exact: true }).click();
    await runRow(window, 'succeeded').waitFor();
    expect(JSON.stringify(server.requests[5]?.body.messages.at(-1))).toContain('The tests must stay.');
  });

  test('a policy that is changed after the run is said to be, and what became narrower', async () => {
    writeFileSync(path.join(folder, '.openexec/policy.yaml'), POLICY);
    const drift = view.getByRole('region', { name: 'Policy drift' });
    await drift.getByText('The policy has changed since this run').waitFor();
    await drift.getByRole('button').click();
    await drift
      .getByRole('listitem')
      .filter({ hasText: /docs\/.*: allowed, now asks a person by docs-ask/ })
      .first()
      .waitFor();
    await clearNotifications(window);
    await (await eventRow(view, 'Denied read_file config/production.env')).click();
    await shots('policy-drift');
  });

  test('nothing broke the content security policy, and no request left the machine', () => {
    expect(window.complaints).toEqual([]);
  });
});

/** By how many pixels the page is wider than its frame. */
const overflow = (view: FrameLocator): Promise<number> =>
  view.locator('html').evaluate((html) => Math.max(0, html.scrollWidth - html.clientWidth));
