import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../src/protocol/details';
import { type HostMessage, PROTOCOL_VERSION, type RunView } from '../../../src/protocol/messages';
import {
  initialState,
  type Pane,
  reduce,
  type TimelineAction,
  type TimelineState,
} from '../../../webview-ui/src/state';
import { finishedRun, viewOf, waitingRun, waitingView } from '../../support/timelineRun';
import { batches, DRIFT, EXPLANATION, momentsOf } from '../../support/timelineScenes';

const finished = finishedRun();
const waiting = waitingRun();
const view = viewOf(finished);
const live = waitingView(waiting);
const runId = view.runId;
const last = waiting.events.length - 1;

const hello = (run: RunView | null): HostMessage => ({ type: 'hello', protocol: PROTOCOL_VERSION, run });
const events = (from: number, to: number): HostMessage => {
  const headers = batches(finished).flatMap((message) => (message.type === 'events' ? message.headers : []));
  return { type: 'events', runId, from, headers: headers.slice(from, to) };
};

function continued(state: TimelineState, ...steps: (HostMessage | TimelineAction)[]): TimelineState {
  const isAction = (step: HostMessage | TimelineAction): step is TimelineAction =>
    ['host', 'outdated', 'dismiss', 'follow', 'fold', 'explain', 'answered'].includes(step.type) ||
    (step.type === 'select' && !('runId' in step));
  return steps.reduce<TimelineState>(
    (before, step) => reduce(before, isAction(step) ? step : { type: 'host', message: step }),
    state,
  );
}

const OPEN: ReadonlySet<Pane> = new Set<Pane>(['moment', 'graph']);

const start = (...steps: (HostMessage | TimelineAction)[]) => continued(initialState(null, OPEN), ...steps);

describe('the state of the timeline', () => {
  it('connects, then shows the run it is greeted with', () => {
    expect(start().phase).toBe('connecting');
    expect(start(hello(view))).toMatchObject({ phase: 'ready', run: view, selected: null });
  });

  it('knows that it is outdated', () => {
    expect(start(hello(view), { type: 'outdated' }).phase).toBe('outdated');
  });

  it('keeps the graph of its run, over a gap too, and never that of another', () => {
    const picture = { graph: null, bound: null, problems: ['none'] };
    const state = start(hello(view), { type: 'graph', runId, picture });
    expect(state.picture).toEqual(picture);
    expect(continued(state, hello(view)).picture).toEqual(picture);
    expect(continued(state, hello({ ...view, runId: 'another' })).picture).toBeNull();
    expect(start(hello(view), { type: 'graph', runId: 'another', picture }).picture).toBeNull();
  });

  it('shows a blueprint without a run, and how it is after each change', () => {
    const [before, after] = [['a'], ['b']].map((problems) => ({ graph: null, bound: null, problems }));
    if (before === undefined || after === undefined) throw new Error('there are two');
    const state = start({ type: 'hello', protocol: PROTOCOL_VERSION, run: null, picture: before });
    expect(state.picture).toEqual(before);
    expect(continued(state, { type: 'graph', runId: null, picture: after }).picture).toEqual(after);
  });

  it('shows and hides the graph', () => {
    const hidden = reduce(start(hello(view)), { type: 'pane', pane: 'graph', open: false });
    expect(hidden.panes).toEqual(new Set(['moment']));
    expect(continued(hidden, hello(view)).panes).toEqual(new Set(['moment']));
  });

  it('follows the head as events come', () => {
    expect(start(hello(live), events(0, 10))).toMatchObject({ selected: 9, following: true });
    expect(start(hello(live), events(0, 10), events(10, 25))).toMatchObject({ selected: 24, following: true });
  });

  it('stays where the person went while the run goes on', () => {
    const state = start(hello(live), events(0, 10), { type: 'select', seq: 3 }, events(10, 25));
    expect(state).toMatchObject({ selected: 3, following: false });
  });

  it('goes back to the head on request, and by itself when the person walks there', () => {
    const away = start(hello(live), events(0, 10), { type: 'select', seq: 3 });
    expect(continued(away, { type: 'follow' })).toMatchObject({ selected: 9, following: true });
    expect(continued(away, { type: 'select', seq: 9 }, events(10, 12))).toMatchObject({
      selected: 11,
      following: true,
    });
  });

  it('does not follow a run that has ended', () => {
    const end = finished.events.length - 1;
    expect(start(hello(view), events(0, end + 1), { type: 'select', seq: end }).following).toBe(false);
  });

  it('ignores a selection outside of the run', () => {
    expect(start(hello(live), events(0, 10), { type: 'select', seq: 10 }).selected).toBe(9);
    expect(start(hello(live), events(0, 10), { type: 'select', seq: -1 }).selected).toBe(9);
  });

  it('returns to the saved position once its event is there', () => {
    const restored = continued(initialState({ runId, seq: 12 }, OPEN), hello(view), events(0, 10));
    expect(restored).toMatchObject({ selected: null, following: false });
    expect(continued(restored, events(10, 20))).toMatchObject({ selected: 12, following: false, wanted: null });
  });

  it('forgets the saved position of another run', () => {
    const state = continued(initialState({ runId: 'another', seq: 12 }, OPEN), hello(view), events(0, 20));
    expect(state).toMatchObject({ selected: 19, following: true, wanted: null });
  });

  it('shows what the host selects, also when that event is still to come', () => {
    const state = start(hello(live), events(0, 10), { type: 'select', runId, seq: 15 });
    expect(continued(state, events(10, 30))).toMatchObject({ selected: 15, following: false });
  });

  it('keeps the place when the host starts over with the same run, and not with another', () => {
    const state = start(hello(view), events(0, 20), { type: 'select', seq: 5 });
    expect(continued(state, hello(view), events(0, 20)).selected).toBe(5);
    expect(continued(state, hello({ ...view, runId: 'another' }))).toMatchObject({ selected: null, following: true });
  });

  it('takes overlapping batches once, and notices a hole', () => {
    const state = start(hello(live), events(0, 10), events(5, 15));
    expect(state.log.slice(0, 99).map((header) => header.seq)).toEqual(Array.from({ length: 15 }, (_, seq) => seq));
    expect(continued(state, events(20, 25))).toMatchObject({ gaps: 1, log: state.log });
  });

  it('drops what belongs to another run', () => {
    const state = start(hello(live), events(0, 5));
    expect(continued(state, { type: 'delta', runId: 'another', text: 'x' })).toBe(state);
    expect(continued(state, { type: 'run', run: { ...view, runId: 'another' } })).toBe(state);
  });

  it('collects what the model writes until its reply is an event', () => {
    const writing = start(
      hello(live),
      events(0, 12),
      { type: 'delta', runId, text: 'so ' },
      { type: 'delta', runId, text: 'far' },
    );
    expect(writing.writing).toBe('so far');
    expect(finished.events[12]?.type).toBe('model.responded');
    expect(continued(writing, events(12, 13)).writing).toBe('');
  });

  it('keeps the data of events, and says why some cannot be shown', () => {
    const [event] = finished.events;
    if (event === undefined) throw new Error('the run is empty');
    const broken: HostMessage = { type: 'details', runId, seq: 1, event: '{', cuts: [] };
    const state = start(hello(view), events(0, 5), detailsOf(event), broken);
    expect(state.details.get(0)).toMatchObject({ ok: true, event });
    expect(state.details.get(1)).toEqual({ ok: false, problem: 'event 1 is not JSON' });
  });

  it('does not keep the data of every event for ever', () => {
    const many = Array.from(
      { length: 250 },
      (_, seq): HostMessage => ({ type: 'details', runId, seq, event: '{', cuts: [] }),
    );
    const { details } = start(hello(view), ...many);
    expect([details.size, details.has(0), details.has(249)]).toEqual([200, false, true]);
  });

  it('remembers an answer until the host confirms it, and asks again when it failed', () => {
    const answered = start(hello(live), events(0, last + 1), { type: 'answered', approval: 'approval-1' });
    expect(continued(answered, { type: 'run', run: live }).answered).toEqual(new Set(['approval-1']));
    expect(continued(answered, { type: 'run', run: { ...live, approvals: [] } }).answered).toEqual(new Set());
    expect(continued(answered, { type: 'problem', message: 'the run has ended' })).toMatchObject({
      answered: new Set(),
      problem: 'the run has ended',
    });
  });

  it('unfolds how a decision came about, and keeps what was told of it', () => {
    const told = { type: 'explanation', runId, seq: 22, explanation: EXPLANATION, problem: '' } as const;
    const known = start(hello(live), { type: 'explain', seq: 22, open: true }, told);
    expect(known.explained).toEqual(new Set([22]));
    expect(known.explanations.get(22)).toEqual({ ok: true, explanation: EXPLANATION });
    const folded = continued(known, { type: 'explain', seq: 22, open: false });
    expect([folded.explained.size, folded.explanations.size]).toEqual([0, 1]);
  });

  it('asks again how a decision came about when it could not be told', () => {
    const failed = { type: 'explanation', runId, seq: 22, explanation: null, problem: 'the record is gone' } as const;
    const told = start(hello(live), events(0, last + 1), failed);
    expect(told.explanations.get(22)).toEqual({ ok: false, problem: 'the record is gone' });
    expect(continued(told, { type: 'explain', seq: 22, open: true }).explanations.has(22)).toBe(false);
  });

  it('shows the drift of the policy until there is none, and never that of another run', () => {
    const drifted = start(hello(live), { type: 'drift', runId, drift: DRIFT });
    expect(drifted.drift).toEqual(DRIFT);
    expect(continued(drifted, { type: 'drift', runId, drift: null }).drift).toBeNull();
    expect(start(hello(live), { type: 'drift', runId: 'another', drift: DRIFT }).drift).toBeNull();
  });

  it('shows a problem until it is dismissed', () => {
    expect(start({ type: 'problem', message: 'disk full' }, { type: 'dismiss' }).problem).toBeNull();
  });

  it('takes the state at an event as it comes, and none of another run', () => {
    const [first, second] = momentsOf(finished) as [HostMessage, HostMessage];
    const state = start(hello(view), events(0, 5), first, second);
    expect(state.moment?.seq).toBe(1);
    expect(continued(state, { ...first, runId: 'another' } as HostMessage)).toBe(state);
  });

  it('keeps what is folded when the host starts over, and asks for the state anew', () => {
    const [first] = momentsOf(finished) as [HostMessage];
    const folded = reduce(start(hello(view), events(0, 5), first), { type: 'pane', pane: 'moment', open: false });
    expect(continued(folded, hello(view))).toMatchObject({ moment: null, panes: new Set(['graph']) });
  });

  it('does not wait for events of a run that is paused', () => {
    const paused = { ...live, status: 'paused' } as const;
    expect(start(hello(paused), events(0, 10), { type: 'select', seq: 9 }).following).toBe(false);
  });

  it('folds and unfolds visits', () => {
    const folded = start({ type: 'fold', keys: ['0', '3'], folded: true });
    expect([...folded.collapsed]).toEqual(['0', '3']);
    expect([...continued(folded, { type: 'fold', keys: ['0'], folded: false }).collapsed]).toEqual(['3']);
  });
});
