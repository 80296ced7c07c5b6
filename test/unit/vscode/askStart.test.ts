/** The last question before a run: what a person changes of the plan, and what the start hands over. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { accepted, isAgreed } from '../../../src/core/gatekeeper/changes';
import type { Changed } from '../../../src/vscode/planRows';
import type { Requested } from '../../../src/vscode/requestRows';
import type { RunPreview } from '../../../src/vscode/runs';

/** A person who picks rows by what they begin with, ticks lists, and writes, in turn; undefined is to put it away. */
const person = vi.hoisted(() => ({
  picks: [] as (string | undefined)[],
  ticks: [] as (string[] | undefined)[],
  types: [] as (string | undefined)[],
  offered: [] as string[][],
}));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  type Item = { label: string };
  const take = (items: readonly Item[]): Item | undefined => {
    const wanted = person.picks.shift();
    return items.find(({ label }) => wanted !== undefined && label.includes(wanted));
  };
  return {
    ...types,
    FileType: { File: 1, Directory: 2 },
    QuickPickItemKind: { Separator: -1 },
    QuickInputButtons: { Back: {} },
    RelativePattern: class {},
    Uri: { file: (path: string) => ({ path, fsPath: path }) },
    workspace: {
      fs: {
        readDirectory: async () => [
          ['packages', 2],
          ['.git', 2],
          ['README.md', 1],
        ],
      },
      findFiles: async () =>
        ['packages/api', 'packages/web', ''].map((at) => ({ path: `/repo/${at}/package.json`.replace('//', '/') })),
    },
    window: {
      showInputBox: async () => person.types.shift(),
      showQuickPick: async (items: readonly Item[]) => take(items),
      createQuickPick: () => {
        const hides: (() => void)[] = [];
        const accepts: (() => void)[] = [];
        let items: Item[] = [];
        const pick = {
          canSelectMany: false,
          selectedItems: [] as Item[],
          get items() {
            return items;
          },
          // The person answers once they see something.
          set items(shown: Item[]) {
            items = shown;
            person.offered.push(shown.map(({ label }) => label));
            queueMicrotask(() => {
              const ticked = pick.canSelectMany ? person.ticks.shift() : undefined;
              const one = pick.canSelectMany ? undefined : take(shown);
              pick.selectedItems = one ? [one] : shown.filter(({ label }) => ticked?.includes(label) === true);
              if (pick.selectedItems.length > 0) accepts.forEach((listener) => void listener());
              pick.hide();
            });
          },
          onDidAccept: (listener: () => void) => void accepts.push(listener),
          onDidHide: (listener: () => void) => void hides.push(listener),
          onDidTriggerButton: () => undefined,
          hide: () => hides.forEach((listener) => void listener()),
          dispose: () => undefined,
          show: () => undefined,
        };
        return pick;
      },
    },
  };
});

const { askStart } = await import('../../../src/vscode/askStart');

const PREVIEW: RunPreview = {
  root: '/repo',
  model: { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false },
  bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95 },
  budget: { modelCalls: 14, tokens: 120_000, minutes: 95 },
  commands: [],
  servers: [],
  plan: {
    ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 'coding_backend', blueprint: 'quick_fix' },
    ...{ zones: ['packages/api/**'], excluded: [], sensitivity: 'low', risk: [], route: 'cloud' },
    ...{ confidence: 0.93, reasons: ['because'] },
  },
  problem: null,
  policy: { id: 'standard', source: 'shipped', layers: [] },
  commandsHash: 'h',
  shownHash: 'shown',
  plainTask: true,
};

async function start(preview: RunPreview = PREVIEW, changed: Changed = {}) {
  const memory = { get: () => 'h', update: async () => undefined, keys: () => [] };
  const requested: Requested = {
    ...{ task: 'Mend it', open: true, refused: null },
    blueprint: { title: 'Quick fix', by: 'last', suggestion: null },
  };
  const prepared = Promise.resolve({ seen: preview, requested });
  const answer = await askStart({ ...{ title: 't', step: 2, totalSteps: 2, memory, changed }, prepared });
  return answer?.kind === 'start' ? answer.agreed.changes : answer;
}

beforeEach(() => Object.assign(person, { picks: [], ticks: [], types: [], offered: [] }));

describe('a start', () => {
  test('hands over that the plan was seen as it is, so that the run does not ask about it again', async () => {
    person.picks = ['Start'];
    const changes = await start();
    expect(changes).toEqual({ by: 'person in VS Code', agreed: PREVIEW.plan });
  });

  test('hands over every change, and the plan with them', async () => {
    person.picks = ['Zones:', 'Sensitivity:', 'medium', 'Excluded:', 'Show Me What', 'Start'];
    person.ticks = [['packages/web/**', '$(add) Other Globs…']];
    person.types = ['docs', 'data, *.csv'];
    const changes = await start();
    if (changes === undefined || 'kind' in changes) throw new Error('it was not started');
    expect(changes).toMatchObject({
      zones: ['packages/web/**', 'docs/**'],
      sensitivity: 'medium',
      excluded: ['data/**', '*.csv'],
      showContext: true,
    });
    expect(isAgreed(accepted(PREVIEW.plan, changes).plan, changes)).toBe(true);
  });

  test('offers the packages and the folders of the repository, and never what holds its history', async () => {
    person.picks = ['Zones:', 'Start'];
    await start();
    expect(person.offered[1]).toEqual([
      'packages/api/**',
      'packages/web/**',
      'packages/**',
      '**',
      '$(add) Other Globs…',
    ]);
  });

  test('takes a change back when the person chooses what was proposed, or backs out', async () => {
    person.picks = [
      'Zones:',
      'Zones:',
      'Sensitivity:',
      'high',
      'Sensitivity:',
      'low',
      'Show Me',
      'Show Me',
      'Zones:',
      'Start',
    ];
    person.ticks = [['packages/web/**'], ['packages/api/**'], undefined];
    expect(await start()).toEqual({ by: 'person in VS Code', agreed: PREVIEW.plan });
  });

  test.each(['Task', 'Blueprint', 'Model', 'Policy'])(
    'leaves for another %s with what was changed so far',
    async (what) => {
      person.picks = ['Show Me', `${what}:`];
      const left = { kind: what.toLowerCase(), changed: { sensitivity: 'medium', showContext: true } };
      expect(await start(PREVIEW, { sensitivity: 'medium' })).toEqual(left);
    },
  );

  test('over a plan that should be looked at twice needs its own row', async () => {
    const risky = { ...PREVIEW, plan: { ...PREVIEW.plan, risk: ['exfiltration' as const] } };
    person.picks = ['Look Twice'];
    expect(await start(risky)).toBeUndefined();
    person.picks = ['Start Anyway'];
    expect(await start(risky)).toMatchObject({ agreed: { risk: ['exfiltration'] } });
  });
});
