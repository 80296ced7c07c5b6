/** Doing a run again with another model or under another policy, as a person goes through it. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandContext } from '../../../src/vscode/commands/context';
import type { ModelChoices, ModelRow } from '../../../src/vscode/models/models';
import type { RunPreview, RunRequest } from '../../../src/vscode/runs';
import { chain, origin } from '../../support/eventChain';

/** A person who picks rows by what they hold; `files` are chosen in dialogs, `presses` are buttons. */
const person = vi.hoisted(() => ({
  picks: [] as string[],
  files: [] as string[],
  presses: [] as (string | undefined)[],
  titles: [] as string[],
  shown: [] as { label: string; description?: string }[][],
  said: [] as string[],
  ran: [] as unknown[][],
}));
const window = vi.hoisted(() => ({ folders: ['/repo'], policy: 'standard', trusted: true }));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  type Item = { label: string };
  const take = (items: readonly Item[]): Item | undefined => {
    const at = items.findIndex(({ label }) => person.picks[0] !== undefined && label.includes(person.picks[0]));
    if (at >= 0) person.picks.shift();
    return items[at];
  };
  const say = async (text: string) => {
    person.said.push(text);
    return person.presses.shift();
  };
  return {
    ...types,
    QuickPickItemKind: { Separator: -1 },
    QuickInputButtons: { Back: {} },
    ProgressLocation: { Notification: 15, Window: 10 },
    commands: { executeCommand: async (...command: unknown[]) => void person.ran.push(command) },
    workspace: {
      get isTrusted() {
        return window.trusted;
      },
      get workspaceFolders() {
        return window.folders.map((path) => ({ name: path, uri: { scheme: 'file', fsPath: path } }));
      },
      getWorkspaceFolder: () => undefined,
      getConfiguration: () => ({ get: () => window.policy }),
    },
    window: {
      showInformationMessage: say,
      showWarningMessage: say,
      withProgress: (_options: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
      showOpenDialog: async () => person.files.splice(0, 1).map((fsPath) => ({ fsPath })),
      showQuickPick: async (items: readonly Item[], { title }: { title: string }) => {
        person.titles.push(title);
        person.shown.push([...items]);
        return take(items);
      },
      createQuickPick: () => {
        const hides: (() => void)[] = [];
        const accepts: (() => void)[] = [];
        let items: Item[] = [];
        const pick = {
          title: '',
          selectedItems: [] as Item[],
          activeItems: [] as Item[],
          get items() {
            return items;
          },
          set items(drawn: Item[]) {
            items = drawn;
            person.shown.push(drawn);
            queueMicrotask(() => {
              person.titles.push(pick.title);
              const one = take(drawn);
              pick.selectedItems = one === undefined ? [] : [one];
              if (one === undefined) pick.hide();
              else for (const listener of accepts) listener();
            });
          },
          onDidAccept: (listener: () => void) => void accepts.push(listener),
          onDidHide: (listener: () => void) => void hides.push(listener),
          onDidTriggerButton: () => undefined,
          onDidTriggerItemButton: () => undefined,
          hide: () => hides.forEach((listener) => void listener()),
          dispose: () => undefined,
          show: () => undefined,
        };
        return pick;
      },
    },
  };
});

const { rerunWithModel } = await import('../../../src/vscode/commands/rerunWithModel');
const { rerunUnderPolicy } = await import('../../../src/vscode/commands/rerunUnderPolicy');

beforeEach(() => {
  Object.assign(person, { picks: [], files: [], presses: [], titles: [], shown: [], said: [], ran: [] });
  Object.assign(window, { folders: ['/repo'], policy: 'standard', trusted: true });
});

const PREVIEW: RunPreview = {
  root: '/repo',
  model: { provider: 'openai', name: 'big', destination: 'api.openai.com', local: false },
  bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95 },
  budget: { modelCalls: 14, tokens: 120_000, minutes: 95 },
  commands: [],
  servers: [],
  plan: {
    ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 't', blueprint: 'quick_fix', zones: ['**'] },
    ...{ excluded: [], sensitivity: 'low', risk: [], route: 'cloud', confidence: 0.93, reasons: [] },
  },
  problem: null,
  policy: { id: 'standard', source: 'shipped', layers: [] },
  commandsHash: 'h',
  shownHash: 'shown',
  plainTask: true,
};
const row = (spec: string): ModelRow => ({
  ...{ spec, provider: 'openai', title: spec, group: 'openai', destination: 'api.openai.com', local: false },
  ...{ contextTokens: null, price: null, priceDate: null, keyMissing: false, note: null },
});
const CHOICES: ModelChoices = {
  rows: [row('openai:big'), row('recorded:sample')],
  ...{ servers: [], current: 'openai:big', otherwise: null },
};

const BLUEPRINT = { description: '', file: '', origin: 'shipped', problems: [], warnings: [] };

/** A window with one run, of the folder `/repo`, and what was previewed, started and remembered. */
function contextOf(known: readonly string[] = ['quick_fix', 'research']) {
  const previewed: RunRequest[] = [];
  const started: RunRequest[] = [];
  const remembered: string[] = [];
  const [first] = chain('old', [origin()]);
  const context = {
    runs: {
      event: async () => first,
      list: async () => [
        {
          ...{ runId: 'old', task: 'Mend the discount', status: 'succeeded', model: 'recorded:sample' },
          ...{ blueprint: 'quick_fix', startedAt: '2026-01-31T12:00:00.000Z' },
        },
      ],
      policies: async () => ['read_only', 'standard', 'strict'].map((id) => ({ id, description: `the ${id} one` })),
      defaults: async (_folder: string, model?: string) => ({
        blueprints: known.map((id) => ({ id, ...BLUEPRINT, title: id })),
        ...{ model: model ?? 'set', recordedTask: null },
      }),
      preview: async (request: RunRequest) => {
        previewed.push(request);
        return PREVIEW;
      },
      start: async (request: RunRequest) => {
        started.push(request);
        return { runId: 'new', model: PREVIEW.model, done: Promise.resolve() };
      },
      onDidAppend: () => ({ dispose: () => undefined }),
    },
    models: { choices: async () => CHOICES },
    panels: { open: async (runId: string) => void person.ran.push(['opened', runId]) },
    memory: {
      get: () => 'h',
      update: async (key: string) => void remembered.push(key),
      keys: () => [],
    },
    log: { error: () => undefined },
  };
  return { context: context as unknown as CommandContext, previewed, started, remembered };
}

describe('a run with another model', () => {
  test('is shown before it starts, with the task and the blueprint of the old one, and names it', async () => {
    const { context, previewed, started, remembered } = contextOf();
    person.picks = ['openai:big', 'Start'];
    await rerunWithModel(context, 'old');
    const request = { folder: '/repo', task: 'Mend the discount', blueprint: 'quick_fix', model: 'openai:big' };
    expect(previewed).toEqual([request]);
    expect(started).toMatchObject([{ ...request, parent: 'old', commandsHash: 'h' }]);
    expect(started[0]).not.toHaveProperty('policy');
    expect(person.titles).toEqual(['Re-run with Another Model', 'Re-run with openai:big']);
    expect(person.ran).toContainEqual(['opened', 'new']);
    // The person's own last task and blueprint stay what is filled in the next time.
    expect(remembered.filter((key) => key.startsWith('openexec.last'))).toEqual([]);
  });

  test('says which model the old run used, and not which is set', async () => {
    const { context, started } = contextOf();
    await rerunWithModel(context, 'old');
    const told = person.shown[0]?.filter(({ description }) => description?.includes('used by this run'));
    expect(told?.map(({ label }) => label)).toEqual([expect.stringContaining('recorded:sample')]);
    expect(started).toEqual([]);
  });

  test('is asked about in the palette, where no run is named', async () => {
    const { context, started } = contextOf();
    person.picks = ['Mend the discount', 'openai:big', 'Start'];
    await rerunWithModel(context);
    expect(started).toMatchObject([{ parent: 'old' }]);
  });

  test('goes by another blueprint, which the person chooses, where the old one is not there', async () => {
    const { context, started } = contextOf(['research']);
    person.picks = ['openai:big', 'research', 'Start'];
    await rerunWithModel(context, 'old');
    expect(started).toMatchObject([{ blueprint: 'research', parent: 'old' }]);
  });
});

describe('a run under another policy', () => {
  test('has the one that was chosen in the place of the one that is set', async () => {
    const { context, previewed, started } = contextOf();
    person.picks = ['strict', 'Start'];
    await rerunUnderPolicy(context, { runId: 'old' });
    expect(previewed).toMatchObject([{ policy: 'strict' }]);
    expect(started).toMatchObject([{ policy: 'strict', parent: 'old', task: 'Mend the discount' }]);
    expect(started[0]).not.toHaveProperty('model');
    expect(person.titles.at(-1)).toBe('Re-run under strict');
  });

  test('may have one in a file: that of the setting, or another', async () => {
    const { context, started } = contextOf();
    window.policy = '/policies/set.yaml';
    person.picks = ['set.yaml', 'Start'];
    await rerunUnderPolicy(context, 'old');
    person.picks = ['Choose a File', 'Start'];
    person.files = ['/policies/mine.yaml'];
    await rerunUnderPolicy(context, 'old');
    expect(started.map(({ policy }) => policy)).toEqual(['/policies/set.yaml', '/policies/mine.yaml']);
  });

  test('is offered the shipped ones although the setting names none', async () => {
    window.policy = 'no such/policy';
    await rerunUnderPolicy(contextOf().context, 'old');
    expect(person.shown[0]?.map(({ label }) => label)).toEqual([
      ...['read_only', 'standard', 'strict', '$(folder-opened) Choose a File…'],
    ]);
  });
});

describe('a folder that the run did not work on', () => {
  test('is asked about first, and nothing is started unless the person says so', async () => {
    const { context, started } = contextOf();
    window.folders = ['/elsewhere'];
    person.picks = ['strict', 'Start'];
    await rerunUnderPolicy(context, 'old');
    expect(started).toEqual([]);
    expect(person.said).toEqual(['This run worked on /repo. Do the same task on /elsewhere?']);
    person.presses = ['Re-run Here'];
    await rerunUnderPolicy(context, 'old');
    expect(started).toMatchObject([{ folder: '/elsewhere', parent: 'old' }]);
  });

  test('is no other one where it is a part of the repository', async () => {
    const { context, started } = contextOf();
    window.folders = ['/repo/packages/api'];
    person.picks = ['strict', 'Start'];
    await rerunUnderPolicy(context, 'old');
    expect(person.said).toEqual([]);
    expect(started).toMatchObject([{ folder: '/repo/packages/api' }]);
  });

  test('is refused in restricted mode, as any start', async () => {
    window.trusted = false;
    await expect(rerunUnderPolicy(contextOf().context, 'old')).rejects.toMatchObject({ code: 'untrusted' });
  });
});
