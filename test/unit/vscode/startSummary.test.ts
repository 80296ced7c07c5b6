/** What a person sees before a run starts. */
import { describe, expect, test, vi } from 'vitest';
import type { Changed } from '../../../src/vscode/planRows';
import type { Requested } from '../../../src/vscode/requestRows';
import type { RunPreview } from '../../../src/vscode/runs';
import type { SummaryRow } from '../../../src/vscode/summaryRow';

vi.mock('vscode', async () => import('../../support/editorTypes'));

const page = await import('../../../src/vscode/startSummary');

const REQUESTED: Requested = {
  ...{ task: 'Mend the discount', open: true, refused: null },
  blueprint: { title: 'Quick fix', by: 'gatekeeper', suggestion: { id: 'quick_fix', why: 'the task is a small fix' } },
};
const summaryRows = (seen: RunPreview, confirmed: boolean, changed: Changed = {}, requested = REQUESTED) =>
  page.summaryRows({ seen, requested, confirmed, changed });

const PREVIEW: RunPreview = {
  root: '/repo',
  model: { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false },
  bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95, costUsd: 0.9 },
  budget: { modelCalls: 14, tokens: 120_000, minutes: 95, costUsd: 0.9 },
  commands: [
    { name: 'lint', line: 'npm run lint', source: 'package.json script "lint"' },
    { name: 'test', line: 'npm test', source: 'package.json script "test"' },
  ],
  servers: [],
  plan: {
    ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 'coding_backend', blueprint: 'quick_fix' },
    ...{ zones: ['packages/api/**'], excluded: ['**/.env*'], sensitivity: 'low', risk: [], route: 'cloud' },
    ...{ confidence: 0.93, reasons: ['zone packages/api/**: the task names packages/api/a.ts'] },
  },
  problem: null,
  policy: { id: 'standard', source: 'shipped with OpenExec', layers: [] },
  commandsHash: 'h',
  shownHash: 'shown',
  plainTask: true,
};

/** What is said from the worst case on. */
const said = (all: readonly SummaryRow[]): string[] => {
  const from = all.findIndex(({ label }) => label === 'worst case and budget');
  const rows = all.slice(
    from,
    all.findIndex(({ label }) => label === 'plan: why'),
  );
  return rows.filter(({ kind }) => kind === 'said').map(({ label, description = '' }) => `${label} | ${description}`);
};

/** All rows, under commands that were seen before. */
const planned = (preview: RunPreview, changed: Changed = {}): SummaryRow[] => summaryRows(preview, true, changed);
const row = (rows: readonly SummaryRow[], kind: SummaryRow['kind']) => rows.find((one) => one.kind === kind);
const words = (rows: readonly SummaryRow[]): string =>
  rows.map(({ label, description = '', detail = '' }) => `${label} | ${description} | ${detail}`).join('\n');

describe('the summary before a start', () => {
  test('the start comes first, so that Enter alone starts the run; then the other choices, then what is said', () => {
    const kinds = summaryRows(PREVIEW, true).map(({ kind }) => kind);
    expect(kinds.slice(0, 11)).toEqual([
      ...['start', 'edit', 'heading', 'task', 'blueprint', 'model', 'policy'],
      ...['zones', 'sensitivity', 'excluded', 'show'],
    ]);
    expect(new Set(kinds.slice(11))).toEqual(new Set(['heading', 'said']));
    expect(summaryRows(PREVIEW, true)[0]?.label).toMatch(/Start$/);
  });

  test('commands that nobody has seen here yet are confirmed with the start', () => {
    expect(summaryRows(PREVIEW, false)[0]?.label).toMatch(/Confirm the Commands and Start/);
  });

  test('nothing of a command is drawn as an icon or not at all', () => {
    const commands = [{ name: 'test', line: 'npm test $(trash)\u3164x', source: '$(check) reviewed' }];
    const rows = said(summaryRows({ ...PREVIEW, commands }, false));
    expect(rows).toContain('test: npm test $ (trash)⟨U+3164⟩x | $ (check) reviewed');
  });

  test('worst case, budget and every command are said, each with where it comes from', () => {
    expect(said(summaryRows(PREVIEW, true))).toEqual([
      'Worst case: 14 model calls, 120k tokens, $0.90, 95 minutes | ',
      'Budget: the worst case | ',
      'lint: npm run lint | package.json script "lint"',
      'test: npm test | package.json script "test"',
    ]);
  });

  test('a budget below the worst case is said, with just the limits that are lower', () => {
    const budget = { modelCalls: 10, tokens: 120_000, minutes: 95, costUsd: 0.5 };
    expect(said(summaryRows({ ...PREVIEW, budget }, true))[1]).toBe(
      'Budget: at most 10 model calls, $0.50 | set by the blueprint',
    );
  });

  test('a limit on a cost that is not known otherwise is said as well', () => {
    const bound = { ...PREVIEW.bound, costUsd: null };
    expect(said(summaryRows({ ...PREVIEW, bound }, true))[1]).toMatch(/^Budget: at most \$0\.90/);
  });

  test('every layer of the policy is said in the order of precedence, each with where it was read', () => {
    const layers = [
      { layer: 'managed', id: 'acme', source: '/etc/openexec/policy.yaml' },
      { layer: 'workspace', id: 'here', source: '.openexec/policy.yaml' },
    ];
    const rows = summaryRows({ ...PREVIEW, policy: { ...PREVIEW.policy, layers } }, true);
    expect(said(rows).slice(2, 4)).toEqual([
      'managed: acme | /etc/openexec/policy.yaml',
      'workspace: here | .openexec/policy.yaml',
    ]);
  });

  test('an MCP server is said with its command, hidden characters shown', () => {
    const servers = [{ id: 'docs', line: '["npx","x\u202Ey"]', agreed: true, tools: 2 }];
    expect(said(summaryRows({ ...PREVIEW, servers }, true)).at(-1)).toBe(
      'docs: ["npx","x⟨U+202E right-to-left override⟩y"] | agreed to; 2 tools; checked at the start',
    );
    const unknown = servers.map((server) => ({ ...server, agreed: false, tools: 0 }));
    expect(said(summaryRows({ ...PREVIEW, servers: unknown }, true)).at(-1)).toMatch(/ \| not agreed to; checked/);
  });

  test('that no command was found is said', () => {
    expect(said(summaryRows({ ...PREVIEW, commands: [] }, true)).at(-1)).toBe('None was found | ');
  });
});

describe('what is asked for before a start', () => {
  const asked = (change: Partial<Requested>) => words(summaryRows(PREVIEW, true, {}, { ...REQUESTED, ...change }));

  test('is said with where each part comes from, and can be changed', () => {
    const text = asked({});
    expect(text).toContain('$(comment) Task: Mend the discount | change…');
    expect(text).toContain("Blueprint: Quick fix | the gatekeeper's suggestion; change… | The task is a small fix.");
    expect(text).toContain('Model: openai:gpt-5 | api.openai.com; change…');
    expect(text).toContain('Policy: standard | shipped with OpenExec; change…');
  });

  test('shows the beginning of a task of several lines, and how many it has', () => {
    expect(asked({ task: 'Mend $(trash)\nthe discount' })).toContain(
      'Task: Mend $ (trash) the discount | 2 lines; change…',
    );
  });

  test('gives the reasons of a suggestion that was not followed only where the person has not chosen', () => {
    const suggestion = { id: 'other', why: 'the task is about tests; it cannot be used here: no tests' };
    const by = (by: 'last' | 'person') => asked({ blueprint: { title: 'Quick fix', by, suggestion } });
    expect(by('last')).toContain(
      'as the last time; change… | The task is about tests; it cannot be used here: no tests.',
    );
    expect(by('person')).toMatch(/Blueprint: Quick fix \| chosen by you; change… \| $/m);
  });

  test('offers no other model and no other policy for a run that is done again with one', () => {
    const rows = summaryRows(PREVIEW, true, {}, { ...REQUESTED, open: false });
    expect([row(rows, 'model'), row(rows, 'policy')]).toEqual([undefined, undefined]);
    expect(words(rows)).toContain('Model: openai:gpt-5 | api.openai.com |');
  });
});

describe('the plan before a start', () => {
  const about = (change: Partial<RunPreview['plan']>): RunPreview => ({
    ...PREVIEW,
    plan: { ...PREVIEW.plan, ...change },
  });

  test('is said with its reasons, above what the run can take', () => {
    const text = words(planned(PREVIEW));
    expect(text).toContain('Mode: run | a change of some size');
    expect(text).toContain('Intent: bugfix, backend | 93 % sure');
    expect(text).toContain('Risk: none found');
    expect(text).toContain('Route: any model');
    expect(text).toContain('Toolset: coding_backend');
    expect(text).toContain('zone packages/api/**: the task names packages/api/a.ts');
    expect(text).toContain('$(folder) Zones: packages/api/** | change…');
    expect(text).toContain('$(circle-slash) Excluded: 1 glob | exclude more… | **/.env*');
  });

  test('is said to be the stricter one where the local model was not sure, and to be that of the rules where it did not answer', () => {
    expect(words(planned(about({ unsure: true, confidence: 0.4 })))).toContain('40 % sure, too little: the plan is');
    const problem = 'media/gatekeeper/model.onnx is missing';
    expect(words(planned({ ...PREVIEW, problem }))).toContain(
      '$(warning) The Local Model Did Not Answer | rules alone, and the sensitivity is at least medium | media/gatekeeper/model.onnx is missing',
    );
  });

  test('says plainly what of the zones is wider than proposed, and nothing when they are narrower', () => {
    const wider = row(planned(PREVIEW, { zones: ['packages/api/**', 'packages/web/**'] }), 'zones');
    expect(wider?.detail).toBe('$(warning) Wider than proposed (packages/api/**): packages/web/**');
    expect(wider?.description).toBe('changed by you; change…');
    expect(row(planned(PREVIEW, { zones: ['packages/api/src/**'] }), 'zones')?.detail).toBeUndefined();
  });

  test('shows the other changes: more that is excluded, a higher sensitivity, a look at what will be sent', () => {
    const rows = planned(PREVIEW, { excluded: ['data/**'], sensitivity: 'medium', showContext: true });
    expect(row(rows, 'excluded')).toMatchObject({ description: 'with yours; change…', detail: 'data/**, **/.env*' });
    expect(row(rows, 'sensitivity')).toMatchObject({
      label: '$(shield) Sensitivity: medium',
      description: 'raised by you from low; change…',
    });
    expect(row(rows, 'show')?.description).toMatch(/^yes/);
    expect(row(planned(PREVIEW), 'show')?.description).toBe('no');
  });

  test('offers no change of a sensitivity that cannot be raised', () => {
    expect(row(planned(about({ sensitivity: 'high', route: 'local' })), 'sensitivity')).toBeUndefined();
  });

  test.each([
    ['the gatekeeper advises against the task', { route: 'refuse' as const }, /^The gatekeeper advises against/],
    ['it looks like exfiltration', { risk: ['exfiltration' as const] }, /looks like exfiltration/],
    ['it is sensitive and the model is not local', { route: 'local' as const }, /would be sent to api.openai.com/],
  ])('is not started by Enter alone when %s: the first row says why, the next starts anyway', (_what, change, why) => {
    const [first, second] = planned(about(change));
    expect(first).toMatchObject({ kind: 'said', label: '$(warning) Look Twice' });
    expect(first?.detail).toMatch(why);
    expect(second).toMatchObject({ kind: 'start', label: '$(play) Start Anyway' });
  });

  test('is looked at twice when the person makes it sensitive, for its model is elsewhere', () => {
    expect(planned(PREVIEW, { sensitivity: 'high' })[0]?.label).toBe('$(warning) Look Twice');
    expect(planned(PREVIEW, { sensitivity: 'medium' })[0]?.kind).toBe('start');
  });

  test('draws nothing that a task or a repository brought along as an icon', () => {
    const reasons = ['zone a: the task names $(trash)\u202Ex'];
    expect(words(planned(about({ reasons, zones: ['$(check)/**'] })))).not.toMatch(/\$\((trash|check)\)|\u202E/);
  });
});
