/** "Start Blueprint Run" with a task that was written elsewhere, as in the chat. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { CommandContext } from '../../../../src/vscode/commands/context';
import type { RunRequest } from '../../../../src/vscode/runs';
import { listedRun } from '../../../support/listedRun';

/** A person who picks rows by what they hold, and puts the question about the task away. */
const person = vi.hoisted(() => ({ picks: [] as string[], filledIn: [] as string[] }));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  type Item = { label: string };
  return {
    ...types,
    QuickPickItemKind: { Separator: -1 },
    QuickInputButtons: { Back: {} },
    ProgressLocation: { Window: 10 },
    commands: { executeCommand: async () => undefined },
    workspace: { isTrusted: true, workspaceFolders: [{ name: 'repo', uri: { scheme: 'file', fsPath: '/repo' } }] },
    window: {
      withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
      createInputBox: () => {
        const hides: (() => void)[] = [];
        const box = {
          value: '',
          onDidAccept: () => undefined,
          onDidChangeValue: () => undefined,
          onDidTriggerButton: () => undefined,
          onDidHide: (listener: () => void) => void hides.push(listener),
          dispose: () => undefined,
          show: () => {
            person.filledIn.push(box.value);
            for (const hide of hides) hide();
          },
        };
        return box;
      },
      createQuickPick: () => {
        const listeners = { accept: [] as (() => void)[], hide: [] as (() => void)[], back: [] as (() => void)[] };
        let items: Item[] = [];
        const run = (what: keyof typeof listeners) => listeners[what].forEach((listener) => void listener());
        const pick = {
          selectedItems: [] as Item[],
          get items() {
            return items;
          },
          set items(drawn: Item[]) {
            items = drawn;
            queueMicrotask(() => {
              const wanted = person.picks.shift();
              const one = drawn.find(({ label }) => wanted !== undefined && label.includes(wanted));
              pick.selectedItems = one === undefined ? [] : [one];
              run(wanted === 'Back' ? 'back' : one === undefined ? 'hide' : 'accept');
            });
          },
          onDidAccept: (listener: () => void) => void listeners.accept.push(listener),
          onDidHide: (listener: () => void) => void listeners.hide.push(listener),
          onDidTriggerButton: (listener: () => void) => void listeners.back.push(listener),
          onDidTriggerItemButton: () => undefined,
          hide: () => run('hide'),
          dispose: () => undefined,
          show: () => undefined,
        };
        return pick;
      },
    },
  };
});

const { startRun } = await import('../../../../src/vscode/commands/startRun');

beforeEach(() => Object.assign(person, { picks: [], filledIn: [] }));

function contextOf() {
  const started: RunRequest[] = [];
  const blueprint = { id: 'quick_fix', title: 'Quick fix', description: '', file: '', origin: 'shipped' };
  const model = { provider: 'openai', name: 'big', destination: 'api.openai.com', local: false };
  const context = {
    runs: {
      defaults: async () => ({
        ...{ blueprints: [{ ...blueprint, problems: [], warnings: [] }], model: 'openai:big', recordedTask: null },
      }),
      preview: async () => ({
        ...{ root: '/repo', model, bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95 } },
        ...{ budget: { modelCalls: 14, tokens: 120_000, minutes: 95 }, commands: [], servers: [], problem: null },
        plan: {
          ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 't', blueprint: 'quick_fix', zones: ['**'] },
          ...{ excluded: [], sensitivity: 'low', risk: [], route: 'cloud', confidence: 0.93, reasons: [] },
        },
        ...{ policy: { id: 'standard', source: 'shipped', layers: [] }, commandsHash: 'h' },
      }),
      start: async (request: RunRequest) => {
        started.push(request);
        return { runId: 'new', model, done: new Promise<void>(() => undefined) };
      },
      onDidAppend: () => ({ dispose: () => undefined }),
    },
    panels: { open: async () => undefined },
    memory: {
      get: (key: string) => (key === 'openexec.tasks' ? ['The last one'] : 'h'),
      update: async () => undefined,
    },
    log: { error: () => undefined },
  };
  return { context: context as unknown as CommandContext, started };
}

test('a task that is handed over is not asked about again, keeps its lines, and starts nothing before the person agrees', async () => {
  const { context, started } = contextOf();
  await startRun(context, { task: ' Mend it\nand test it ' });
  expect(started).toEqual([]);
  person.picks = ['Start'];
  await startRun(context, { task: ' Mend it\nand test it ' });
  expect(started).toMatchObject([{ task: 'Mend it\nand test it', blueprint: 'quick_fix', folder: '/repo' }]);
  expect(person.filledIn).toEqual([]);
});

test('one that goes back finds it filled in', async () => {
  person.picks = ['Back'];
  await startRun(contextOf().context, { task: 'Mend it' });
  expect(person.filledIn).toEqual(['Mend it']);
});

test.each([{}, { task: ' ' }, { task: 7 }, listedRun({ task: 'Of a run that is selected' }), undefined])(
  '%j hands over no task: the question comes as always',
  async (given) => {
    await startRun(contextOf().context, given);
    expect(person.filledIn).toEqual(['The last one']);
  },
);
