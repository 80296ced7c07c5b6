/** The Runs view: what its rows say, how it is arranged and filtered, and which run a selection is about. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({ keys: new Map<string, unknown>(), input: undefined as string | undefined }));

vi.mock('vscode', async () => ({
  ...(await import('../../../support/editorTypes')),
  commands: {
    executeCommand: async (_command: string, key: string, value: unknown) => void editor.keys.set(key, value),
  },
  window: { showInputBox: async () => editor.input },
}));

const { RunArranging, showFilter } = await import('../../../../src/vscode/runList/arranging');
const { runItem, groupItem } = await import('../../../../src/vscode/runList/items');
const { selectedRun } = await import('../../../../src/vscode/runsTree');
const { clearRunsFilter, filterRuns } = await import('../../../../src/vscode/commands/filterRuns');
const { groupRunsByBlueprint, groupRunsByDay } = await import('../../../../src/vscode/commands/groupRuns');

const PLAIN = { waits: false, verdict: null, drift: null };
const GROUP = { group: 'day 2026-11-23', label: 'Today', kind: 'day', runs: [listedRun(), listedRun()] } as const;

const memory = () => {
  const kept = new Map<string, unknown>();
  return {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
};

beforeEach(() => {
  editor.keys.clear();
  editor.input = undefined;
});

describe('a row', () => {
  test('says the state in a word, how long the run took, what it cost, and its model', () => {
    expect(runItem(listedRun(), PLAIN).description).toBe('succeeded · 3 min 5 s · $0.12 · small');
  });

  test('says where a run is that goes on, and that a cost is not known', () => {
    const run = listedRun({ status: 'running', currentNode: 'fix', endedAt: null, costUsd: null });
    expect(runItem(run, PLAIN).description).toBe('running at fix · cost unknown · small');
  });

  test('says the same to the ear, with the whole task', () => {
    const task = 'Invoices with a discount that is rounded per line';
    const { label, accessibilityInformation } = runItem(listedRun({ task }), PLAIN);
    expect(String(label).length).toBeLessThan(task.length);
    expect(accessibilityInformation?.label).toBe(`${task}, succeeded · 3 min 5 s · $0.12 · small`);
  });

  test('has tokens, cost and the whole name of the model in its tooltip', () => {
    const { tooltip } = runItem(listedRun(), PLAIN);
    const { value } = tooltip as { value: string };
    expect(value).toContain('anthropic:small');
    expect(value).toContain('took 3 min 5 s · 1,200 tokens · $0.12');
  });

  test('of a group says how many runs are in it', () => {
    expect(groupItem(GROUP)).toMatchObject({
      ...{ label: 'Today', description: '2 runs', contextValue: 'group' },
      accessibilityInformation: { label: 'Today, 2 runs' },
    });
  });
});

describe('the arrangement', () => {
  test('is by day until a person wants it otherwise, and is then remembered', async () => {
    const kept = memory() as never;
    const arranging = new RunArranging(kept);
    expect(arranging.by).toBe('day');
    await groupRunsByBlueprint({ arranging } as never);
    expect(new RunArranging(kept).by).toBe('blueprint');
    expect(editor.keys.get('openexec.runsGroupedBy')).toBe('blueprint');
    await groupRunsByDay({ arranging } as never);
    expect(arranging.by).toBe('day');
  });

  test('is by day when what is remembered is not understood', async () => {
    const kept = memory();
    await kept.update('openexec.runsGroupedBy', 'moon');
    expect(new RunArranging(kept as never).by).toBe('day');
  });
});

describe('a filter', () => {
  function filtered() {
    const arranging = new RunArranging(memory() as never);
    const view = { message: '' };
    showFilter(view, arranging);
    return { arranging, view };
  }

  test('is said above the list and to the menus, until it is cleared', async () => {
    const { arranging, view } = filtered();
    editor.input = ' failed invoices ';
    await filterRuns({ arranging } as never);
    expect(view.message).toBe('Filtered by “failed invoices”');
    expect(editor.keys.get('openexec.runsFiltered')).toBe(true);
    await clearRunsFilter({ arranging } as never);
    expect(view.message).toBe('');
    expect(editor.keys.get('openexec.runsFiltered')).toBe(false);
  });

  test('stays as it is when the person backs out', async () => {
    const { arranging } = filtered();
    arranging.filterBy('x');
    await filterRuns({ arranging } as never);
    expect(arranging.filter).toBe('x');
  });
});

describe('a selection', () => {
  test('is about its one run, or the run that waits', () => {
    expect(selectedRun([listedRun({ runId: 'a' })])).toBe('a');
    expect(selectedRun([{ approval: 'x', runId: 'b' } as never])).toBe('b');
  });

  test('is about none when it is a group, several runs, or nothing', () => {
    expect(selectedRun([GROUP])).toBeNull();
    expect(selectedRun([listedRun(), listedRun()])).toBeNull();
    expect(selectedRun([])).toBeNull();
  });
});
