/** Choosing a model, setting a key and testing a connection, as a person goes through them. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import type { ModelFailure, ModelReply } from '../../../../src/core/ports/model';
import type { CommandContext } from '../../../../src/vscode/commands/context';
import type { ModelChoices, ModelRow, ModelServer, Models } from '../../../../src/vscode/models/models';

/** What the person does, in turn, and what they were shown. */
const person = vi.hoisted(() => ({
  picks: [] as (string | undefined)[],
  types: [] as (string | undefined)[],
  presses: [] as (string | undefined)[],
  shown: [] as { label: string; description?: string; detail?: string }[][],
  said: [] as string[],
  modal: [] as string[],
  ran: [] as unknown[][],
  validate: undefined as ((text: string) => string | undefined) | undefined,
}));
const settings = vi.hoisted(() => ({
  folders: ['/repo'],
  inspected: {} as { globalValue?: string; workspaceValue?: string },
  updated: [] as unknown[][],
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  type Item = { label: string };
  const take = (items: readonly Item[]): Item | undefined => {
    const wanted = person.picks.shift();
    return items.find(({ label }) => wanted !== undefined && label.includes(wanted));
  };
  const say = async (text: string, ...more: unknown[]) => {
    const modal = typeof more[0] === 'object';
    (modal ? person.modal : person.said).push(modal ? `${text}\n${(more[0] as { detail: string }).detail}` : text);
    person.shown.push(more.filter((button) => typeof button === 'string').map((label) => ({ label })));
    return person.presses.shift();
  };
  return {
    ...types,
    QuickPickItemKind: { Separator: -1 },
    ConfigurationTarget: { Global: 1, Workspace: 2 },
    ProgressLocation: { Notification: 15 },
    commands: { executeCommand: async (...command: unknown[]) => void person.ran.push(command) },
    workspace: {
      get workspaceFolders() {
        return settings.folders.map((path) => ({ uri: { scheme: 'file', fsPath: path } }));
      },
      getConfiguration: () => ({
        inspect: () => settings.inspected,
        update: async (...change: unknown[]) => void settings.updated.push(change),
      }),
    },
    window: {
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      withProgress: (_options: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
      showInputBox: async ({ validateInput }: { validateInput: typeof person.validate }) => {
        person.validate = validateInput;
        return person.types.shift();
      },
      showQuickPick: async (items: readonly Item[]) => {
        person.shown.push([...items]);
        return take(items);
      },
      createQuickPick: () => {
        const hides: (() => void)[] = [];
        const accepts: (() => void)[] = [];
        let items: Item[] = [];
        let open = true;
        const pick = {
          selectedItems: [] as Item[],
          activeItems: [] as Item[],
          get items() {
            return items;
          },
          // The person answers once they see what they want; what is drawn anew is seen anew.
          set items(drawn: Item[]) {
            items = drawn;
            person.shown.push(drawn);
            setImmediate(() => {
              if (!open) return;
              const wanted = person.picks[0];
              const one = drawn.find(({ label }) => wanted !== undefined && label.includes(wanted));
              if (one !== undefined) {
                person.picks.shift();
                pick.selectedItems = [one];
                accepts.forEach((listener) => void listener());
              } else if (person.picks.length === 0) pick.hide();
            });
          },
          onDidAccept: (listener: () => void) => void accepts.push(listener),
          onDidHide: (listener: () => void) => void hides.push(listener),
          hide: () => {
            open = false;
            hides.forEach((listener) => void listener());
          },
          dispose: () => undefined,
          show: () => undefined,
        };
        return pick;
      },
    },
  };
});

const { chooseModel } = await import('../../../../src/vscode/commands/chooseModel');
const { setApiKey } = await import('../../../../src/vscode/commands/setApiKey');
const { doctor } = await import('../../../../src/vscode/commands/doctor');
const { testModel } = await import('../../../../src/vscode/commands/testModel');

beforeEach(() => {
  Object.assign(person, {
    picks: [],
    types: [],
    presses: [],
    shown: [],
    said: [],
    modal: [],
    ran: [],
    validate: undefined,
  });
  Object.assign(settings, { folders: ['/repo'], inspected: {}, updated: [] });
});

const ROW: ModelRow = {
  ...{
    spec: 'anthropic:big',
    provider: 'anthropic',
    title: 'big',
    group: 'anthropic',
    destination: 'api.anthropic.com',
  },
  ...{ local: false, contextTokens: 200_000, price: { input: 3, output: 15 }, priceDate: '2026-11' },
  ...{ keyMissing: false, note: null },
};
const NEAR: ModelServer = { provider: 'near', destination: 'this machine (127.0.0.1:1)', loopback: true };
const FAR: ModelServer = { provider: 'far', destination: 'models.example.com', loopback: false };
const rowOf = ({ provider, destination, loopback }: ModelServer, name: string): ModelRow => ({
  ...ROW,
  ...{ spec: `${provider}:${name}`, provider, title: name, group: provider, destination, local: loopback },
  ...{ contextTokens: null, price: null, priceDate: null },
});

type Given = Partial<ModelChoices> & { readonly models?: Partial<Models> };

function contextOf({ models, ...choices }: Given = {}) {
  const logged: string[] = [];
  const asked: string[] = [];
  const stored: unknown[][] = [];
  const all: Partial<Models> = {
    choices: async () => ({ rows: [ROW], servers: [], current: null, otherwise: null, ...choices }),
    ask: async (server) => {
      asked.push(server.provider);
      return [rowOf(server, 'llama')];
    },
    storeKey: async (...args) => void stored.push(args),
    ...models,
  };
  const log = { info: (line: string) => void logged.push(line), warn: (line: string) => void logged.push(line) };
  return { context: { models: all, log } as unknown as CommandContext, logged, asked, stored };
}

describe('Choose Model…', () => {
  test('says of each model whether it is local, its context, its price, and where it would send data', async () => {
    const local = { ...rowOf(NEAR, 'small'), contextTokens: 8_192, price: { input: 0, output: 0 } };
    const unknown = { ...rowOf(FAR, 'big'), keyMissing: true, note: 'new' };
    await chooseModel(contextOf({ rows: [ROW, local, unknown], current: 'near:small' }).context);
    const [rows = []] = person.shown;
    const textOf = (title: string) => rows.find(({ label }) => label.endsWith(title) && !label.startsWith('$(s'));
    expect(rows.find(({ description }) => description === 'sends to api.anthropic.com')).toMatchObject({
      label: '$(cloud) big',
      detail: 'cloud · 200,000 tokens of context · $3 in, $15 out for a million tokens (2026-11)',
    });
    expect(textOf('small')).toMatchObject({
      label: '$(device-desktop) small',
      description: 'this machine (127.0.0.1:1) · used now',
      detail: 'local · 8,192 tokens of context · costs nothing',
    });
    expect(rows.find(({ description }) => description === 'sends to models.example.com')?.detail).toBe(
      'cloud · context not known · price not known · no key is set · new',
    );
  });

  test('what others call their models is no icon', async () => {
    await chooseModel(contextOf({ rows: [rowOf(FAR, '$(zap) $(x)\u202e')] }).context);
    expect(person.shown[0]?.[1]?.label).toMatch(/^\$\(cloud\) \$ \(zap\) \$ \(x\)⟨U\+202E/);
  });

  test('the choice is the workspace’s default', async () => {
    person.picks = ['big'];
    await chooseModel(contextOf().context);
    expect(settings.updated).toEqual([['model', 'anthropic:big', 2]]);
    expect(person.said[0]).toContain('new runs of this workspace use anthropic:big');
    expect(person.shown.at(-1)).toEqual([{ label: 'Test Connection' }]);
  });

  test('where no folder is open, it is the person’s', async () => {
    settings.folders = [];
    person.picks = ['big'];
    await chooseModel(contextOf().context);
    expect(settings.updated).toEqual([['model', 'anthropic:big', 1]]);
  });

  test('nothing is written for what would be used anyway: a settings file changes the folder', async () => {
    person.picks = ['big'];
    await chooseModel(contextOf({ otherwise: 'anthropic:big' }).context);
    settings.inspected = { globalValue: 'anthropic:big' };
    person.picks = ['big'];
    await chooseModel(contextOf({ otherwise: 'recorded:x' }).context);
    expect(settings.updated).toEqual([]);
    settings.inspected = { workspaceValue: 'openai:other' };
    person.picks = ['big'];
    await chooseModel(contextOf({ otherwise: 'anthropic:big' }).context);
    expect(settings.updated).toEqual([['model', undefined, 2]]);
  });

  test('a key that is missing can be set in the next step', async () => {
    person.picks = ['big'];
    person.presses = ['Set API Key…'];
    await chooseModel(contextOf({ rows: [{ ...ROW, keyMissing: true }] }).context);
    expect(person.said[0]).toContain('It needs a key for api.anthropic.com, and none is set');
    expect(person.ran).toEqual([['openexec.setApiKey', 'anthropic']]);
  });

  test('a server of this machine is asked at once, another when the person says so; what both say can be chosen', async () => {
    const { context, asked } = contextOf({ rows: [], servers: [NEAR, FAR] });
    person.picks = ['List the Models of far', 'llama'];
    await chooseModel(context);
    expect(asked).toEqual(['near', 'far']);
    expect(settings.updated).toHaveLength(1);
  });

  test('a server that does not answer says why, and can be asked again', async () => {
    const ask = async () => {
      throw new OpenExecError('config_invalid', 'There is no connection to near.');
    };
    await chooseModel(contextOf({ rows: [], servers: [NEAR], models: { ask } }).context);
    const failed = person.shown.at(-1)?.find(({ label }) => label.includes('near'));
    expect(failed?.detail).toBe('$(warning) There is no connection to near.');
  });

  test('with nothing configured there is still a way on: a name, a key, a server', async () => {
    person.picks = ['Write a Name…'];
    person.types = [' openai:newest '];
    await chooseModel(contextOf({ rows: [] }).context);
    expect(settings.updated).toEqual([['model', 'openai:newest', 2]]);
    expect(person.validate?.('newest')).toBe('Write it as provider:name.');
    expect(person.validate?.('openai:newest')).toBeUndefined();
    person.picks = ['Set API Key…'];
    await chooseModel(contextOf({ rows: [] }).context);
    person.picks = ['Add a Server…'];
    await chooseModel(contextOf({ rows: [] }).context);
    expect(person.ran.slice(-2)).toEqual([
      ['openexec.setApiKey'],
      ['workbench.action.openSettings', 'openexec.models'],
    ]);
  });
});

describe('Set API Key…', () => {
  const place = (provider: string, header?: string) => ({
    ...{ provider, destination: `${provider}.example.com`, isSet: false },
    ...(header === undefined ? {} : { header }),
  });
  const keyPlaces = async () => [place('anthropic'), place('gate'), place('gate', 'X-Team')];

  test('asks whose, then for the key as a password, and stores it', async () => {
    const { context, stored } = contextOf({ models: { keyPlaces } });
    person.picks = ['gate, header X-Team'];
    person.types = ['blue team'];
    await setApiKey(context);
    expect(stored).toEqual([[place('gate', 'X-Team'), 'blue team']]);
    expect(person.said).toEqual(['OpenExec: gate, header X-Team: the API key was stored.']);
  });

  test('does not ask whose when it is told, unless there are several', async () => {
    const { context, stored } = contextOf({ models: { keyPlaces } });
    person.types = ['', 'k'];
    await setApiKey(context, 'anthropic');
    expect(person.said).toEqual(['OpenExec: anthropic: the API key was removed.']);
    person.picks = ['gate'];
    await setApiKey(context, 'gate');
    expect(stored).toEqual([
      [place('anthropic'), ''],
      [place('gate'), 'k'],
    ]);
  });

  test('what cannot be a key is refused where it is typed, and not repeated', async () => {
    person.types = [undefined];
    await setApiKey(contextOf({ models: { keyPlaces } }).context, 'anthropic');
    expect(person.validate?.('sk-canary')).toBeUndefined();
    for (const wrong of ['two words', 'größe', 'a\nb']) {
      expect(person.validate?.(wrong)).toMatch(/plain ASCII/);
      expect(person.validate?.(wrong)).not.toContain(wrong);
    }
    expect(person.said).toEqual([]);
  });
});

describe('Test Model Connection', () => {
  const id = { provider: 'anthropic', name: 'big', destination: 'api.anthropic.com', local: false };
  const usage = { input: 12, output: 1, cached: 0, estimated: false };
  const REPLY: ModelReply = {
    ...{ kind: 'reply', text: 'ready', toolCalls: [], usage, costUsd: 0.0001, stop: 'end', ms: 900, firstTokenMs: 320 },
  };

  test('asks before it costs, and says where it went, how long it took and what it cost', async () => {
    person.presses = ['Send Request'];
    await testModel(contextOf({ models: { chosen: async () => id, test: async () => REPLY } }).context);
    expect(person.modal[0]).toMatch(/anthropic:big.*\n.*sent to api\.anthropic\.com.*\n\n.*may cost/);
    expect(person.said).toEqual([
      'OpenExec: anthropic:big answered. api.anthropic.com; first token after 320 ms, all after 900 ms; 12 tokens in, 1 out; cost $0.0001.',
    ]);
  });

  test('sends nothing when the person says no', async () => {
    const test = async () => expect.unreachable();
    await testModel(contextOf({ models: { chosen: async () => id, test } }).context);
    expect(person.said).toEqual([]);
  });

  test('a model of this machine is asked without a question; a cost that is not known is said so', async () => {
    const reply = { ...REPLY, costUsd: null, firstTokenMs: null, usage: { ...usage, estimated: true } };
    const models = { chosen: async () => ({ ...id, local: true }), test: async () => reply };
    await testModel(contextOf({ models }).context);
    expect(person.modal).toEqual([]);
    expect(person.said[0]).toMatch(/it said nothing.*out \(estimated\); cost not known\.$/);
  });

  test('a recording has no connection', async () => {
    const models = {
      chosen: async () => ({ ...id, provider: 'recorded', local: true }),
      test: async () => expect.unreachable(),
    };
    await testModel(contextOf({ models }).context);
    expect(person.said[0]).toContain('there is no connection to test');
  });

  test.each([
    ['unauthorized', 'Set API Key…', ['openexec.setApiKey', 'anthropic']],
    ['consent', 'Test Again', ['openexec.testModel']],
    ['not_found', 'Choose Model…', ['openexec.chooseModel']],
    ['connection', 'Open Proxy Settings', ['workbench.action.openSettings', 'http.proxy']],
    ['stalled', 'Open Settings', ['workbench.action.openSettings', 'openexec.models']],
    ['server', 'Test Again', ['openexec.testModel']],
  ] as const)('a failure (%s) is said in its line, with a way on: %s', async (code, button, command) => {
    const failure: ModelFailure = { kind: 'failure', code, message: 'It is so. Do this.', retryable: false, ms: 1 };
    person.presses = ['Send Request', button];
    await testModel(contextOf({ models: { chosen: async () => id, test: async () => failure } }).context);
    expect(person.said).toEqual(['OpenExec: It is so. Do this.']);
    expect(person.shown.at(-1)?.map(({ label }) => label)).toContain(button);
    expect(person.ran).toEqual([command]);
  });
});

describe('Check Setup', () => {
  const shown = async (...checks: { name: string; ok: boolean; detail: string }[]) => {
    const texts: string[] = [];
    const documents = { show: async (...[, , text]: [string, string, string]) => void texts.push(text) };
    await doctor({ runs: { doctor: async () => checks }, documents } as unknown as CommandContext);
    return texts.join();
  };

  test('shows what is missing before what is there', async () => {
    const text = await shown(
      { name: 'git', ok: true, detail: 'git 2' },
      { name: 'model', ok: false, detail: 'No key.' },
    );
    expect(text).toContain('Some of what a run needs is missing.');
    expect(text.indexOf('**not ok** **model**: No key.')).toBeLessThan(text.indexOf('ok **git**: git 2'));
  });

  test('says so where nothing is missing', async () => {
    expect(await shown({ name: 'git', ok: true, detail: 'git 2' })).toContain('Everything that a run needs is there.');
  });
});
