/** The questions before a run as a whole: what leads where, and that nothing a person did is lost on the way. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../src/core/kernel/errors';
import type { RunPreview } from '../../../src/vscode/runs';

type Item = { readonly label: string; readonly description?: string; readonly detail?: string };
type Pick = {
  title: string;
  items: Item[];
  activeItems: Item[];
  choose(label: string): void;
  escape(): void;
  back(): void;
};
const shown = vi.hoisted(() => ({ picks: [] as Pick[], policy: '' }));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  const back = {};
  const createQuickPick = () => {
    const [accepts, hides, presses]: ((button?: unknown) => void)[][] = [[], [], []];
    const tell = (listeners: typeof accepts, button?: unknown) =>
      listeners?.forEach((listener) => void listener(button));
    let active: Item[] = [];
    const pick = {
      ...{ title: '', items: [] as Item[], selectedItems: [] as Item[] },
      get activeItems() {
        return active;
      },
      // As in VS Code: without an active row Enter chooses nothing.
      set activeItems(items: Item[]) {
        if (items.length === 0) throw new Error('no row is in front');
        active = items;
      },
      onDidAccept: (listener: () => void) => void accepts?.push(listener),
      onDidHide: (listener: () => void) => void hides?.push(listener),
      onDidTriggerButton: (listener: () => void) => void presses?.push(listener),
      onDidTriggerItemButton: () => undefined,
      show: () => void shown.picks.push(pick),
      hide: () => tell(hides ?? []),
      dispose: () => undefined,
      choose(label: string) {
        pick.selectedItems = pick.items.filter((item) => item.label.includes(label)).slice(0, 1);
        if (pick.selectedItems.length === 0) throw new Error(`${label} is not offered`);
        tell(accepts ?? []);
      },
      escape: () => tell(hides ?? []),
      back: () => tell(presses ?? [], back),
    };
    return pick;
  };
  return {
    ...types,
    QuickInputButtons: { Back: back },
    QuickPickItemKind: { Separator: -1 },
    window: {
      createQuickPick,
      showQuickPick: async (items: Item[]) => items.find(({ label }) => label.includes(shown.policy)),
      createInputBox: () => {
        throw new Error('the task was asked for');
      },
    },
  };
});

const { askForRun } = await import('../../../src/vscode/startFlow');

const PREVIEW: RunPreview = {
  root: '/repo',
  model: { provider: 'openai', name: 'm', destination: 'api.openai.com', local: false },
  bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95 },
  budget: { modelCalls: 14, tokens: 120_000, minutes: 95 },
  commands: [],
  servers: [],
  plan: {
    ...{ mode: 'task', intent: 'bugfix', surface: 'backend', toolset: 'coding_backend', blueprint: 'quick_fix' },
    ...{ zones: ['**'], excluded: [], sensitivity: 'low', risk: [], route: 'cloud' },
    ...{ confidence: 0.93, reasons: ['because'] },
  },
  problem: null,
  policy: { id: 'standard', source: 'shipped', layers: [] },
  commandsHash: 'h',
  shownHash: 'shown',
  plainTask: true,
};
const choice = (id: string) => ({
  ...{ id, title: id, description: '', file: `/x/${id}.yaml`, origin: 'shipped', problems: [], warnings: [] },
});

type Wanted = { readonly task: string; readonly blueprint: string; readonly policy?: string };

/** Questions about a task that was handed over; `asked` are the previews that were made. */
function begun(preview: (wanted: Wanted) => Promise<RunPreview>) {
  const kept = new Map<string, unknown>();
  const memory = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => kept.set(key, value),
  };
  const asked: Wanted[] = [];
  const done = askForRun({
    ...{ folder: '/repo', task: 'Fix the rounding', documents: {}, memory },
    defaults: { blueprints: [choice('quick_fix'), choice('standard_change')], model: 'openai:m', recordedTask: null },
    preview: (wanted: Wanted) => {
      asked.push(wanted);
      return preview(wanted);
    },
    others: { models: {}, policies: async () => [{ id: 'strict', description: '', origin: 'shipped', file: '/p' }] },
  } as never);
  return { done, asked, kept };
}

/** The page, once it shows its rows; `nth` counts those that were shown. */
async function page(nth: number): Promise<Pick> {
  await vi.waitFor(() => expect(shown.picks[nth - 1]?.items.length).toBeGreaterThan(0));
  return shown.picks[nth - 1] as Pick;
}
const labels = (pick: Pick): string[] => pick.items.map(({ label }) => label);

beforeEach(() => {
  shown.picks.length = 0;
  shown.policy = '';
});

describe('the questions before a run', () => {
  test('end with what was shown, and remember the task', async () => {
    const { done, kept } = begun(async () => PREVIEW);
    (await page(1)).choose('Start');
    expect(await done).toMatchObject({
      ...{ task: 'Fix the rounding', blueprint: 'quick_fix', commandsHash: 'h', shownHash: 'shown' },
      changes: { agreed: PREVIEW.plan },
    });
    expect(kept.get('openexec.tasks')).toEqual(['Fix the rounding']);
  });

  test('remember no task that its record will not hold as it is', async () => {
    const { done, kept } = begun(async () => ({ ...PREVIEW, plainTask: false }));
    (await page(1)).escape();
    expect(await done).toBeUndefined();
    expect(kept.get('openexec.tasks')).toBeUndefined();
  });

  test('are over at once when a person leaves while the page is made, whatever comes of it later', async () => {
    let fail: (error: Error) => void = () => undefined;
    const { done } = begun(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    await vi.waitFor(() => expect(shown.picks).toHaveLength(1));
    shown.picks[0]?.escape();
    expect(await done).toBeUndefined();
    fail(new OpenExecError('blueprint_unfit', 'no tests command'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(shown.picks).toHaveLength(1);
  });

  test('leave the page as it was, and say why, when what was chosen on it is refused', async () => {
    const { done } = begun(async ({ policy }) => {
      if (policy !== undefined) throw new OpenExecError('policy_invalid', 'strict.yaml:3:1: no rules');
      return PREVIEW;
    });
    (await page(1)).choose('Show Me What Will Be Sent First');
    shown.policy = 'strict';
    (await page(2)).choose('Policy: ');
    // The third is the page that could not be made.
    const again = await page(4);
    expect(again.items[0]).toMatchObject({ detail: 'strict.yaml:3:1: no rules' });
    expect(labels(again).join('\n')).toContain('Policy: standard');
    expect(again.items.find(({ label }) => label.includes('Show Me'))?.description).toMatch(/^yes/);
    again.choose('Start');
    expect(await done).toMatchObject({ changes: { showContext: true }, shownHash: 'shown' });
    expect(await done).not.toHaveProperty('policy');
  });

  test('make the page once for the same answers', async () => {
    const { done, asked } = begun(async () => PREVIEW);
    shown.policy = 'none of them';
    (await page(1)).choose('Policy: ');
    (await page(2)).choose('Policy: ');
    (await page(3)).escape();
    await done;
    expect(asked).toHaveLength(1);
  });

  test('have the row that was answered in front, so that a second Enter starts nothing', async () => {
    const { done } = begun(async () => PREVIEW);
    (await page(1)).choose('Show Me What Will Be Sent First');
    const again = await page(2);
    expect(again.activeItems.map(({ label }) => label)).toEqual([
      expect.stringContaining('Show Me What Will Be Sent First'),
    ]);
    again.escape();
    await done;
  });

  test('ask for another blueprint where none that nobody chose can be used, and forget why once one can', async () => {
    let fits = false;
    const { done } = begun(async () => {
      if (!fits) throw new OpenExecError('blueprint_unfit', 'there is no tests command');
      return PREVIEW;
    });
    await vi.waitFor(() => expect(shown.picks).toHaveLength(2));
    const [, list] = shown.picks;
    expect(list?.items[0]).toMatchObject({ detail: 'there is no tests command' });
    fits = true;
    list?.choose('standard_change');
    const then = await page(3);
    then.choose('Blueprint: ');
    expect((await page(4)).items[0]).not.toHaveProperty('detail', 'there is no tests command');
    shown.picks[3]?.escape();
    (await page(5)).escape();
    expect(await done).toBeUndefined();
  });
});
