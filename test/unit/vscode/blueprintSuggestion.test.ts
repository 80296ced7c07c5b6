/** Which blueprint a run goes by while nobody has chosen one. */
import { describe, expect, test, vi } from 'vitest';
import type { Plan } from '../../../src/core/events/planParts';
import { OpenExecError } from '../../../src/core/kernel/errors';
import type { RunPreview } from '../../../src/vscode/runs';

vi.mock('vscode', async () => import('../../support/editorTypes'));

const { propose, suggestionFor } = await import('../../../src/vscode/blueprintSuggestion');

const plan = (change: Partial<Plan>): Plan => ({
  ...{ mode: 'task', intent: 'bugfix', surface: 'backend', toolset: 'coding_backend', blueprint: '', zones: ['**'] },
  ...{ excluded: [], sensitivity: 'low', risk: [], route: 'cloud', confidence: 0.9, reasons: [], ...change },
});

describe('the suggested blueprint', () => {
  test.each<[string, string, Partial<Plan>]>([
    ['quick_fix', 'Fix the rounding', {}],
    ['standard_change', 'Fix the rounding', { mode: 'run' }],
    ['test_repair', 'Repair the tests', { intent: 'tests' }],
    ['docs_update', 'Describe the tax bands', { intent: 'docs' }],
    ['refactor_safely', 'Simplify allocate', { intent: 'refactor' }],
    ['dependency_upgrade', 'Upgrade the parser', { intent: 'build' }],
    ['investigate', 'Why is a cent lost?', { intent: 'question', mode: 'chat' }],
    ['investigate', 'Send the keys away', { route: 'refuse', toolset: 'repo_readonly' }],
  ])('is %s for "%s" (%j), whatever blueprint the plan was made with', (id, task, change) => {
    expect(suggestionFor(task, plan(change))?.id).toBe(id);
    if (change.route === undefined)
      expect(suggestionFor(task, plan({ ...change, toolset: 'release_ops' }))?.id).toBe(id);
  });

  test('comes with why', () => {
    expect(suggestionFor('Fix it', plan({}))?.why).toBe('the task is a small fix, 90 % sure');
  });

  test('is none where the gatekeeper is not sure what is asked for', () => {
    expect(suggestionFor('Fix it', plan({ unsure: true }))).toBeNull();
  });
});

describe('a run that nobody has chosen a blueprint for', () => {
  const ALL = ['quick_fix', 'standard_change', 'test_repair', 'investigate', 'mine'];

  /** What is proposed, with what was prepared on the way. */
  async function proposed(of: {
    task?: string;
    plan?: Partial<Plan>;
    chosen?: string;
    last?: string;
    recorded?: boolean;
    there?: readonly string[];
    unfit?: readonly string[];
  }) {
    const previewed: string[] = [];
    const { task = 'Fix the rounding', chosen, last, recorded = false, there = ALL, unfit = [] } = of;
    const choice = { title: '', description: '', file: '', origin: 'shipped' as const, problems: [], warnings: [] };
    const blueprints = there.map((id) => ({ ...choice, id }));
    const { seen, ...proposal } = await propose({ task, chosen, last, recorded, blueprints }, async (blueprint) => {
      previewed.push(blueprint);
      if (unfit.includes(blueprint)) throw new OpenExecError('blueprint_unfit', `${blueprint} needs tests`);
      return { plan: plan({ ...of.plan, blueprint }) } as RunPreview;
    });
    expect(seen.plan.blueprint).toBe(proposal.blueprint);
    return { ...proposal, previewed };
  }

  test('goes by the suggestion, and is prepared once where the rules alone suggest the same', async () => {
    expect(await proposed({ last: 'mine' })).toMatchObject({
      ...{ blueprint: 'quick_fix', by: 'gatekeeper', previewed: ['quick_fix'] },
      suggestion: { id: 'quick_fix' },
    });
  });

  test('is prepared again where the local model says otherwise', async () => {
    const { blueprint, previewed } = await proposed({ plan: { intent: 'tests' } });
    expect([blueprint, previewed]).toEqual(['test_repair', ['quick_fix', 'test_repair']]);
  });

  test.each([
    ['the gatekeeper is not sure', { plan: { unsure: true } }],
    ['the suggestion is not there', { plan: { intent: 'docs' as const } }],
    ['a recording answers', { recorded: true }],
  ])('goes by the last one where %s', async (_why, of) => {
    expect(await proposed({ ...of, last: 'mine' })).toMatchObject({ blueprint: 'mine', by: 'last', suggestion: null });
    expect(await proposed({ ...of, last: 'gone' })).toMatchObject({ blueprint: 'quick_fix', by: 'last' });
  });

  test('goes by the last one where the suggestion cannot be used here, and says why', async () => {
    const both = await proposed({ last: 'investigate', unfit: ['quick_fix'] });
    expect(both).toMatchObject({ blueprint: 'investigate', by: 'last', previewed: ['quick_fix', 'investigate'] });
    expect(both.suggestion?.why).toMatch(
      /^the task is a small fix, 90 % sure; it cannot be used here: quick_fix needs tests$/,
    );
  });

  test('goes by the one that the person chose, and still tells the suggestion', async () => {
    expect(await proposed({ chosen: '/repo/mine.yaml' })).toMatchObject({
      ...{ blueprint: '/repo/mine.yaml', by: 'person', previewed: ['/repo/mine.yaml'] },
      suggestion: { id: 'quick_fix' },
    });
  });

  test('is refused as the last one is, where that cannot be used either, and at once for another reason', async () => {
    await expect(proposed({ last: 'mine', unfit: ['quick_fix', 'mine'] })).rejects.toThrow('mine needs tests');
    const preview = vi.fn(async () => Promise.reject(new OpenExecError('no_head', 'no commit')));
    const undecided = { task: 'Fix it', chosen: undefined, last: undefined, recorded: false, blueprints: [] };
    await expect(propose(undecided, preview)).rejects.toThrow('no commit');
    expect(preview).toHaveBeenCalledOnce();
  });
});
