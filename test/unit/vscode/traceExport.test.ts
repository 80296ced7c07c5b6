/** Runs that end, and the collector of a team. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import type { Runs } from '../../../src/vscode/runs';
import { finishedRun } from '../../support/timelineRun';

const editor = vi.hoisted(() => ({
  settings: {} as Record<string, unknown>,
  said: [] as string[],
  commands: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  workspace: { getConfiguration: () => ({ get: (name: string) => editor.settings[name] }) },
  window: {
    showWarningMessage: async (text: string, button: string) => {
      editor.said.push(text);
      return button;
    },
  },
  commands: { executeCommand: async (...command: unknown[]) => void editor.commands.push(command) },
}));

const { TraceExport } = await import('../../../src/vscode/traceExport');

let append: (event: RunEvent) => void = () => undefined;
const sendTrace = vi.fn(async () => undefined);
const failed = vi.fn();
const runs = {
  sendTrace,
  onDidAppend: (listener: (event: RunEvent) => void) => {
    append = listener;
    return { dispose: () => undefined };
  },
} as unknown as Runs;
let exporting: InstanceType<typeof TraceExport>;

beforeEach(() => {
  exporting = new TraceExport(runs, failed);
});
afterEach(() => {
  exporting.dispose();
  Object.assign(editor, { settings: {}, said: [], commands: [] });
  vi.clearAllMocks();
});

const run = finishedRun().events;
const ended = run.findLast(({ type }) => type === 'run.finished');

test('nothing is sent while no collector is named', () => {
  for (const event of run) append(event);
  expect(sendTrace).not.toHaveBeenCalled();
});

test('a run is sent once, when it ends, without its content unless that is set', async () => {
  editor.settings = { 'traces.endpoint': ' http://127.0.0.1:4318/v1/traces ' };
  for (const event of run) append(event);
  await vi.waitFor(() => expect(sendTrace).toHaveBeenCalledTimes(1));
  expect(sendTrace).toHaveBeenCalledWith(ended?.run, { endpoint: 'http://127.0.0.1:4318/v1/traces', content: false });
  editor.settings = { ...editor.settings, 'traces.content': true };
  if (ended !== undefined) append(ended);
  await vi.waitFor(() => expect(sendTrace).toHaveBeenCalledTimes(2));
  expect(sendTrace).toHaveBeenLastCalledWith(ended?.run, expect.objectContaining({ content: true }));
});

test('a collector that does not take it is told of once, with a way to the settings; an address that is none as well', async () => {
  editor.settings = { 'traces.endpoint': 'http://127.0.0.1:9/v1/traces' };
  sendTrace.mockRejectedValue(new Error('the collector did not take the trace'));
  for (let times = 0; times < 2; times += 1) if (ended !== undefined) append(ended);
  await vi.waitFor(() => expect(editor.commands).toEqual([['workbench.action.openSettings', 'openexec.traces']]));
  expect(editor.said).toHaveLength(1);
  expect(editor.said[0]).toMatch(/did not take the trace.*recorded as always/);
  editor.settings = { 'traces.endpoint': 'collector' };
  if (ended !== undefined) append(ended);
  await vi.waitFor(() => expect(failed).toHaveBeenLastCalledWith(expect.objectContaining({ name: 'RangeError' })));
});
