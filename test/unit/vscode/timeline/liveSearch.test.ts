/** A search in the timeline of a run that goes on. */
import { expect, it, vi } from 'vitest';
import { foldSummary, type RunSummary } from '../../../../src/core/events/summary';
import { type HostMessage, PROTOCOL_VERSION } from '../../../../src/protocol/messages';
import { longRun } from '../../../support/eventChain';

vi.mock('vscode', () => import('../../../support/editorTypes'));
const { TimelineSession } = await import('../../../../src/vscode/timeline/answer');
const { Approvals } = await import('../../../../src/vscode/approvals');

it('is told of what is found in events that come after the question', async () => {
  const all = longRun('r', 30);
  const events = all.slice(0, 20);
  const listeners: ((event: object) => void)[] = [];
  const never = () => ({ dispose: () => undefined });
  const runs = {
    summary: async () => ({
      ...events.reduce<RunSummary | null>(foldSummary, null),
      ...{ readOnly: false, imported: false },
    }),
    async *events(_run: string, from: number) {
      yield* events.slice(from);
    },
    // Every event holds what is searched for.
    async *search(_run: string, _query: string, from: number) {
      yield { seqs: events.slice(from).map(({ seq }) => seq), next: events.length };
    },
    onDidAppend: (listener: (event: object) => void) => {
      listeners.push(listener);
      return never();
    },
    drift: async () => null,
    ...{ onDidChange: never, onDidStream: never, onDidChangePolicy: never },
  };
  const said: HostMessage[] = [];
  const log = { warn: vi.fn(), error: vi.fn() };
  const desk = { runs, documents: {}, log, approvals: new Approvals(), verdicts: {} } as never;
  const post = (message: HostMessage): void => void said.push(message);
  const session = new TimelineSession('r', null, desk, { post, openRun: async () => undefined } as never);
  const found = () => said.flatMap((message) => (message.type === 'found' && message.id === 7 ? message.seqs : []));

  session.receive({ type: 'ready', protocol: PROTOCOL_VERSION });
  await vi.waitFor(() => expect(said.some(({ type }) => type === 'events')).toBe(true));
  session.receive({ type: 'search', runId: 'r', id: 7, query: 'anything' });
  await vi.waitFor(() => expect(found()).toHaveLength(20));
  for (const event of all.slice(20)) {
    events.push(event);
    for (const tell of listeners) tell(event);
  }
  await vi.waitFor(() => expect(found()).toEqual(all.map(({ seq }) => seq)));
  session.dispose();
});
