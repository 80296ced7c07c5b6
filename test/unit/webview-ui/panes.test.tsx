/** The header's buttons, the panes for what was spent and for checks of the record, as markup. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { Check } from '../../../src/protocol/check';
import type { RunView } from '../../../src/protocol/messages';
import { ChartsPane } from '../../../webview-ui/src/charts/ChartsPane';
import { OverTime } from '../../../webview-ui/src/charts/SpendingTables';
import { Spending } from '../../../webview-ui/src/charts/spending';
import { CheckPane } from '../../../webview-ui/src/check/CheckPane';
import { EventLog } from '../../../webview-ui/src/log/log';
import { itemForKey } from '../../../webview-ui/src/menu/keys';
import { RunActions } from '../../../webview-ui/src/RunActions';
import { pageLayout, ROWS, rowsAround } from '../../../webview-ui/src/share/pageLayout';
import { finishedRun, viewOf, waitingRun, waitingView } from '../../support/timelineRun';
import { batches, DIVERGED, SOUND, UNSOUND } from '../../support/timelineScenes';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const finished = finishedRun();
const log = EventLog.of(batches(finished).flatMap((message) => (message.type === 'events' ? message.headers : [])));
const nothing = () => {};

describe('the pane of what was spent', () => {
  const page = (of: EventLog) =>
    renderToStaticMarkup(<ChartsPane log={of} selected={0} onSelect={nothing} onClose={nothing} />);

  it('says that nothing was spent yet', () => {
    expect(page(EventLog.empty())).toContain('Nothing has been spent yet.');
  });

  it('has the sums by node and by model as tables, and an unknown cost as unknown', () => {
    const html = page(log);
    expect(html).toMatch(/<caption>By node<\/caption>.*implement/);
    expect(html).toMatch(/<caption>By model<\/caption>.*sample/);
    expect(html).toContain('cost unknown');
    expect(html).not.toContain('$0');
  });

  it('says in words what the picture shows', () => {
    expect(page(log)).toMatch(/role="img" aria-label="Tokens and cost over time: \d+ requests/);
  });

  it('has the line over time as a table with a way to each event', () => {
    const { points } = Spending.of(log, null);
    const html = renderToStaticMarkup(<OverTime points={points} count={points.length} onSelect={nothing} />);
    expect(html.match(/>Event \d+<\/button>/g)).toHaveLength(points.length);
  });
});

describe('the pane of checks', () => {
  const actions = {
    check: nothing,
    cancelCheck: nothing,
    openDivergence: nothing,
    select: nothing,
    showPane: nothing,
  };
  const page = (check: Check | null) => renderToStaticMarkup(<CheckPane check={check} events={90} actions={actions} />);

  it('says what each check does before there is one', () => {
    expect(page(null)).toMatch(/Replay runs the engine again.*Verify checks the hash chain/);
  });

  it('shows how far a check is, how to end it, and starts no second one meanwhile', () => {
    const html = page({ state: 'running', mode: 'exact', done: 41, total: 90 });
    expect(html).toMatch(/<progress aria-label="Replaying the run" max="90" value="41"/);
    expect(html).toContain('Replaying the run: 41 of 90');
    expect(html).toContain('>Cancel</button>');
    expect(html.match(/disabled=""/g)).toHaveLength(2);
    expect(page({ state: 'running', mode: 'verify', done: 0, total: null })).toContain('reading…');
  });

  it('says the verdict and what was not checked, also aloud', () => {
    const html = page(SOUND);
    expect(html).toContain('The record is sound: 90 events, 12 blobs.');
    expect(html).toMatch(/<h3>Not checked<\/h3>.*signatures come with an evidence bundle/);
    expect(html).toMatch(/role="status"[^>]*>The record is sound[^<]*Not checked: signatures/);
  });

  it('goes to the event of a finding where there is one', () => {
    const html = page(UNSOUND);
    expect(html).toMatch(/>Event 41<\/button>: prev is not the hash/);
    expect(html).toContain('Event 95: its end was cut');
    expect(html).not.toContain('>Event 95</button>');
  });

  it('shows a divergence as recorded and as replayed, with the member that differs', () => {
    const html = page(DIVERGED);
    expect(html).toMatch(/>Event 22<\/button>: <code>data\.facts\.paths\.0<\/code>/);
    expect(html).toMatch(/Recorded<\/figcaption><pre[^>]*>[^<]*discount\.js/);
    expect(html).toMatch(/Replayed<\/figcaption><pre[^>]*>[^<]*invoices\.js/);
    expect(html).toContain('>Open in Diff Editor</button>');
  });
});

describe('the actions of a run', () => {
  const page = (run: RunView, layout: 'full' | 'compact' = 'full') =>
    renderToStaticMarkup(
      <RunActions
        run={run}
        layout={layout}
        panes={new Set(['charts'])}
        share={{ copyLink: nothing, saveImage: nothing }}
        onPane={nothing}
        onCommand={nothing}
        onCheck={nothing}
      />,
    );

  it('are in sight in an editor tab, and in the side bar those that settle the run', () => {
    const labels = (html: string) => [...html.matchAll(/>([A-Z]\w+)<\/button>/g)].map(([, label]) => label);
    const ended = viewOf(finished);
    expect(labels(page(ended))).toEqual(['Apply', 'Discard', 'Replay', 'Verify', 'Export', 'Graph', 'Charts']);
    expect(labels(page(ended, 'compact'))).toEqual(['Apply', 'Discard']);
    expect(labels(page(waitingView(waitingRun())))).toEqual(['Cancel', 'Graph', 'Charts']);
  });

  it('say which panes are open, and that the rest is in a menu', () => {
    const html = page(viewOf(finished));
    expect(html).toMatch(/aria-pressed="false"[^>]*>Graph/);
    expect(html).toMatch(/aria-pressed="true"[^>]*>Charts/);
    expect(html).toMatch(/aria-label="More Actions"[^>]*aria-haspopup="menu" aria-expanded="false"/);
  });
});

describe('the keys of a menu', () => {
  const labels = ['Compare', 'Report', 'Copy Link'];

  it('go round, to either end, and to the next entry with a letter', () => {
    expect(itemForKey('ArrowDown', 2, labels)).toBe(0);
    expect(itemForKey('ArrowUp', 0, labels)).toBe(2);
    expect(itemForKey('ArrowUp', -1, labels)).toBe(2);
    expect(itemForKey('Home', 2, labels)).toBe(0);
    expect(itemForKey('End', 0, labels)).toBe(2);
    expect(itemForKey('c', 0, labels)).toBe(2);
    expect(itemForKey('c', 2, labels)).toBe(0);
  });

  it('are no others', () => {
    expect(itemForKey('Enter', 0, labels)).toBeNull();
    expect(itemForKey('x', 0, labels)).toBeNull();
    expect(itemForKey('ArrowDown', 0, [])).toBeNull();
  });
});

describe('the picture of a view', () => {
  const measure = (text: string) => text.length * 7;
  const content = { run: viewOf(finished), selected: 30, events: log.length, strip: { width: 500, height: 50 } };

  it('has the task, the state, the facts, the strip and the events about the selected one', () => {
    const { strokes } = pageLayout({ ...content, rows: rowsAround(log, null, 30) }, measure);
    const texts = strokes.flatMap((stroke) => (stroke.kind === 'text' ? [stroke.text] : []));
    expect(texts[0]).toMatch(/^Invoices with a discount.*…$/);
    expect(texts.join('\n')).toMatch(/Succeeded.*Cost\nunknown.*▸ 30.*event 30 · 90 events/s);
    expect(strokes).toContainEqual(expect.objectContaining({ kind: 'strip', width: 968, height: 97 }));
  });

  it('stays within its page', () => {
    const { strokes, height } = pageLayout({ ...content, rows: rowsAround(log, null, 30) }, measure);
    for (const stroke of strokes) {
      expect(stroke.y).toBeLessThan(height);
      if (stroke.kind === 'text') expect(stroke.x + measure(stroke.text)).toBeLessThanOrEqual(1000);
    }
  });

  it('holds as many events as fit, of those that are shown', () => {
    expect(rowsAround(log, null, 0).map(({ seq }) => seq)).toEqual(Array.from({ length: ROWS }, (_, at) => at));
    expect(rowsAround(log, null, 89).at(-1)?.seq).toBe(89);
    expect(rowsAround(log, Uint32Array.from([3, 40, 80]), 41).map(({ seq }) => seq)).toEqual([3, 40, 80]);
    expect(rowsAround(log, new Uint32Array(), 41)).toEqual([]);
  });
});
