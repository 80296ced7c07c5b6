/** `@openexec` in the chat: what it answers from the record, and what its buttons do. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { PendingApproval } from '../../../../src/vscode/approvals';
import { denied, runsOf } from '../../../support/chatRuns';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({ ran: [] as unknown[][] }));

vi.mock('vscode', async () => ({
  ...(await import('../../../support/editorTypes')),
  commands: {
    // A person has not answered the questions yet.
    executeCommand: (...command: unknown[]) => {
      editor.ran.push(command);
      return new Promise(() => undefined);
    },
  },
}));

const { answer, followupsOf } = await import('../../../../src/vscode/chat/participant');
type Asked = Parameters<typeof answer>[2];
type Command = Parameters<Asked['stream']['button']>[0];
type Desk = import('../../../../src/vscode/chat/participant').ChatDesk;

beforeEach(() => {
  editor.ran = [];
});

const quiet = { error: () => undefined, info: () => undefined };

/** Asks; the answer's text without the backslashes that keep it plain, its buttons, and what it was besides. */
async function ask(desk: Partial<Desk>, command: string | undefined, prompt = '', cancelled = false) {
  const said: string[] = [];
  const buttons: Command[] = [];
  const stream = {
    markdown: (text: string) => void said.push(text),
    button: (command: Command) => void buttons.push(command),
  } as unknown as Asked['stream'];
  const token = { isCancellationRequested: cancelled } as Asked['token'];
  const whole = { runs: runsOf({}).runs, approvals: { pending: () => [] }, log: quiet, ...desk } as Desk;
  const result = await answer(whole, command, { prompt, stream, token });
  const raw = said.join('');
  return { raw, text: raw.replace(/\\(.)/g, '$1'), buttons, result };
}

describe('/start', () => {
  test('begins the questions with the task, and waits for none of them', async () => {
    const { text } = await ask({}, 'start', ' Mend the discount\nand test it ');
    expect(editor.ran).toEqual([['openexec.startRun', { task: 'Mend the discount\nand test it' }]]);
    expect(text).toContain('Nothing starts until you choose Start');
  });

  test('without a task begins them all the same', async () => {
    await ask({}, 'start', '  ');
    expect(editor.ran).toEqual([['openexec.startRun']]);
  });
});

describe('/runs', () => {
  test('lists the newest with state, cost and denials, each with a way to its timeline', async () => {
    const all = Array.from({ length: 12 }, (_, at) => listedRun({ runId: `r${at}`, task: `Task ${at}`, denials: at }));
    const { text, buttons } = await ask({ runs: { ...runsOf({}).runs, list: async () => all } }, 'runs');
    expect(text).toContain('The newest 8 of 12 runs');
    expect(text).toContain('**Task 3**  \nsucceeded · $0.12 · 3 denied');
    expect(buttons).toHaveLength(8);
    expect(buttons[1]).toMatchObject({ command: 'openexec.openTimeline', arguments: ['r1'], tooltip: 'Task 1' });
  });

  test('says that there is none, and offers a first one and the sample', async () => {
    const { text, buttons } = await ask({}, 'runs');
    expect(text).toContain('No run is recorded');
    expect(buttons.map(({ command }) => command)).toEqual(['openexec.startRun', 'openexec.openSampleRun']);
  });

  test('makes no Markdown, and no icon, of a task', async () => {
    const { runs } = runsOf({ r: [] }, { task: '[click](command:evil) $(gear)', costUsd: null });
    const { raw, text, buttons } = await ask({ runs }, 'runs');
    expect(raw).not.toContain('](');
    expect(text).toContain('cost unknown');
    expect(buttons[0]?.tooltip).not.toContain('$(');
  });
});

describe('/status', () => {
  const asked: PendingApproval = {
    ...{ runId: 'go', approval: 'a1', title: 'Run `npm *test*`?', detail: '', snapshot: 's', editable: false },
  };

  test('tells what goes on and what waits, with a way to each', async () => {
    const list = async () => [
      listedRun({ runId: 'go', status: 'running', currentNode: 'implement', attempt: 2 }),
      listedRun({ runId: 'over' }),
    ];
    const { text, buttons } = await ask(
      { runs: { ...runsOf({}).runs, list }, approvals: { pending: () => [asked] } },
      undefined,
      'what is running?',
    );
    expect(text).toContain('1 run goes on. 1 approval waits for you in this window.');
    expect(text).toContain('An approval: Run `npm *test*`?');
    expect(text).toContain('running at implement, attempt 2');
    expect(buttons).toMatchObject([
      { command: 'openexec.reviewApprovals', arguments: [{ runId: 'go', approval: 'a1' }] },
      { command: 'openexec.openTimeline', arguments: ['go'] },
    ]);
  });

  test('says that nothing does', async () => {
    const { text, buttons } = await ask({}, 'status');
    expect(text).toBe('No run goes on. Nothing waits for you in this window.\n\n');
    expect(buttons).toEqual([]);
  });
});

describe('/why', () => {
  const recorded = {
    new: [...denied('c1', '.env'), ...denied('c2', 'src/pay.ts')],
    old: denied('c1', 'docs/secret.md'),
    clean: [],
  };

  test('tells the rule, the reason, where it comes from, and the snapshot of the last denial', async () => {
    const { runs, explained } = runsOf(recorded);
    const { raw, text, buttons } = await ask({ runs }, undefined, 'why was this denied?');
    expect(explained).toEqual([['new', 4]]);
    for (const line of [
      '**Denied:** write_file .env',
      'Secrets *stay* [here](command:evil).',
      '- Rule: no-secrets',
      "- This rule comes from the person's own policy: mine (/home/me/policy.yaml)",
      '- Policy snapshot: abcdef012345',
      '- Run: Task of new, event 4',
    ]) {
      expect(text).toContain(line);
    }
    expect(raw).not.toContain('](');
    expect(buttons).toMatchObject([
      { title: 'Show in Timeline', command: 'openexec.openTimeline', arguments: ['new', 4] },
      { title: 'Explain', command: 'openexec.explainDecision', arguments: ['new', 4] },
    ]);
  });

  test.each([
    ['why was .env denied', 'new', 2],
    ['pay.ts', 'new', 4],
    ['docs/secret.md', 'old', 2],
    ['why was OLD denied', 'old', 2],
    ['old event 1', 'old', 1],
    ['2', 'new', 2],
    ['no-secrets', 'new', 4],
  ])('%j is about the call that is named', async (prompt, runId, seq) => {
    const { runs, explained } = runsOf(recorded);
    await ask({ runs }, 'why', prompt);
    expect(explained).toEqual([[runId, seq]]);
  });

  test('says so when no denied call has the name', async () => {
    const { runs, explained } = runsOf(recorded);
    const { text } = await ask({ runs }, 'why', 'why was src/other.ts denied');
    expect(text).toContain('No denied call that was found names src/other.ts. This is the last one');
    expect(explained).toEqual([['new', 4]]);
  });

  test('is of the run in which a call was denied last, not of the one that began last', async () => {
    const { runs, explained } = runsOf(recorded);
    const [first, second] = await runs.list();
    if (!first || !second) throw new Error('two runs are needed');
    const list = async () => [
      { ...first, endedAt: '2020-01-01T00:00:00.000Z' },
      { ...second, endedAt: null },
    ];
    await ask({ runs: { ...runs, list } }, 'why');
    expect(explained[0]?.[0]).toBe('old');
  });

  test('says that nothing was denied, at all or in a run, or that there is no such run', async () => {
    const { runs } = runsOf(recorded);
    expect((await ask({}, 'why')).text).toContain('No recorded run has a denied call');
    expect((await ask({ runs }, 'why', 'clean')).text).toContain('No call was denied in the run Task of clean.');
    const { text } = await ask({ runs }, 'why', '20260131-120000-ab12cd');
    expect(text).toContain('No run 20260131-120000-ab12cd is recorded');
  });

  test('says nothing once the person has given up', async () => {
    const { runs, explained } = runsOf(recorded);
    const { text } = await ask({ runs }, 'why', '', true);
    expect([text, explained]).toEqual(['', []]);
  });
});

describe('anything else', () => {
  test('is answered with what can be asked, and offered as a task by a button, never begun', async () => {
    const { text, buttons } = await ask({}, undefined, 'Fix the discount');
    for (const command of ['/start', '/runs', '/status', '/why']) expect(text).toContain(command);
    expect(buttons).toMatchObject([{ command: 'openexec.startRun', arguments: [{ task: 'Fix the discount' }] }]);
    expect(editor.ran).toEqual([]);
    expect((await ask({}, 'unheard of')).buttons).toEqual([]);
  });

  test('that goes wrong is one plain line, with the doctor a button away', async () => {
    const list = async () => Promise.reject(new Error('The store *is* locked.\nat x'));
    const { result, buttons } = await ask({ runs: { ...runsOf({}).runs, list } }, 'runs');
    expect(result.errorDetails?.message).toBe('The store \\*is\\* locked\\.');
    expect(buttons).toMatchObject([{ command: 'openexec.doctor' }]);
  });

  test('is followed by what may be asked next', async () => {
    const { result } = await ask({}, 'runs');
    expect(followupsOf(result).map(({ command }) => command)).toEqual(['status', 'why']);
    expect(followupsOf({ metadata: { answered: 'of another version' } })).toEqual([]);
    expect(followupsOf({})).toEqual([]);
  });
});
