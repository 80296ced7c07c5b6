/** The report of a run, written to where the person says. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../src/core/kernel/errors';
import { Uri } from '../../support/editorTypes';
import { listedRun } from '../../support/listedRun';

const editor = vi.hoisted(() => ({
  target: undefined as unknown,
  pressed: undefined as string | undefined,
  remoteName: undefined as string | undefined,
  picked: (_items: readonly { runId: string }[]): unknown => undefined,
  written: [] as unknown[][],
  said: [] as unknown[][],
  browsed: [] as unknown[],
}));

vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  env: {
    get remoteName() {
      return editor.remoteName;
    },
    openExternal: async (uri: unknown) => void editor.browsed.push(uri),
  },
  window: {
    withProgress: async (_options: unknown, work: (...given: unknown[]) => unknown) =>
      work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
    showSaveDialog: async () => editor.target,
    showQuickPick: async (items: readonly { runId: string }[]) => editor.picked(items),
    showInformationMessage: async (...said: unknown[]) => {
      editor.said.push(said);
      return editor.pressed;
    },
  },
  workspace: { fs: { writeFile: async (...written: unknown[]) => void editor.written.push(written) } },
}));

const { exportReport } = await import('../../../src/vscode/commands/exportReport');

const PAGE = '<!doctype html>\n<title>Ä</title>\n';
const TARGET = Uri.file('/home/ada/run.html');
const runs = {
  htmlReport: async () => PAGE,
  list: async () => [
    listedRun({ runId: 'goes-on', status: 'running' }),
    listedRun({ runId: 'ended' }),
    listedRun({ runId: 'paused', status: 'paused' }),
  ],
};

beforeEach(() => {
  Object.assign(editor, {
    target: TARGET,
    pressed: undefined,
    remoteName: undefined,
    written: [],
    said: [],
    browsed: [],
  });
});

describe('the report of a run', () => {
  test('is written to the file that was chosen, and opened in a browser when the person says so', async () => {
    editor.pressed = 'Open in Browser';
    await exportReport({ runs } as never, 'r');
    expect(editor.written).toEqual([[TARGET, new TextEncoder().encode(PAGE)]]);
    expect(editor.said).toEqual([['OpenExec: exported the report to run.html.', 'Open in Browser']]);
    expect(editor.browsed).toEqual([TARGET]);
  });

  test('is not offered to a browser that cannot read it', async () => {
    editor.remoteName = 'ssh-remote';
    await exportReport({ runs } as never, 'r');
    expect(editor.said).toEqual([['OpenExec: exported the report to run.html.']]);
  });

  test('is not written when no file is chosen', async () => {
    editor.target = undefined;
    await exportReport({ runs } as never, 'r');
    expect(editor.written).toEqual([]);
  });

  test('is asked for from the palette: of the runs that have one', async () => {
    const offered: string[][] = [];
    editor.picked = (items) => {
      offered.push(items.map(({ runId }) => runId));
      return items[1];
    };
    const htmlReport = vi.fn(runs.htmlReport);
    await exportReport({ runs: { ...runs, htmlReport } } as never);
    expect(offered).toEqual([['ended', 'paused']]);
    expect(htmlReport.mock.lastCall?.at(0 as never)).toBe('paused');
  });

  test('is not offered while no run has come to an end', async () => {
    const goesOn = async () => [listedRun({ status: 'running' })];
    await exportReport({ runs: { ...runs, list: goesOn } } as never);
    expect(editor.said).toEqual([['OpenExec: no run has ended or is paused yet. Wait for it, or pause it.']]);
    expect(editor.written).toEqual([]);
  });

  test('that cannot be made leaves no file, and the reason goes to the person', async () => {
    const htmlReport = async () => {
      throw new OpenExecError('run_active', 'run r has no end');
    };
    await expect(exportReport({ runs: { htmlReport } } as never, 'r')).rejects.toMatchObject({ code: 'run_active' });
    expect(editor.written).toEqual([]);
  });
});
