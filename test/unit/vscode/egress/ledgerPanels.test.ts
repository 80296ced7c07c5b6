/** The page over what left this machine, and its command. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { LEDGER_PROTOCOL, type LedgerHostMessage } from '../../../../src/protocol/ledger';
import type { LedgerSource } from '../../../../src/vscode/egress/reading';
import { begun, ledgerOf, part, sent } from '../../../support/ledgerEntries';

type Shown = {
  title: string;
  posted: LedgerHostMessage[];
  html: string;
  say(raw: unknown): void;
  dispose(): void;
  revealed: number;
};
const window = vi.hoisted(() => ({
  panels: [] as unknown[],
  target: undefined as unknown,
  written: [] as [unknown, Uint8Array][],
  commands: [] as unknown[][],
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  const uri = (path: string) => ({ path, fsPath: path, toString: () => `file://${path}` });
  return {
    ...types,
    ViewColumn: { Active: 1 },
    Uri: { joinPath: (base: { path: string }, ...names: string[]) => uri([base.path, ...names].join('/')) },
    commands: { executeCommand: async (...args: unknown[]) => void window.commands.push(args) },
    workspace: {
      workspaceFolders: undefined,
      fs: { writeFile: async (target: unknown, bytes: Uint8Array) => void window.written.push([target, bytes]) },
    },
    window: {
      showSaveDialog: async () => window.target,
      showInformationMessage: async () => undefined,
      createWebviewPanel: (_type: string, title: string) => {
        const heard = new types.EventEmitter<unknown>();
        const gone = new types.EventEmitter<void>();
        const shown = {
          title,
          posted: [] as unknown[],
          revealed: 0,
          say: (raw: unknown) => heard.fire(raw),
          dispose: () => gone.fire(),
          get html() {
            return shown.webview.html;
          },
          reveal: () => {
            shown.revealed += 1;
          },
          onDidDispose: gone.event,
          webview: {
            html: '',
            cspSource: 'csp',
            asWebviewUri: (one: unknown) => one,
            onDidReceiveMessage: heard.event,
            postMessage: async (message: unknown) => void shown.posted.push(structuredClone(message)),
          },
        };
        window.panels.push(shown);
        return shown;
      },
    },
  };
});

const { LedgerPanels } = await import('../../../../src/vscode/egress/ledgerPanels');
const { showLedger } = await import('../../../../src/vscode/commands/showLedger');
const READY = { type: 'ready', protocol: LEDGER_PROTOCOL };
const log = { warn: vi.fn(), error: vi.fn() };

const run = (runId: string) => ({ runId, task: `Task of ${runId}`, blueprint: 'b', startedAt: 's', imported: false });
const ledger = ledgerOf(begun(), sent([part('user message', 12)]));

/** Runs of which each is read when the test lets it. */
function source(ids: readonly string[], more: Partial<LedgerSource> = {}) {
  const asked: string[] = [];
  const open: (() => void)[] = [];
  const runs = {
    list: async () => ids.map(run),
    summary: async (id: string) => run(id),
    egress: async (id: string) => {
      asked.push(id);
      await new Promise<void>((resolve) => open.push(resolve));
      return { ledger, problem: null };
    },
    ...more,
  } as unknown as LedgerSource;
  return { runs, asked, open };
}

const panel = (at = 0): Shown => window.panels[at] as Shown;
const types = (at = 0): string[] => panel(at).posted.map(({ type }) => type);

beforeEach(() => {
  Object.assign(window, { panels: [], target: undefined, written: [], commands: [] });
  log.warn.mockReset();
});

const panelsOver = (runs: LedgerSource) => new LedgerPanels({ path: '/ext' } as never, runs, log as never);

describe('the page over what left', () => {
  test('shows each run as soon as it is read, one after the other', async () => {
    const { runs, asked, open } = source(['r1', 'r2']);
    panelsOver(runs).open(null);
    expect(panel().html).toContain('data-page="ledger"');
    panel().say(READY);
    await vi.waitFor(() => expect(asked).toEqual(['r1']));
    open[0]?.();
    await vi.waitFor(() => expect(asked).toEqual(['r1', 'r2']));
    expect(types()).toEqual(['start', 'run']);
    open[1]?.();
    await vi.waitFor(() => expect(types()).toEqual(['start', 'run', 'run', 'end']));
  });

  test('stops reading when it is told to, and when it is closed', async () => {
    for (const stop of [() => panel().say({ type: 'cancel' }), () => panel().dispose()]) {
      window.panels = [];
      const { runs, asked, open } = source(['r1', 'r2', 'r3']);
      panelsOver(runs).open(null);
      panel().say(READY);
      await vi.waitFor(() => expect(asked).toEqual(['r1']));
      stop();
      open[0]?.();
      await vi.waitFor(() => expect(panel().posted.at(-1)).toMatchObject({ type: 'end', cancelled: true }));
      expect(asked).toEqual(['r1']);
    }
  });

  test('says of a run that cannot be read why, and goes on with the next', async () => {
    const failing = async (id: string) => {
      if (id === 'r1') throw new OpenExecError('run_unknown', 'it is gone');
      return { ledger, problem: null };
    };
    panelsOver(source(['r1', 'r2'], { egress: failing }).runs).open(null);
    panel().say(READY);
    await vi.waitFor(() => expect(types()).toEqual(['start', 'run', 'run', 'end']));
    expect(panel().posted[1]).toMatchObject({ entry: { runId: 'r1', problem: 'it is gone' } });
  });

  test('is one for each run and one for all, and is brought to the front the next time', () => {
    const panels = panelsOver(source([]).runs);
    for (const id of [null, 'r1', null, 'r1']) panels.open(id);
    expect(window.panels).toHaveLength(2);
    expect([panel(0).revealed, panel(1).revealed]).toEqual([1, 1]);
    panel(0).dispose();
    panels.open(null);
    expect(window.panels).toHaveLength(3);
  });

  test('writes what was read to the file that the person names, and nothing when they name none', async () => {
    const answered = async () => ({ ledger, problem: null });
    panelsOver(source(['r1'], { egress: answered }).runs).open('r1');
    panel().say(READY);
    await vi.waitFor(() => expect(types()).toEqual(['start', 'run', 'end']));
    panel().say({ type: 'export' });
    window.target = { fsPath: '/tmp/x.csv' };
    panel().say({ type: 'export' });
    await vi.waitFor(() => expect(window.written.length).toBeGreaterThan(0));
    const texts = window.written.map(([, bytes]) => new TextDecoder().decode(bytes));
    expect(texts.at(-1)).toContain('user message,,1,12,0');
  });

  test('opens the timeline of a run', async () => {
    panelsOver(source([]).runs).open(null);
    panel().say({ type: 'openRun', runId: 'r9' });
    await vi.waitFor(() => expect(window.commands).toEqual([['openexec.openTimeline', 'r9']]));
  });

  test('answers nothing to what it does not understand', async () => {
    panelsOver(source(['r1']).runs).open(null);
    panel().say({ type: 'export', file: '/etc/passwd' });
    await vi.waitFor(() => expect(log.warn).toHaveBeenCalledOnce());
    expect(panel().posted).toEqual([]);
  });
});

describe('the command', () => {
  test.each([
    [undefined, null],
    ['r1', 'r1'],
    [run('r2'), 'r2'],
  ])('called with %j is about %j', async (argument, about) => {
    const open = vi.fn();
    await showLedger({ ledger: { open } } as never, argument);
    expect(open).toHaveBeenCalledWith(about);
  });
});
