/** A local model that does not answer. */
import { expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import type { Runs } from '../../../src/vscode/runs';
import { boundedRun } from '../../support/boundedRun';

const editor = vi.hoisted(() => ({
  said: [] as string[],
  press: undefined as string | undefined,
  commands: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  window: {
    showWarningMessage: async (text: string) => {
      editor.said.push(text);
      return editor.press;
    },
  },
  commands: { executeCommand: async (...command: unknown[]) => void editor.commands.push(command) },
}));

const { ClassifierNotice } = await import('../../../src/vscode/classifierNotice');

test('is said once in a window, with what follows of it and a way to its setting', async () => {
  let append: (event: RunEvent) => void = () => undefined;
  const runs = {
    onDidAppend: (listener: (event: RunEvent) => void) => {
      append = listener;
      return { dispose: () => undefined };
    },
  } as unknown as Runs;
  const failed = vi.fn();
  const notice = new ClassifierNotice(runs, failed);
  for (const event of boundedRun().events) append(event);
  expect(editor.said).toEqual([]);
  editor.press = 'Open Settings';
  for (const event of boundedRun('it is missing').events) append(event);
  for (const event of boundedRun('it is missing').events) append(event);
  await vi.waitFor(() => expect(editor.commands).toHaveLength(1));
  expect(editor.said).toEqual([
    'OpenExec: The local model did not answer (it is missing): rules alone, and the sensitivity is at least medium.',
  ]);
  expect(editor.commands[0]).toEqual(['workbench.action.openSettings', 'openexec.gatekeeper']);
  expect(failed).not.toHaveBeenCalled();
  notice.dispose();
});
