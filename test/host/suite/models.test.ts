/** VS Code's own models in the real host: an extension brings one, and the adapter and whole runs work with it. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Model, ModelFailure, ModelReply, ModelRequest } from '../../../src/core/ports/model';
import { watch } from '../../../src/node/models/shared/deadline';
import { estimateUsage } from '../../../src/node/models/shared/usage';
import { vscodeModels } from '../../../src/vscode/models/vscodeModels';
import { QUICK_FIX } from '../../support/sampleStories/quickFix';
import { type Api, cancelAll, keepTask, startRun, until } from '../support/runs';

type Step = 'silence' | { text?: string; call?: [string, string, object]; error?: string };
type Asked = {
  readonly messages: readonly { role: number; content: unknown[] }[];
  readonly options: { tools?: readonly object[] };
  readonly cancelled: boolean;
};
type TestModels = { answer(...answers: (readonly Step[])[]): void; requests(): readonly Asked[] };

const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', content: 'You fix bugs.' },
    { role: 'user', content: 'Fix it.' },
  ],
  tools: [{ name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: {} } }],
  maxOutputTokens: 1_000_000,
  signature: 'a'.repeat(64),
};

suite('models that VS Code offers', () => {
  let vendor: TestModels;
  let model: Model;

  suiteSetup(async () => {
    const found = vscode.extensions.getExtension<TestModels>('openexec.openexec-test-models');
    assert.ok(found, 'the extension with the test model is not there');
    vendor = await found.activate();
    const models = vscodeModels(vscode, { watch, estimate: estimateUsage, monotonic: () => performance.now() });
    await until(
      async () => (await models.list()).some(({ name }) => name === 'scripted-1'),
      () => 'VS Code to offer the test model',
    );
    const opened = await models.open('scripted');
    assert.ok(opened.ok);
    model = opened.value;
  });

  async function ask(options: { signal?: AbortSignal; onDelta?: () => void } = {}) {
    const deltas: string[] = [];
    const answer = await model.invoke(REQUEST, {
      signal: options.signal ?? new AbortController().signal,
      onDelta: ({ text }) => {
        deltas.push(text);
        options.onDelta?.();
      },
    });
    return { answer, deltas };
  }
  const reply = (answer: ModelReply | ModelFailure): ModelReply => {
    assert.equal(answer.kind, 'reply', JSON.stringify(answer));
    return answer as ModelReply;
  };

  test('a model is found by its family, with its window, and is never taken for local', () => {
    assert.deepEqual(model.id, {
      provider: 'vscode',
      name: 'scripted',
      destination: 'VS Code (openexec-test scripted)',
      local: false,
    });
    assert.deepEqual(model.facts, { contextTokens: 32_000, outputTokens: null, price: null });
  });

  test('text and calls stream out of another extension, counted and marked as estimated', async () => {
    vendor.answer([{ text: 'größer ' }, { text: '🐞' }, { call: ['a', 'read_file', { path: 'x' }] }]);
    const { answer, deltas } = await ask();
    const { text, toolCalls, stop, usage, costUsd } = reply(answer);
    assert.equal(text, 'größer 🐞');
    assert.equal(deltas.join(''), text);
    assert.deepEqual(toolCalls, [{ id: 'a', name: 'read_file', arguments: '{"path":"x"}' }]);
    assert.equal(stop, 'tools');
    assert.equal(usage.estimated, true);
    assert.equal(costUsd, null);
    const [asked] = vendor.requests();
    assert.deepEqual(
      asked?.messages.map(({ role }) => role),
      [1, 1],
    );
    assert.equal(asked?.options.tools?.length, 1);
  });

  test('a reply of 1 MB arrives whole', async () => {
    const piece = 'ä0123456789abcde'.repeat(1024);
    vendor.answer(Array.from({ length: 64 }, () => ({ text: piece })));
    assert.equal(reply((await ask()).answer).text, piece.repeat(64));
  });

  for (const [error, code] of [
    ['NoPermissions', 'consent'],
    ['Blocked', 'refused'],
    ['NotFound', 'not_found'],
    ['ChatQuotaExceeded', 'quota'],
    ['ChatRateLimited', 'rate_limited'],
    ['SomethingElse', 'server'],
  ] as const) {
    test(`the error ${error} of another process is ${code}`, async () => {
      vendor.answer([{ text: 'so' }, { error }]);
      const { answer } = await ask();
      assert.equal(answer.kind === 'failure' ? answer.code : JSON.stringify(answer), code);
    });
  }

  test('a cancelled request ends at the vendor as well', async () => {
    vendor.answer([{ text: 'so' }, 'silence']);
    const stop = new AbortController();
    const { answer } = await ask({ signal: stop.signal, onDelta: () => stop.abort() });
    assert.equal(answer.kind === 'failure' ? answer.code : '', 'cancelled');
    await until(
      () => vendor.requests()[0]?.cancelled === true,
      () => 'the vendor to be told',
    );
  });

  test('it is among what can be chosen, beside recordings, servers that are set, and the providers', async () => {
    const window = vscode.window as { createQuickPick: typeof vscode.window.createQuickPick };
    const real = window.createQuickPick;
    const open: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    window.createQuickPick = <T extends vscode.QuickPickItem>() => {
      const pick = real<T>();
      open.push(pick as never);
      return pick;
    };
    const chosen = vscode.commands.executeCommand('openexec.chooseModel');
    await until(
      () => (open[0]?.items.length ?? 0) > 0,
      () => 'the list of models',
    );
    const rows = (open[0]?.items ?? []).map(({ label, description, detail }) =>
      [label, description, detail].join(' | '),
    );
    open[0]?.hide();
    await chosen;
    window.createQuickPick = real;
    const shown = rows.join('\n');
    assert.match(
      shown,
      /Scripted One \| sends to VS Code \(openexec-test scripted\) \| cloud · 32,000 tokens of context · price not known/,
    );
    assert.match(shown, /device-desktop\) sample \| this machine \(recorded\).* \| local · .*costs nothing/);
    assert.match(shown, /claude-\S+ \| sends to api\.anthropic\.com \| cloud · .*\(20\d\d-\d\d\) · no key is set/);
    assert.match(shown, /List the Models of gateway… \| models\.openexec\.test/);
  });

  suite('a run', () => {
    let api: Api;
    const settings = () => vscode.workspace.getConfiguration('openexec');
    const extension = () => vscode.extensions.getExtension<Api>('openexec.openexec') as vscode.Extension<Api>;

    suiteSetup(async () => {
      api = await extension().activate();
      await keepTask(api);
      await settings().update('model', 'vscode:scripted-1', vscode.ConfigurationTarget.Global);
    });
    suiteTeardown(async () => {
      await cancelAll(api);
      await settings().update('model', undefined, vscode.ConfigurationTarget.Global);
    });

    test('is driven by it from the first request to the question of its result', async () => {
      vendor.answer(...QUICK_FIX.beats.map(({ step }) => stepsOf(step)));
      const run = await startRun(api, vscode.Uri.joinPath(extension().extensionUri, 'blueprints/quick_fix.yaml'));
      await until(
        async () => (await api.runs()).find(({ runId }) => runId === run)?.status === 'waiting',
        () => 'the run to wait for approval',
      );
      assert.equal(vendor.requests().length, QUICK_FIX.beats.length);
      assert.ok((vendor.requests()[0]?.options.tools?.length ?? 0) > 3);
    });
  });
});

function stepsOf(step: (typeof QUICK_FIX.beats)[number]['step']): Step[] {
  if (typeof step === 'function' || !('toolCalls' in step)) throw new Error('the story has replies only');
  const calls = step.toolCalls.map(({ id, name, arguments: text }) => ({
    call: [id, name, JSON.parse(text)] as [string, string, object],
  }));
  return [...(step.text === '' ? [] : [{ text: step.text }]), ...calls];
}
