import { beforeEach, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../src/core/kernel/errors';
import type { Progress } from '../../../src/core/ports/progress';

/** The window as far as a progress notification needs it; `press` is the person who presses its Cancel button. */
const editor = vi.hoisted(() => ({
  press: (): void => undefined,
  reports: [] as { message?: string; increment?: number }[],
  messages: [] as string[],
}));

vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  window: {
    withProgress: (
      options: { cancellable: boolean },
      work: (progress: { report(value: object): void }, token: object) => Promise<unknown>,
    ) => {
      const token = {
        onCancellationRequested: (listener: () => void) => {
          if (options.cancellable) editor.press = listener;
        },
      };
      return work({ report: (value) => editor.reports.push(value) }, token);
    },
    showInformationMessage: async (text: string) => {
      editor.messages.push(text);
    },
  },
}));

const { longWork } = await import('../../../src/vscode/longWork');

beforeEach(() => {
  editor.reports = [];
  editor.messages = [];
});

/** Work that goes on until it is cancelled. */
const endless = ({ signal }: Progress): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new OpenExecError('cancelled', 'cancelled')));
  });

test('Cancel in the notification ends the work through its signal, and that is said', async () => {
  const done = longWork('verifying the record', endless);
  editor.press();
  expect(await done).toBeUndefined();
  expect(editor.messages).toEqual(['OpenExec: verifying the record: cancelled.']);
});

test('what the work finds is handed on, and nothing is said of a cancellation', async () => {
  expect(await longWork('replaying the run', async () => 'verdict')).toBe('verdict');
  expect(editor.messages).toEqual([]);
});

test('an error that is no cancellation is thrown on', async () => {
  const failing = longWork('verifying the record', async () => {
    throw new OpenExecError('run_unknown', 'there is no such run');
  });
  await expect(failing).rejects.toMatchObject({ code: 'run_unknown' });
});

test('percentages are shown where the total is known, and never more than a hundred in all', async () => {
  await longWork('verifying the record', async ({ onProgress }) => {
    onProgress?.(5, null);
    for (let done = 0; done <= 1000; done++) onProgress?.(done, 1000);
  });
  expect(editor.reports[0]).toEqual({ message: '0 %', increment: 0 });
  const sum = editor.reports.reduce((all, { increment = 0 }) => all + increment, 0);
  expect(sum).toBeLessThanOrEqual(100);
});
