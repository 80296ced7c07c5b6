/** What a timeline's webview is answered when it asks about changes of files. */
import { describe, expect, it, vi } from 'vitest';
import type { HostMessage } from '../../../../src/protocol/messages';

vi.mock('vscode', () => import('../../../support/editorTypes'));
const { TimelineSession } = await import('../../../../src/vscode/timeline/answer');
const { Approvals } = await import('../../../../src/vscode/approvals');

const RUN = 'run-1';
const version = (sha256: string) => ({ sha256, bytes: 4, kept: true });
const EVENT = {
  type: 'file.changed',
  data: { call: 'c', path: 'src/a.js', before: version('old'), after: version('new'), how: 'write_file' },
};

/** A webview of a run with one change of a file; `said` is what it was answered, `opened` the titles of the diffs. */
function webview(texts: ReadonlyMap<string, string>) {
  const never = () => ({ dispose: () => undefined });
  const runs = {
    event: async () => EVENT,
    moment: async () => ({ files: [], moreFiles: 0 }),
    textByHash: async (_run: string, sha256: string) => texts.get(sha256),
    ...{ onDidAppend: never, onDidChange: never, onDidStream: never, onDidChangePolicy: never },
  };
  const [said, opened]: [HostMessage[], string[]] = [[], []];
  const documents = { diff: async (_sides: unknown, title: string) => void opened.push(title) };
  const log = { warn: vi.fn(), error: vi.fn() };
  const desk = { runs, documents, log, approvals: new Approvals(), verdicts: {} } as never;
  const post = (message: HostMessage): void => void said.push(message);
  const session = new TimelineSession(RUN, null, desk, { post, openRun: async () => undefined } as never);
  return { say: (message: object) => session.receive({ runId: RUN, seq: 3, ...message }), said, opened };
}

const TEXTS = new Map([
  ['old', 'one\n'],
  ['new', 'two\n'],
]);

describe('a timeline that asks about a change of a file', () => {
  it('is told its lines', async () => {
    const { say, said } = webview(TEXTS);
    say({ type: 'change' });
    await vi.waitFor(() => expect(said).toHaveLength(1));
    expect(said).toMatchObject([{ type: 'change', runId: RUN, seq: 3, change: { path: 'src/a.js' }, problem: '' }]);
  });

  it('has the diff opened in the editor', async () => {
    const { say, opened } = webview(TEXTS);
    say({ type: 'openDiff', path: 'src/a.js', against: 'before' });
    await vi.waitFor(() => expect(opened).toEqual(['a.js (before event 3 ↔ event 3)']));
  });

  it('is told in one line why a diff cannot be opened', async () => {
    const { say, said, opened } = webview(new Map());
    say({ type: 'openDiff', path: 'src/a.js', against: 'before' });
    const message = 'src/a.js cannot be shown: its content after event 3 is no text, or its bytes are gone.';
    await vi.waitFor(() => expect(said).toEqual([{ type: 'problem', message }]));
    expect(opened).toEqual([]);
  });

  it('is answered about no other run', async () => {
    const { say, said } = webview(TEXTS);
    say({ type: 'change', runId: 'run-2' });
    say({ type: 'change' });
    await vi.waitFor(() => expect(said).toMatchObject([{ runId: RUN }]));
  });
});
