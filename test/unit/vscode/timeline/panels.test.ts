/** What a timeline's webview says to its host. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Runs } from '../../../../src/vscode/runs';
import { CONTEXT } from '../../../support/boundedRun';
import { RUN } from '../../../support/runWriter';

const editor = vi.hoisted(() => ({
  posted: [] as unknown[],
  commands: [] as unknown[][],
  say: (_message: unknown): void => undefined,
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  return {
    ...types,
    ViewColumn: { Active: -1 },
    Uri: { joinPath: () => types.Uri.file('/extension') },
    commands: { executeCommand: async (...command: unknown[]) => void editor.commands.push(command) },
    window: {
      createWebviewPanel: () => ({
        webview: {
          cspSource: 'csp',
          asWebviewUri: (uri: unknown) => uri,
          postMessage: async (message: unknown) => void editor.posted.push(message),
          onDidReceiveMessage: (listener: (message: unknown) => void) => {
            editor.say = listener;
          },
        },
        onDidDispose: () => undefined,
      }),
    },
  };
});

const { Approvals } = await import('../../../../src/vscode/approvals');
const { TimelinePanels } = await import('../../../../src/vscode/timeline/panels');

/** A timeline of a run that asks what may be sent; `told` is what the run was answered. */
async function asking() {
  const never = () => ({ dispose: () => undefined });
  const runs = {
    summary: async () => ({ task: 'Mend it' }),
    ...{ onDidAppend: never, onDidChange: never, onDidStream: never, onDidChangePolicy: never },
  } as unknown as Runs;
  const approvals = new Approvals();
  const desk = { runs, approvals, log: { warn: vi.fn(), error: vi.fn() } };
  const panels = new TimelinePanels({} as never, desk as never);
  await panels.open(RUN);
  const told: unknown[] = [];
  const request = { approval: 'a', title: 'Send?', detail: JSON.stringify(CONTEXT), snapshot: 's', editable: false };
  const signal = new AbortController().signal;
  void approvals
    .of(RUN)
    .ask({ ...request, context: true }, signal)
    .then((verdict) => told.push(verdict));
  const answer = (leftOut: unknown) =>
    editor.say({ type: 'resolveApproval', runId: RUN, approval: 'a', verdict: 'approved', reason: '', leftOut });
  return { approvals, answer, told };
}

beforeEach(() => Object.assign(editor, { posted: [], commands: [] }));

describe('an answer about what is sent', () => {
  test('leaves out the files that were unticked', async () => {
    const { answer, told } = await asking();
    answer(['packages/api/src/session.ts']);
    await vi.waitFor(() => expect(told).toMatchObject([{ leftOut: ['packages/api/src/session.ts'] }]));
  });

  test('that names another file is refused: the question stays, and the person is told', async () => {
    const { approvals, answer, told } = await asking();
    answer(['packages/api/.env']);
    await vi.waitFor(() => expect(editor.posted).toHaveLength(1));
    expect(editor.posted).toEqual([
      { type: 'problem', message: 'The file packages/api/.env is not among those that were asked about.' },
    ]);
    expect(approvals.pending()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  test('that is no list of files is not understood', async () => {
    const { approvals, answer } = await asking();
    answer('packages/api/src/session.ts');
    expect(approvals.pending()).toHaveLength(1);
  });
});

test('a refusal in the timeline leads to wider zones, with the decision that it is about', async () => {
  await asking();
  editor.say({ type: 'widenZones', runId: RUN, seq: 14 });
  expect(editor.commands).toEqual([['openexec.widenZones', RUN, 14]]);
});
