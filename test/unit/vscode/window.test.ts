/** What a window gives to runs: the policy and the local model that are set, symbols of its providers, its ripgrep. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const window = vi.hoisted(() => ({
  policy: undefined as unknown,
  model: undefined as unknown,
  symbols: [] as unknown,
  asked: [] as unknown[][],
  appRoot: '',
}));

vi.mock('vscode', async () => ({
  ...(await import('../../support/editorTypes')),
  SymbolKind: { 11: 'Function' },
  env: {
    get appRoot() {
      return window.appRoot;
    },
  },
  workspace: {
    getConfiguration: () => ({ get: (name: string) => (name === 'gatekeeper.model' ? window.model : window.policy) }),
  },
  commands: {
    executeCommand: async (...command: unknown[]) => {
      window.asked.push(command);
      return window.symbols;
    },
  },
}));

const { gatekeeperModel, policySetting } = await import('../../../src/vscode/settings');
const { windowSymbols } = await import('../../../src/vscode/symbols');
const { editorsRipgrep } = await import('../../../src/vscode/ripgrep');
const { Uri, Range } = await import('../../support/editorTypes');

beforeEach(() => {
  Object.assign(window, { policy: undefined, model: undefined, symbols: [], asked: [], appRoot: '' });
});

describe('the policy of new runs', () => {
  test('is standard where nothing is set', () => {
    expect(policySetting()).toBe('standard');
    window.policy = '  ';
    expect(policySetting()).toBe('standard');
  });

  test('is the one that is set: an id, or the absolute path of a file', () => {
    window.policy = ' strict ';
    expect(policySetting()).toBe('strict');
    window.policy = path.resolve('/somewhere/policy.yaml');
    expect(policySetting()).toBe(window.policy);
  });

  test.each(['policies/mine.yaml', '../up.yaml', './here', 7, ['strict']])(
    'is refused in one line when it is %j: a run must not start under another one',
    (value) => {
      window.policy = value;
      expect(() => policySetting()).toThrow(/^The setting openexec\.policy .*names no policy\. Give the id.*$/);
    },
  );
});

describe('the local model of new runs', () => {
  test('is the shipped one where nothing is set', () => {
    expect(gatekeeperModel()).toBe('');
    window.model = '  ';
    expect(gatekeeperModel()).toBe('');
  });

  test('is that of the folder that is set, by its absolute path', () => {
    window.model = ` ${path.resolve('/models/mine')} `;
    expect(gatekeeperModel()).toBe(path.resolve('/models/mine'));
  });

  test.each(['models/mine', './mine', 'Xenova/bert-base-uncased', 'https://example.org/model', 7])(
    'is refused in one line when it is %j: a run must not be judged by another one than was meant',
    (value) => {
      window.model = value;
      expect(() => gatekeeperModel()).toThrow(
        /^The setting openexec\.gatekeeper\.model .*names no folder\. Give its.*$/,
      );
    },
  );
});

describe('the symbols of a window', () => {
  const symbol = (name: string, file: string, line = 0) => ({
    ...{ name, kind: 11 },
    location: { uri: Object.assign(Uri.file(file), { scheme: 'file' }), range: new Range(line, 0, line, 1) },
  });
  const find = (signal = new AbortController().signal) => windowSymbols.find('/repo', 'pay', signal);

  test('are those of its providers that lie in the repository, lines counted from 1', async () => {
    window.symbols = [
      symbol('pay', '/repo/src/pay.ts', 4),
      symbol('pay', '/usr/lib/pay.d.ts'),
      symbol('p', '/repo2/p.ts'),
    ];
    expect(await find()).toEqual([{ name: 'pay', kind: 'function', path: 'src/pay.ts', line: 5 }]);
    expect(window.asked).toEqual([['vscode.executeWorkspaceSymbolProvider', 'pay']]);
  });

  test('are none when no provider answers, and when nobody waits any more', async () => {
    window.symbols = undefined;
    expect(await find()).toEqual([]);
    window.symbols = new Promise(() => undefined);
    const control = new AbortController();
    const found = find(control.signal);
    control.abort();
    expect(await found).toEqual([]);
  });

  test('are bounded', async () => {
    window.symbols = Array.from({ length: 1000 }, (_, at) => symbol(`pay${at}`, '/repo/a.ts'));
    expect(await find()).toHaveLength(200);
  });
});

describe('the ripgrep of the editor', () => {
  let root = '';
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));
    window.appRoot = root;
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  test('is found where the editor unpacks it, and null where it is not there', () => {
    expect(editorsRipgrep()).toBeNull();
    const folder = path.join(root, 'node_modules.asar.unpacked', '@vscode', 'ripgrep', 'bin');
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, process.platform === 'win32' ? 'rg.exe' : 'rg');
    fs.writeFileSync(file, '');
    expect(editorsRipgrep()).toBe(file);
  });
});
