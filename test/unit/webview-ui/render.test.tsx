/**
 * The timeline as markup, in its key states. The controls of the toolkit need a document, so plain ones stand in for them;
 * what is tested is ours.
 */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { EVENT_TYPES } from '../../../src/core/events/schema';
import { detailsOf } from '../../../src/protocol/details';
import { type HostMessage, PROTOCOL_VERSION, type RunView } from '../../../src/protocol/messages';
import { seqForKey } from '../../../webview-ui/src/EventList';
import { visitsOf } from '../../../webview-ui/src/grouping';
import { valueText } from '../../../webview-ui/src/Scrubber';
import { initialState, reduce, type TimelineState } from '../../../webview-ui/src/state';
import { Timeline, type TimelineActions } from '../../../webview-ui/src/Timeline';
import type { RunWriter } from '../../support/runWriter';
import {
  finishedRun,
  interruptedRun,
  interruptedView,
  resumedRun,
  viewOf,
  waitingRun,
  waitingView,
} from '../../support/timelineRun';
import { batches, momentsOf } from '../../support/timelineScenes';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const nothing: TimelineActions = {
  select: () => {},
  follow: () => {},
  fold: () => {},
  showMoment: () => {},
  showGraph: () => {},
  reveal: () => {},
  dismiss: () => {},
  command: () => {},
  resolve: () => {},
};

const OPEN = { moment: true, graph: true };

const html = (state: TimelineState): string =>
  renderToStaticMarkup(
    <Timeline state={state} visits={visitsOf(state.headers)} actions={nothing} onRetry={() => {}} />,
  );

function stateOf(...messages: HostMessage[]): TimelineState {
  return messages.reduce((state, message) => reduce(state, { type: 'host', message }), initialState(null, OPEN));
}

/** The run with all its events; `seq` selected, all data there, and the state at that event. */
function showing(run: RunWriter, view: RunView, seq = run.events.length - 1): TimelineState {
  const all = [...batches(run), ...run.events.map(detailsOf), ...momentsOf(run).slice(seq, seq + 1)];
  const state = stateOf({ type: 'hello', protocol: PROTOCOL_VERSION, run: view }, ...all);
  return reduce(state, { type: 'select', seq });
}

const finished = finishedRun();
const waiting = waitingRun();

describe('the timeline without a run', () => {
  it('says that it is being opened, and what failed', () => {
    expect(html(initialState(null, OPEN))).toContain('Opening the timeline…');
    const failed = html(reduce(initialState(null, OPEN), { type: 'problem', message: 'the store is locked' }));
    expect(failed).toMatch(/role="alert">the store is locked/);
    expect(failed).toContain('Try Again');
  });

  it('says how to start one', () => {
    expect(html(stateOf({ type: 'hello', protocol: PROTOCOL_VERSION, run: null }))).toContain(
      'OpenExec: Start Blueprint Run',
    );
  });

  it('asks for a reload of the window when the versions differ', () => {
    expect(html(reduce(initialState(null, OPEN), { type: 'outdated' }))).toContain('Reload the window');
  });

  it('says that it loads while events are on their way', () => {
    const view = viewOf(finished);
    expect(html(stateOf({ type: 'hello', protocol: PROTOCOL_VERSION, run: view }))).toContain('Loading 90 events…');
  });
});

describe('the timeline of a run', () => {
  const page = html(showing(finished, viewOf(finished), 22));

  it('says in words how it ended, what it cost, and that no live call was made', () => {
    expect(page).toContain('Succeeded');
    expect(page).toContain('Recorded model, no live calls');
    expect(page).toMatch(/Cost<\/dt><dd>unknown/);
    expect(page).toMatch(/Denials<\/dt><dd>.*?1<\/dd>/);
  });

  it('does not claim a record for a live model', () => {
    expect(html(showing(finished, viewOf(finished, { recorded: false })))).not.toContain('no live calls');
  });

  it('has a button that shows and hides the graph', () => {
    const state = showing(finished, viewOf(finished), 22);
    expect(html(state)).toMatch(/aria-pressed="true"[^>]*>Graph<.*aria-label="Graph"/);
    const hidden = html(reduce(state, { type: 'graph', open: false }));
    expect(hidden).toMatch(/aria-pressed="false"[^>]*>Graph</);
    expect(hidden).not.toContain('aria-label="Graph"');
  });

  it('has a slider that says where it stands', () => {
    expect(page).toMatch(/<input type="range"[^>]*aria-label="Position in the run"/);
    expect(page).toContain('aria-valuetext="event 23 of 90: policy.decided implement"');
    expect(valueText([], 0)).toBe('no event');
  });

  it('has a tree with positions in which one event is selected', () => {
    expect(page).toMatch(/role="tree"[^>]*aria-activedescendant="event-22"/);
    expect(page.match(/aria-selected="true"/g)).toHaveLength(1);
    expect(page).toMatch(/id="event-22"[^>]*aria-posinset="\d+"[^>]*aria-setsize="\d+"[^>]*aria-selected="true"/);
    expect(page).toMatch(/aria-label="implement, success, 1 denied, 10.1 s, \d+ events"/);
  });

  it('tells the rule and the reason of a denial, with the call it denied', () => {
    expect(page).toContain('secrets-never-read');
    expect(page).toContain('files that hold secrets are never read');
    expect(page).toContain('config/production.env');
  });

  it('keeps a folded visit as one row, and names that row when it holds the selection', () => {
    const key =
      visitsOf(showing(finished, viewOf(finished)).headers).find((visit) => visit.node === 'implement')?.key ?? '';
    const folded = html(reduce(showing(finished, viewOf(finished), 22), { type: 'fold', keys: [key], folded: true }));
    expect(folded).not.toContain('id="event-22"');
    expect(folded).toContain(`aria-activedescendant="visit-${key}"`);
  });

  it('offers what the run allows', () => {
    for (const label of ['Apply', 'Discard', 'Replay', 'Verify', 'Export'])
      expect(page).toContain(`>${label}</button>`);
    expect(page).not.toContain('>Cancel</button>');
    expect(page).not.toContain('>Resume</button>');
  });

  it.each([...new Set(finished.events.map((event) => event.type))])('shows the details of %s', (type) => {
    expect(EVENT_TYPES).toContain(type);
    const seq = finished.events.findIndex((event) => event.type === type);
    const details = html(showing(finished, viewOf(finished), seq)).split('aria-label="Details"')[1] ?? '';
    expect(details).toContain(`Event ${seq}, ${type}`);
    expect(details).toMatch(/class="(facts|text-block|table)"/);
    expect(details).not.toMatch(/\[object|undefined|NaN/);
  });

  it('marks the lines of a diff', () => {
    const seq = finished.events.findIndex((event) => event.type === 'artifact.created' && event.data.kind === 'diff');
    const diff = html(showing(finished, viewOf(finished), seq));
    expect(diff).toContain('<span class="line line-plus">+  return allocate(total, weights);');
    expect(diff).toContain('<span class="line line-minus">-  return shares;');
  });

  it('says what was shortened', () => {
    const run = finishedRun();
    run.finish('call-99', 'read_file', { output: 'x'.repeat(300_000) });
    expect(html(showing(run, viewOf(run), run.events.length - 1))).toContain('data.output (300,000 characters)');
  });

  it('never lets recorded text become markup', () => {
    const page = html(showing(finished, viewOf(finished, { task: '<img src=x onerror=alert(1)>' })));
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toContain('<img');
  });
});

describe('the timeline of a run that goes on', () => {
  const state = showing(waiting, waitingView(waiting));

  it('asks for the approval on top, with exactly what it is bound to', () => {
    const page = html(state);
    expect(page.indexOf('Approval needed')).toBeLessThan(page.indexOf('role="tree"'));
    expect(page).toContain('>Approve</button>');
    expect(page).toContain('>Reject</button>');
    expect(page).toContain('What is to be approved');
  });

  it('takes an answer once', () => {
    expect(html(reduce(state, { type: 'answered', approval: 'approval-1' }))).toMatch(/disabled=""[^>]*>Approve/);
  });

  it('offers to change the input of a call, and nothing else', () => {
    const view = waitingView(waiting);
    const pendingApproval = { approval: 'approval-1', title: 'git_commit', detail: '{"message":"a"}', editable: true };
    expect(html(state)).not.toContain('>Edit</button>');
    expect(html(showing(waiting, { ...view, pendingApproval }))).toContain('>Edit</button>');
    expect(html(showing(waiting, { ...view, pendingApproval, readOnly: true }))).not.toContain('>Edit</button>');
  });

  it('is only watched when another window writes it', () => {
    const page = html(showing(waiting, { ...waitingView(waiting), readOnly: true }));
    expect(page).toContain('Runs in another window');
    expect(page).not.toContain('>Approve</button>');
    expect(page).not.toContain('>Cancel</button>');
  });

  it('offers the way back to the head only away from it', () => {
    expect(html(state)).not.toContain('Jump to Live');
    expect(html(reduce(state, { type: 'select', seq: 3 }))).toContain('Jump to Live');
  });

  it('shows what the model writes', () => {
    const { runId } = waitingView(waiting);
    const delta: HostMessage = { type: 'delta', runId, text: 'The shares do not' };
    expect(html(reduce(state, { type: 'host', message: delta }))).toContain('The shares do not');
  });

  it('says aloud where it stands', () => {
    expect(html(state)).toMatch(/role="status"[^>]*>Run running, at commit, approval needed: commit 1 file/);
  });
});

describe('the timeline of a run that broke off', () => {
  const broken = interruptedRun();
  const page = html(showing(broken, interruptedView(broken)));

  it('offers to take it up again or to give it up', () => {
    expect(page).toContain('>Resume</button>');
    expect(page).toContain('>Discard</button>');
    expect(page).not.toContain('>Apply</button>');
  });

  it('says what is in doubt, with the input of the call', () => {
    const details = page.split('aria-label="Details"')[1] ?? '';
    expect(details).toMatch(/In doubt<\/dt><dd>run_project_command \(call-5\): begun, and without an outcome<\/dd>/);
    expect(details).toContain('Input of run_project_command');
  });

  it('says that its node is not finished, in the list and in the state', () => {
    expect(page).toMatch(/aria-label="lint, not finished, /);
    expect(page).toMatch(/>lint <span class="quiet">not finished<\/span>/);
  });

  it('tells what was decided when it was taken up, and shows the node as active again', () => {
    const run = resumedRun();
    const resumed = html(showing(run, viewOf(run, { status: 'running' })));
    expect(resumed).toMatch(/Decision<\/dt><dd>done again<\/dd>/);
    expect(resumed).toMatch(/>lint <span class="quiet">active<\/span>/);
  });

  it('says of an imported one that it is to be looked at only', () => {
    const view = { ...interruptedView(broken), imported: true, readOnly: true, canResume: false, canDiscard: false };
    const imported = html(showing(broken, view));
    expect(imported).toContain('Imported, read-only');
    expect(imported).not.toContain('>Resume</button>');
    expect(imported).not.toContain('another window');
  });
});

describe('the state at an event', () => {
  const state = showing(finished, viewOf(finished), 46);
  const region = (of: TimelineState): string => /<section class="moment".*?<\/section>/.exec(html(of))?.[0] ?? '';

  it('is a named region that says of which event it is, and announces nothing by itself', () => {
    expect(region(state)).toMatch(/^<section class="moment" aria-label="State at this event">/);
    expect(region(state)).toContain('State at event 46');
    expect(region(state)).not.toMatch(/aria-live|role="(status|alert|log)"/);
  });

  it('says in words how each node, the budget and the files stand', () => {
    for (const [node, words] of [
      ['implement', 'success'],
      ['test', 'active'],
      ['commit', 'waiting'],
    ]) {
      expect(region(state)).toContain(`>${node} <span class="quiet">${words}</span>`);
    }
    expect(region(state)).toMatch(/Model calls<\/span> 4 of 48/);
    expect(region(state)).toMatch(/Tokens<\/span> 16,000 of 500,000/);
    expect(region(state)).toMatch(/Time<\/span> 16.3 s of 20 min/);
    expect(region(state)).toMatch(/1 file changed.*src\/discount.js.*changed, 1.9 KB/);
    expect(region(showing(finished, viewOf(finished)))).toContain(
      '>test <span class="quiet">success, attempt 2</span>',
    );
  });

  it('says what a person is asked', () => {
    expect(region(showing(waiting, waitingView(waiting)))).toMatch(/Asked<.*commit 1 file on openexec/);
  });

  it('says how many files it does not list', () => {
    const moment = state.moment;
    if (moment === null) throw new Error('there is no moment');
    const page = region({ ...state, moment: { ...moment, moreFiles: 1_500 } });
    expect(page).toContain('1,501 files changed');
    expect(page).toContain('and 1,500 more');
  });

  it('stays until the next one comes, under the number of its own event', () => {
    expect(region(reduce(state, { type: 'select', seq: 50 }))).toContain('State at event 46');
  });

  it('is one button when it is folded away', () => {
    const folded = region(reduce(state, { type: 'moment', open: false }));
    expect(folded).toMatch(/aria-expanded="false"/);
    expect(folded).not.toContain('Budget');
  });

  it('says that it is read when there is none yet', () => {
    expect(region({ ...state, moment: null })).toContain('Reading the record…');
  });
});

describe('the keys of the list', () => {
  const visible = [0, 1, 5, 6];

  it('walk the visible with up and down, every event with left and right', () => {
    expect(['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft'].map((key) => seqForKey(key, 1, visible, 7))).toEqual([
      5, 0, 2, 0,
    ]);
  });

  it('go to the ends and not beyond', () => {
    expect(['Home', 'End'].map((key) => seqForKey(key, 3, visible, 7))).toEqual([0, 6]);
    expect([seqForKey('ArrowRight', 6, visible, 7), seqForKey('ArrowLeft', 0, visible, 7)]).toEqual([6, 0]);
  });

  it('leave every other key alone', () => {
    expect(seqForKey('a', 3, visible, 7)).toBeNull();
  });
});
