/** The list of runs and the timeline beside it, joined: what is chosen in one is shown in the other. */
import { expect, test, vi } from 'vitest';
import { EventEmitter } from '../../../support/editorTypes';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({
  select: (_rows: unknown): void => undefined,
  focus: (_state: unknown): void => undefined,
  providers: [] as string[],
  options: {} as { canSelectMany?: boolean },
}));

vi.mock('vscode', async () => ({
  ...(await import('../../../support/editorTypes')),
  Disposable: {
    from: (...all: { dispose(): void }[]) => ({
      dispose: () => {
        for (const one of all) one.dispose();
      },
    }),
  },
  commands: { executeCommand: async () => undefined },
  window: {
    createTreeView: (_id: string, options: typeof editor.options) => {
      editor.options = options;
      const onDidChangeSelection = (listener: typeof editor.select) => {
        editor.select = listener;
        return { dispose: () => undefined };
      };
      return { message: '', badge: undefined, onDidChangeSelection, dispose: () => undefined };
    },
    onDidChangeWindowState: (listener: typeof editor.focus) => {
      editor.focus = listener;
      return { dispose: () => undefined };
    },
    registerWebviewViewProvider: (id: string) => {
      editor.providers.push(id);
      return { dispose: () => undefined };
    },
  },
}));

const { Approvals } = await import('../../../../src/vscode/approvals');
const { registerRunViews } = await import('../../../../src/vscode/runList/register');

function registered() {
  const never = () => ({ dispose: () => undefined });
  const opened = new EventEmitter<string>();
  const kept = new Map<string, unknown>();
  const views = registerRunViews({
    extension: {} as never,
    desk: {
      runs: { onDidAppend: never, onDidChange: never },
      approvals: new Approvals(),
      verdicts: { onDidChangeFileDecorations: never },
    } as never,
    drifts: { onDidChange: never } as never,
    panels: { onDidOpen: opened.event } as never,
    memory: {
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, value),
    } as never,
  });
  return { views, opened, chosen: () => kept.get('openexec.timelineRun') };
}

test('a run that is selected, or opened as an editor tab, is the one that the side bar shows', () => {
  const { views, opened, chosen } = registered();
  expect(editor.providers).toEqual(['openexec.timelineView']);
  editor.select({ selection: [listedRun({ runId: 'a' })] });
  expect(chosen()).toBe('a');
  editor.select({ selection: [listedRun({ runId: 'b' }), listedRun({ runId: 'c' })] });
  expect(chosen()).toBe('a');
  opened.fire('d');
  expect(chosen()).toBe('d');
  views.dispose();
});

test('several runs can be selected, to be compared', () => {
  registered().views.dispose();
  expect(editor.options.canSelectMany).toBe(true);
});
