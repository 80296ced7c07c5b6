/** Denials as notifications: few, however many there are. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Denial, Denials } from '../../../../src/vscode/denials/denials';

const editor = vi.hoisted(() => ({
  said: [] as string[],
  offered: [] as string[][],
  press: undefined as string | undefined,
  commands: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  window: {
    showWarningMessage: async (text: string, ...ways: string[]) => {
      editor.said.push(text);
      editor.offered.push(ways);
      return editor.press;
    },
  },
  commands: { executeCommand: async (...command: unknown[]) => void editor.commands.push(command) },
}));

const { DenialNotices } = await import('../../../../src/vscode/denials/notices');

let deny: (denial: Partial<Denial>) => void;
let notices: { dispose(): void };

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(editor, { said: [], offered: [], press: undefined, commands: [] });
  const denials = {
    onDidDeny: (listener: (denial: Denial) => void) => {
      deny = (denial) =>
        listener({
          ...{
            runId: 'r',
            seq: 1,
            tool: 'read_file',
            what: 'read_file .env',
            rule: 'secrets',
            layer: 'chosen policy standard (shipped)',
            reason: 'Secrets stay.',
          },
          ...{ paths: [], input: null, ...denial },
        });
      return { dispose: () => undefined };
    },
  };
  notices = new DenialNotices(denials as unknown as Denials, (error) => {
    throw error;
  });
});
afterEach(() => {
  notices.dispose();
  vi.useRealTimers();
});

describe('a denial', () => {
  test('is said with what, which rule and why, and leads to the timeline, to its explanation and to its policy', async () => {
    deny({});
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.said).toEqual(['OpenExec denied read_file .env: rule secrets. Secrets stay.']);
    expect(editor.offered).toEqual([['Show in Timeline', 'Explain', 'Open Policy']]);
  });

  test.each([
    ['Show in Timeline', 'openexec.openTimeline'],
    ['Explain', 'openexec.explainDecision'],
    ['Open Policy', 'openexec.openPolicy'],
  ])('"%s" does so at the event', async (button, command) => {
    editor.press = button;
    deny({ seq: 9 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.commands).toEqual([[command, 'r', 9]]);
  });
});

describe('a denial for lying outside of the zones', () => {
  const OUTSIDE = {
    ...{ rule: 'zones', layer: 'gatekeeper', what: 'read_file packages/web/b.ts' },
    reason: 'packages/web/b.ts is outside of the zones of this run (packages/api/**)',
  };

  test('says which zone, and offers to widen it in place of a policy that there is not', async () => {
    editor.press = 'Widen Zones…';
    deny({ ...OUTSIDE, seq: 9 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.said[0]).toContain('packages/web/b.ts is outside of the zones of this run (packages/api/**)');
    expect(editor.offered).toEqual([['Widen Zones…', 'Show in Timeline', 'Explain']]);
    expect(editor.commands).toEqual([['openexec.widenZones', 'r', 9]]);
  });

  test('is the one that is widened, also when another came first', async () => {
    editor.press = 'Widen Zones…';
    deny({ seq: 3 });
    deny({ ...OUTSIDE, seq: 9 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.commands).toEqual([['openexec.widenZones', 'r', 9]]);
  });

  test('is not what an excluded file is: that stays excluded', async () => {
    deny({ rule: 'excluded', layer: 'gatekeeper' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.offered).toEqual([['Show in Timeline', 'Explain', 'Open Policy']]);
  });

  test('is not what a rule of a policy is that has the same name', async () => {
    deny({ rule: 'zones' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.offered[0]).not.toContain('Widen Zones…');
  });
});

describe('many denials', () => {
  test('in a row share one notification, which counts them by rule', async () => {
    deny({});
    deny({ rule: 'ci', what: 'write_file ci.yml' });
    deny({});
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.said).toEqual(['OpenExec denied 3 calls: secrets (2), ci. First: read_file .env: Secrets stay.']);
  });

  test('that go on and on are said again only after a while, all together', async () => {
    deny({});
    await vi.advanceTimersByTimeAsync(1000);
    for (let i = 0; i < 50; i += 1) {
      deny({});
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(editor.said).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(editor.said).toHaveLength(2);
    expect(editor.said[1]).toContain('denied 50 calls');
  });
});
