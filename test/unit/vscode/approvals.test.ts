/** What waits for the person: in the tree, as a badge, and what each answer comes to. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApprovalRequest } from '../../../src/core/ports/approver';
import type { Documents } from '../../../src/vscode/documents';
import type { Runs } from '../../../src/vscode/runs';
import { CONTEXT } from '../../support/boundedRun';
import { listedRun } from '../../support/listedRun';

/** A window with a person: what is picked in the lists and typed, in turn; undefined is to put it away. */
const person = vi.hoisted(() => ({
  picks: [] as (string | undefined)[],
  /** Of a list to tick: what is unticked, in turn; undefined is to put it away. */
  unticks: [] as (string[] | undefined)[],
  titles: [] as string[],
  types: [] as (string | undefined)[],
  presses: [] as (string | undefined)[],
  offered: [] as string[][],
  commands: [] as unknown[][],
  said: [] as string[],
}));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  type Item = { label: string };
  const take = (items: readonly Item[]): Item | undefined => {
    person.offered.push(items.map(({ label }) => label));
    const wanted = person.picks.shift();
    return items.find(({ label }) => wanted !== undefined && label.includes(wanted));
  };
  return {
    ...types,
    commands: { executeCommand: async (...command: unknown[]) => void person.commands.push(command) },
    window: {
      showQuickPick: async (items: readonly Item[]) => take(items),
      createQuickPick: () => {
        const hides: (() => void)[] = [];
        const accepts: (() => void)[] = [];
        const changes: (() => void)[] = [];
        const pick = {
          title: '',
          canSelectMany: false,
          items: [] as Item[],
          selectedItems: [] as Item[],
          onDidChangeSelection: (listener: () => void) => void changes.push(listener),
          onDidAccept: (listener: () => void) => void accepts.push(listener),
          onDidHide: (listener: () => void) => void hides.push(listener),
          hide: () => hides.forEach((listener) => void listener()),
          dispose: () => undefined,
          show: () => {
            if (pick.canSelectMany) {
              person.offered.push(pick.items.map(({ label }) => label));
              const unticked = person.unticks.shift();
              pick.selectedItems = pick.items.filter(({ label }) => unticked?.includes(label) !== true);
              changes.forEach((listener) => void listener());
              person.titles.push(pick.title);
              if (unticked !== undefined) accepts.forEach((listener) => void listener());
              return pick.hide();
            }
            const taken = take(pick.items);
            pick.selectedItems = taken === undefined ? [] : [taken];
            if (taken === undefined) pick.hide();
            else accepts.forEach((listener) => void listener());
          },
        };
        return pick;
      },
      showInputBox: async () => person.types.shift(),
      showInformationMessage: async (text: string, ...ways: string[]) => {
        person.said.push(text);
        if (ways.length > 0) person.offered.push(ways);
        return person.presses.shift();
      },
    },
  };
});

const { Approvals } = await import('../../../src/vscode/approvals');
const { choicesOf } = await import('../../../src/vscode/approvalChoices');
const { approvalItem } = await import('../../../src/vscode/approvalItem');
const { askApproval } = await import('../../../src/vscode/askApproval');
const { showPending } = await import('../../../src/vscode/pendingBadge');
const { reviewApprovals } = await import('../../../src/vscode/reviewApprovals');
const { RunsTree } = await import('../../../src/vscode/runsTree');

const CALL: ApprovalRequest = {
  ...{ approval: 'a1', title: 'run_command {"command":"make x"}: exec_other asks', snapshot: 's', editable: true },
  ...{ detail: '{"command":"make x"}', repeatable: true, tool: 'run_command' },
};
const QUESTION: ApprovalRequest = {
  ...{ approval: 'a2', title: 'Which currency?', detail: '{}', snapshot: 's', editable: false },
  ...{ question: true, tool: 'ask_user' },
};

const SENDING: ApprovalRequest = {
  ...{ approval: 'gather.1.context', title: 'Send 5 files (8236 bytes) to api.openai.com?', snapshot: 's' },
  ...{ detail: JSON.stringify(CONTEXT), editable: false, context: true },
};

/** Runs and documents, as far as a review needs them. */
function window() {
  const shown: { name: string; text: string }[] = [];
  const diffs: (readonly { text: string }[])[] = [];
  const files: Record<string, string> = { 'a.ts': 'one\n' };
  const events = [
    { type: 'run.started', seq: 0, data: { workspace: { baseTree: 'tree' } } },
    {
      type: 'policy.decided',
      seq: 3,
      data: { call: 'a1', decision: 'ask', rule: 'others', layer: 'x', reason: 'why' },
    },
    { type: 'approval.requested', seq: 4, data: { approval: 'a1', call: 'a1' } },
  ];
  const runs = {
    summary: async () => ({ task: 'Mend it' }),
    events: async function* () {
      yield* events;
    },
    fileInTree: async (_run: string, { path }: { path: string }) => files[path] ?? null,
  } as unknown as Runs;
  const documents = {
    show: async (_folder: string, name: string, text: string) => void shown.push({ name, text }),
    diff: async (sides: readonly { text: string }[]) => void diffs.push(sides),
  } as unknown as Documents;
  const approvals = new Approvals();
  const told: unknown[] = [];
  const ask = (request: ApprovalRequest): void => {
    void approvals
      .of('run')
      .ask(request, new AbortController().signal)
      .then((verdict) => told.push(verdict));
  };
  return { runs, documents, approvals, ask, told, shown, diffs };
}

beforeEach(() => {
  Object.assign(person, {
    picks: [],
    unticks: [],
    titles: [],
    types: [],
    presses: [],
    offered: [],
    commands: [],
    said: [],
  });
});

describe('a pending approval', () => {
  test('is an item below its run, and of no other', async () => {
    const { runs, approvals, ask } = window();
    const listed = listedRun({ runId: 'run', status: 'waiting' });
    const tree = new RunsTree({
      runs: {
        ...runs,
        list: async () => [listed],
        onDidChange: () => null,
        onDidAppend: () => null,
      } as unknown as Runs,
      approvals,
      verdicts: { onDidChangeFileDecorations: () => null, lookOf: () => null } as never,
      drifts: { onDidChange: () => null, of: () => null } as never,
      arranging: { onDidChange: () => null, by: 'day', filter: '' } as never,
    });
    expect(tree.getTreeItem(listed).collapsibleState).toBe(0);
    ask(CALL);
    expect(tree.getTreeItem(listed).collapsibleState).toBe(2);
    const [group] = await tree.getChildren();
    expect(group).toMatchObject({ label: 'Waiting for You', runs: [listed] });
    const [waiting] = await tree.getChildren(listed);
    expect(waiting).toMatchObject({ approval: 'a1', runId: 'run' });
    expect(await tree.getChildren({ ...listed, runId: 'another' })).toEqual([]);
    expect(tree.getTreeItem(waiting as never).command?.command).toBe('openexec.reviewApprovals');
  });

  test.each([
    [CALL, 'approval call repeatable editable'],
    [{ ...CALL, repeatable: false, editable: false }, 'approval call'],
    [QUESTION, 'approval question'],
    [SENDING, 'approval context'],
    [{ approval: 'n', title: 'Approve the change', detail: 'diff', snapshot: 's', editable: false }, 'approval node'],
  ])('says to the menus what may be answered', (request, expected) => {
    expect(approvalItem({ ...request, runId: 'run' }).contextValue).toBe(expected);
  });

  test('shows in its label and its tooltip what would not be seen', () => {
    const item = approvalItem({ ...CALL, title: 'run a\u202Eb', detail: 'rm\u200Bx', runId: 'run' });
    expect(item.label).toBe('run a⟨U+202E right-to-left override⟩b');
    expect(JSON.stringify(item.tooltip)).toContain('rm⟨U+200B zero-width space⟩x');
  });

  test('is counted on the badge until it is answered', () => {
    const { approvals, ask } = window();
    const view: { badge?: { value: number; tooltip: string } | undefined } = {};
    showPending(view as never, approvals);
    ask(CALL);
    ask(QUESTION);
    expect(view.badge).toEqual({ value: 2, tooltip: '2 approvals wait for you' });
    approvals.resolve('run', 'a1', { verdict: 'approved', reason: '' });
    approvals.resolve('run', 'a2', { verdict: 'rejected', reason: '' });
    expect(view.badge).toBeUndefined();
    expect(person.commands.at(-1)).toEqual(['setContext', 'openexec.pending', false]);
  });
});

describe('the notification of a call', () => {
  test('allows once or denies at once; all else is one step further', async () => {
    const { approvals, ask } = window();
    ask(CALL);
    person.presses = ['More…'];
    await askApproval({ ...CALL, runId: 'run' }, '', approvals);
    expect(person.offered).toEqual([['Allow Once', 'Deny', 'More…', 'Show in Timeline']]);
    expect(person.commands).toContainEqual(['openexec.reviewApprovals', expect.objectContaining({ approval: 'a1' })]);
  });

  test('of a question takes an answer, and offers no bare yes', async () => {
    const { approvals, ask, told } = window();
    ask(QUESTION);
    person.presses = ['Answer…'];
    person.types = [' Euro '];
    await askApproval({ ...QUESTION, runId: 'run' }, '', approvals);
    await Promise.resolve();
    expect(person.offered).toEqual([['Answer…', 'Decline', 'Show in Timeline']]);
    expect(told).toEqual([{ kind: 'resolved', verdict: 'approved', by: 'person in VS Code', reason: 'Euro' }]);
  });
});

describe('the review of what waits', () => {
  test('lists several together, shows the exact arguments, and takes an answer for the whole run', async () => {
    const { ask, told, shown, ...reviewing } = window();
    ask(CALL);
    ask(QUESTION);
    person.picks = ['run_command', 'Allow in This Run', undefined];
    await reviewApprovals(reviewing);
    expect(person.offered[0]).toHaveLength(2);
    expect(shown[0]?.text).toContain('    0: make\n    1: x');
    expect(shown[0]?.text).toContain('Asked by the rule others: why');
    expect(told).toEqual([
      { kind: 'resolved', verdict: 'approved', by: 'person in VS Code', reason: '', scope: 'run' },
    ]);
    // The question is left, and was put away.
    expect(reviewing.approvals.pending()).toHaveLength(1);
  });

  test('shows a write as a difference to the file in the copy of the run', async () => {
    const { ask, diffs, ...reviewing } = window();
    const call = { ...CALL, tool: 'write_file', detail: JSON.stringify({ path: 'a.ts', content: 'two\n' }) };
    ask(call);
    person.picks = ['Deny'];
    await reviewApprovals(reviewing);
    expect(diffs.map((sides) => sides.map(({ text }) => text))).toEqual([['one\n', 'two\n']]);
  });

  test('denies with a reason for the model, and asks again when the person backs out of it', async () => {
    const { ask, told, ...reviewing } = window();
    ask(CALL);
    person.picks = ['Deny with Reason', 'Deny with Reason'];
    person.types = [undefined, 'not here'];
    await reviewApprovals(reviewing);
    expect(told).toEqual([{ kind: 'resolved', verdict: 'rejected', by: 'person in VS Code', reason: 'not here' }]);
  });

  test('says so when nothing waits', async () => {
    await reviewApprovals(window());
    expect(person.said[0]).toMatch(/nothing waits/);
  });
});

describe('the question what may be sent', () => {
  const asked = { ...SENDING, runId: 'run' };
  const KEPT = ['packages/api/src/login.ts', 'packages/api/src/session.ts', 'packages/api/test/session.test.ts'];

  test('is a notification with the files, their size and where they go, and sends them all when the person says so', async () => {
    const { approvals, ask, told } = window();
    ask(SENDING);
    person.presses = ['Send 4 Files'];
    await askApproval(asked, '', approvals);
    await Promise.resolve();
    expect(person.said).toEqual(['OpenExec waits for your approval: Send 4 files (8 KB) to api.openai.com?']);
    expect(person.offered).toEqual([
      ['Send 4 Files', 'Leave Files Out…', 'Send Nothing, Stop the Run', 'Show in Timeline'],
    ]);
    expect(told).toEqual([{ kind: 'resolved', verdict: 'approved', by: 'person in VS Code', reason: '' }]);
  });

  test('leaves out what the person unticks, with the total of what is left in the title', async () => {
    const { approvals, ask, told } = window();
    ask(SENDING);
    person.presses = ['Leave Files Out…'];
    person.unticks = [['packages/api/test/session.test.ts', 'packages/api/src/login.ts']];
    await askApproval(asked, '', approvals);
    await Promise.resolve();
    expect(person.titles).toEqual(['Send 2 Files, 3 KB, to api.openai.com']);
    expect(told).toMatchObject([
      { verdict: 'approved', leftOut: ['packages/api/src/login.ts', 'packages/api/test/session.test.ts'] },
    ]);
  });

  test('is asked again when the person backs out of the list, or unticks all of it', async () => {
    const { approvals, ask, told } = window();
    ask(SENDING);
    const all = [...KEPT, 'packages/money/src/round⟨U+202E right-to-left override⟩st.ts'];
    person.presses = ['Leave Files Out…', 'Leave Files Out…', undefined];
    person.unticks = [undefined, all];
    await askApproval(asked, '', approvals);
    expect(person.titles.at(-1)).toMatch(/^Keep at least one file/);
    expect(told).toEqual([]);
    expect(approvals.pending()).toHaveLength(1);
  });

  test('stops the run when nothing is to be sent', async () => {
    const { approvals, ask, told } = window();
    ask(SENDING);
    person.presses = ['Send Nothing, Stop the Run'];
    await askApproval(asked, '', approvals);
    await Promise.resolve();
    expect(told).toMatchObject([{ verdict: 'rejected' }]);
  });

  test('can only be declined where what would be sent cannot be shown', async () => {
    const { approvals, ask } = window();
    ask({ ...SENDING, detail: 'a list' });
    await askApproval({ ...asked, detail: 'a list' }, '', approvals);
    expect(person.offered).toEqual([['Send Nothing, Stop the Run', 'Show in Timeline']]);
  });

  test('is a document with a line for each file in a review', async () => {
    const { ask, shown, ...reviewing } = window();
    ask(SENDING);
    person.picks = [undefined];
    await reviewApprovals(reviewing);
    expect(shown[0]?.text).toContain(
      '- packages/api/src/session.ts, lines 12–40, 96–131, 2.4 KB: defines renewSession; calls renewSession',
    );
    expect(JSON.stringify(approvalItem(asked).tooltip)).toContain('packages/money/src/round⟨U+202E');
  });

  test.each([
    ['a file that was not asked about', ['packages/api/.env']],
    ['every file', CONTEXT.files.map(({ path }) => path)],
  ])('refuses an answer that leaves out %s, and stays open', (_what, leftOut) => {
    const { approvals, ask, told } = window();
    ask(SENDING);
    const answer = { verdict: 'approved', reason: '', leftOut } as const;
    expect(() => approvals.resolve('run', SENDING.approval, answer)).toThrow(/left out|not among those/);
    expect(approvals.pending()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  test('is the only one that files can be left out of, and only with a yes', () => {
    const { approvals, ask } = window();
    ask(CALL);
    ask(SENDING);
    const leftOut = ['packages/api/src/login.ts'];
    const over = (approval: string, verdict: 'approved' | 'rejected') => () =>
      approvals.resolve('run', approval, { verdict, reason: '', leftOut });
    expect(over('a1', 'approved')).toThrow(/not about files/);
    expect(over(SENDING.approval, 'rejected')).toThrow(/not about files/);
    expect(approvals.pending()).toHaveLength(2);
  });
});

describe('what the gatekeeper asks over a whole run', () => {
  test('reads as the sentences that it is, and says what a no comes to', async () => {
    const { approvals, ask } = window();
    const title = 'Go on with gpt-5 at api.openai.com? The run has met sensitive data.';
    const request = { approval: 'sensitive', title, detail: 'What was found …', snapshot: 's', editable: false };
    ask(request);
    await askApproval({ ...request, runId: 'run' }, '', approvals);
    expect(person.said).toEqual([`OpenExec waits for your approval: ${title}`]);
    expect(choicesOf({ ...request, runId: 'run' }).map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      'Approve: The run goes on',
      'Reject: The run stops before anything more is sent; your reason is recorded',
    ]);
  });
});
