/** The status bar item: what goes on, and how much waits for the person. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import type { ApprovalRequest } from '../../../src/core/ports/approver';
import type { Runs } from '../../../src/vscode/runs';

type Item = { text: string; visible: boolean; command: { command: string; arguments?: unknown[] } };
const bar = vi.hoisted(() => ({ item: {} as Item }));

vi.mock('vscode', async () => ({
  ...(await import('../../support/editorTypes')),
  StatusBarAlignment: { Left: 1 },
  commands: { executeCommand: async () => undefined },
  window: {
    createStatusBarItem: () => {
      bar.item = Object.assign(bar.item, {
        show: () => Object.assign(bar.item, { visible: true }),
        hide: () => Object.assign(bar.item, { visible: false }),
      });
      return bar.item;
    },
  },
}));

const { Approvals } = await import('../../../src/vscode/approvals');
const { RunStatusBar } = await import('../../../src/vscode/statusBar');

const ASKED: ApprovalRequest = { approval: 'a', title: 't', detail: 'd', snapshot: 's', editable: false };

function window() {
  let listener: (event: RunEvent) => void = () => undefined;
  const runs = {
    onDidAppend: (given: typeof listener) => {
      listener = given;
      return { dispose: () => undefined };
    },
  };
  const approvals = new Approvals();
  new RunStatusBar(runs as unknown as Runs, approvals);
  const ask = (run: string, approval = 'a') =>
    void approvals.of(run).ask({ ...ASKED, approval }, new AbortController().signal);
  return { approvals, ask, append: (type: string, run: string) => listener({ type, run, node: 'fix' } as RunEvent) };
}

beforeEach(() => {
  bar.item = {} as Item;
});

describe('the status bar item', () => {
  test('leads to the timeline of the run that waits, when one does', () => {
    const { append, ask } = window();
    append('node.started', 'r1');
    append('node.started', 'r2');
    ask('r2');
    expect(bar.item.text).toBe('$(question) OpenExec: waits for approval (+1)');
    expect(bar.item.command).toMatchObject({ command: 'openexec.openTimeline', arguments: ['r2'] });
  });

  test('counts what waits when it is more, and leads to all of it', () => {
    const { append, ask, approvals } = window();
    append('node.started', 'r1');
    ask('r1');
    ask('r2');
    expect(bar.item.text).toBe('$(question) OpenExec: 2 approvals wait');
    expect(bar.item.command.command).toBe('openexec.reviewApprovals');
    approvals.resolve('r1', 'a', { verdict: 'approved', reason: '' });
    expect(bar.item.text).toContain('waits for approval');
  });
});
