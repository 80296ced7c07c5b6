/** A person changes what the agent wants to do, in the window; the policy decides on that, and that is what is done. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shot } from '../host/lib.mjs';
import { callTools, type OpenAiServer, say, startOpenAiServer } from '../support/openaiServer';
import { eventRow, eventTitles, runRow, Stage, startRun, timeline, type Window } from './support/window';

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
    max_turns: 4
    result: { type: patch }
    on_success: lint
  lint:
    type: deterministic
    action: run_lint
    on_success: done
`;

/** The manifest decides which commands run: the policy asks a person before it is written. */
const WANTED = { path: 'package.json', content: '{}\n' };
const INSTEAD = { path: 'docs/note.md', content: 'A note.\n' };

describe('an approval that is edited in a real window', () => {
  let stage: Stage;
  let server: OpenAiServer;
  let window: Window;

  beforeAll(async () => {
    server = await startOpenAiServer(
      callTools([{ id: 'call_1', name: 'write_file', arguments: JSON.stringify(WANTED) }]),
      say('The note is written.'),
    );
    stage = await Stage.open({ settings: { 'openexec.model': 'openai-compatible:test-model' } });
    const machine = path.join(stage.host.userDataDir, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.baseUrl': server.baseUrl }));
    const folder = stage.sample();
    const blueprints = path.join(folder, '.openexec/blueprints');
    mkdirSync(blueprints);
    writeFileSync(path.join(blueprints, 'quick_note.yaml'), BLUEPRINT);
    window = await stage.window(folder);
  });
  afterAll(async () => {
    await stage?.close();
    await server?.close();
  });

  test('what is no JSON cannot be approved; what is written instead is done, and the run goes on with it', async () => {
    await startRun(window, 'Invoices with a discount: write a note on them.', 'A quick note');
    await runRow(window, 'waits for approval').waitFor();
    const view = await timeline(window);
    const card = view.locator('.approval');
    await card.getByRole('button', { name: 'Edit', exact: true }).click();
    const input = card.getByRole('textbox', { name: 'Input of the call, as JSON' });
    await input.fill('{');
    await expect.poll(() => card.getByRole('button', { name: 'Approve as Edited' }).isDisabled()).toBe(true);
    await input.fill(JSON.stringify(INSTEAD));
    await shot(window.page, 'approval-edited');
    await card.getByRole('button', { name: 'Approve as Edited' }).click();
    await runRow(window, 'succeeded').waitFor();
    await eventRow(view, 'write_file docs/note.md: done');
    expect((await eventTitles(view)).filter((title) => title.startsWith('Changed package.json'))).toEqual([]);
  });

  test('the model is told that a person changed its call', () => {
    expect(server.requests).toHaveLength(2);
    expect(JSON.stringify(server.requests[1]?.body)).toMatch(/person changed/i);
  });
});
