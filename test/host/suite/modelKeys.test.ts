/** A run that fails for its key: it goes through the proxy of VS Code, and nothing of the key is anywhere afterwards. */
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type Echoing, startEchoing } from '../support/echoingServer';
import { type Person, takePlace } from '../support/person';
import { type Api, cancelAll, keepTask, startRun, until } from '../support/runs';

const KEY = 'sk-canary-4b1d7f0e9c3a5268';
const TEAM = 'team-canary-77c0ffee1234';
const HOST = 'models.openexec.test';

suite('a run whose key is refused, at a server behind the proxy', () => {
  let api: Api;
  let echoing: Echoing;
  let person: Person;
  let ended = '';
  const settings = () => vscode.workspace.getConfiguration('openexec');

  suiteSetup(async () => {
    const { OPENEXEC_TEST_SERVER: server, OPENEXEC_TEST_PROXY: proxy } = process.env;
    echoing = await startEchoing({ server: Number(server), proxy: Number(proxy) });
    api = await (vscode.extensions.getExtension<Api>('openexec.openexec') as vscode.Extension<Api>).activate();
    await keepTask(api);
    await settings().update('model', 'gateway:any', vscode.ConfigurationTarget.Global);
    person = takePlace();
  });
  suiteTeardown(async () => {
    person?.leave();
    await cancelAll(api);
    for (const header of [undefined, 'X-Team']) await store(header, '');
    await settings().update('model', undefined, vscode.ConfigurationTarget.Global);
    echoing?.close();
  });

  /** Through the command, as a person does. */
  async function store(header: string | undefined, value: string): Promise<void> {
    const place = takePlace();
    place.pick(header === undefined ? 'gateway' : `gateway, header ${header}`);
    place.type(value);
    await vscode.commands.executeCommand('openexec.setApiKey', 'gateway');
    place.leave();
    assert.match(place.said.join('\n'), value === '' ? /was removed/ : /was stored/);
    assert.ok(!place.said.join('\n').includes(KEY));
  }

  test('before there is a key, the person is told whose is missing', async () => {
    await vscode.commands.executeCommand('openexec.testModel');
    await until(
      () => person.said.some((text) => text.includes('of gateway has no value')),
      () => `a word about the key; there were: ${person.said.join('\n')}`,
    );
    assert.deepEqual(echoing.asked, []);
  });

  test('the key and the header are set by the command, and the test of the connection sends them, through the proxy', async () => {
    await store(undefined, KEY);
    await store('X-Team', TEAM);
    person.press('Send Request');
    await vscode.commands.executeCommand('openexec.testModel');
    assert.equal(echoing.asked.length, 1, person.said.join('\n'));
    assert.equal(echoing.asked[0]?.authorization, `Bearer ${KEY}`);
    assert.equal(echoing.asked[0]?.['x-team'], TEAM);
    assert.match(echoing.passed[0] ?? '', new RegExp(HOST));
  });

  test('a run sends its request through the proxy, and ends', async () => {
    const run = await startRun(api);
    await until(
      async () => {
        const found = (await api.runs()).find(({ runId }) => runId === run);
        ended = `${found?.status}: ${found?.reason}`;
        return found?.status !== 'running' && found?.status !== 'waiting';
      },
      () => 'the run to end',
    );
    assert.match(ended, /^(failed|paused|stopped)/);
    assert.equal(echoing.asked.length, 2, ended);
    assert.equal(echoing.passed.length, 2);
  });

  test('nothing of the key is in what was said, nor in any file of the store and the logs', () => {
    const told = [...person.said, ended].join('\n');
    const folder = process.env.HOME ?? '';
    for (const secret of [KEY, TEAM]) {
      for (const form of formsOf(secret)) {
        assert.ok(!told.includes(form), `${form} was said`);
        assert.deepEqual(filesWith(form, folder), []);
      }
    }
    // The search would have found it: the server is named in what was said, in the record and in the log of OpenExec.
    assert.match(told, new RegExp(HOST));
    const files = filesWith(HOST, folder);
    assert.ok(
      files.some((file) => file.endsWith('journal.jsonl')),
      files.join(),
    );
    assert.ok(
      files.some((file) => file.endsWith('.log') && file.includes('OpenExec')),
      files.join(),
    );
  });
});

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('hex'),
  // Wherever in base64 it begins, these letters of it stay.
  ...[0, 1, 2].map((at) =>
    Buffer.from(`${' '.repeat(at)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  ),
];

/** The files below a folder that hold the text. */
function filesWith(text: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => bytesOf(file).includes(text));
}

/** Locks, and databases that are being written, may go while they are looked for; what they become is found. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
    return Buffer.alloc(0);
  }
}
