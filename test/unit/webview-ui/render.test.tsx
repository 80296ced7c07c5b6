/**
 * The timeline as markup, in its key states. The controls of the toolkit need a document, so plain ones stand in for them;
 * what is tested is ours.
 */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { EVENT_TYPES, type EventType } from '../../../src/core/events/schema';
import type { PendingApproval } from '../../../src/protocol/approval';
import { detailsOf } from '../../../src/protocol/details';
import { headerWriter } from '../../../src/protocol/headers';
import { type HostMessage, PROTOCOL_VERSION, type RunView } from '../../../src/protocol/messages';
import type { TimelineActions } from '../../../webview-ui/src/actions';
import { seqForKey } from '../../../webview-ui/src/EventList';
import { rowsOf } from '../../../webview-ui/src/list/rows';
import { EventLog } from '../../../webview-ui/src/log/log';
import { initialState, type Pane, reduce, type TimelineState } from '../../../webview-ui/src/state';
import { valueText } from '../../../webview-ui/src/strip/Strip';
import { Timeline } from '../../../webview-ui/src/Timeline';
import { boundedRun, boundedView, CONTEXT, SENDING, SENSITIVE } from '../../support/boundedRun';
import type { RunWriter } from '../../support/runWriter';
import {
  COMMIT,
  finishedRun,
  interruptedRun,
  interruptedView,
  resumedRun,
  viewOf,
  waitingRun,
  waitingView,
} from '../../support/timelineRun';
import {
  batches,
  DRIFT,
  EXPLANATION,
  HIDDEN_COMMAND,
  momentsOf,
  QUESTION,
  WRITTEN,
} from '../../support/timelineScenes';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const nothing: TimelineActions = {
  select: () => {},
  follow: () => {},
  stay: () => {},
  fold: () => {},
  showPane: () => {},
  filter: () => {},
  play: () => {},
  advance: () => {},
  askChange: () => {},
  openDiff: () => {},
  check: () => {},
  cancelCheck: () => {},
  openDivergence: () => {},
  copyLink: () => {},
  saveImage: () => {},
  reveal: () => {},
  dismiss: () => {},
  command: () => {},
  resolve: () => {},
  explain: () => {},
  widen: () => {},
  openRun: () => {},
};

const OPEN: ReadonlySet<Pane> = new Set<Pane>(['moment', 'graph']);

const html = (state: TimelineState): string =>
  renderToStaticMarkup(<Timeline state={state} actions={nothing} layout="full" onRetry={() => {}} />);

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

/** The card of a question that the waiting run asks. */
function cardOf(pending: PendingApproval, change: Partial<RunView> = {}): string {
  const page = html(showing(waiting, { ...waitingView(waiting), approvals: [pending], ...change }));
  return /<section class="approval".*?<\/section>/s.exec(page)?.[0] ?? '';
}

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
    const hidden = html(reduce(state, { type: 'pane', pane: 'graph', open: false }));
    expect(hidden).toMatch(/aria-pressed="false"[^>]*>Graph</);
    expect(hidden).not.toContain('aria-label="Graph"');
  });

  it('has a slider that says where it stands', () => {
    expect(page).toMatch(/role="slider"[^>]*aria-label="Position in the run"[^>]*aria-valuenow="22"/);
    expect(page).toContain('aria-valuetext="event 23 of 90: policy.decided implement"');
    expect(valueText(EventLog.empty(), 0)).toBe('no event');
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

  it('says where the rule of a decision comes from, and keeps the rule in sight in the list', () => {
    expect(page).toContain('This rule comes from shipped.');
    expect(page).toMatch(
      /class="event-words">Denied read_file config\/production.env<.*class="event-rule"> — secrets-never-read</,
    );
  });

  it('explains a decision on request: every rule that was looked at, the winner marked in words', () => {
    expect(page).toMatch(/aria-expanded="false"[^>]*>.*?Explain this decision</);
    const asked = reduce(showing(finished, viewOf(finished), 22), { type: 'explain', seq: 22, open: true });
    expect(html(asked)).toContain('Deriving the decision again…');
    const about = { type: 'explanation', runId: viewOf(finished).runId, seq: 22 } as const;
    const told = (message: HostMessage): string => html(reduce(asked, { type: 'host', message }));
    const table = told({ ...about, explanation: EXPLANATION, problem: '' });
    expect(table).toContain('5 rules looked at, 2 matched');
    for (const column of ['Layer', 'Source', 'Rule', 'Effect', 'Target', 'Matched', 'Why'])
      expect(table).toContain(`<th scope="col" class="">${column}</th>`);
    expect(table.match(/<tr class="is-marked">.*?<\/tr>/g)).toHaveLength(1);
    expect(table).toMatch(
      /<tr class="is-marked">.*?secrets-never-read.*?deny.*?yes, wins.*?config\/production.env.*?chosen.*?<\/tr>/,
    );
    expect(told({ ...about, explanation: null, problem: 'the record is gone' })).toContain(
      'This decision cannot be explained: the record is gone',
    );
  });

  it('says with an icon and in words whether a command was confined', () => {
    const seq = finished.events.findIndex((e) => e.type === 'tool.finished' && e.data.confinement === 'not confined');
    expect(html(showing(finished, viewOf(finished), seq))).toMatch(
      /codicon-unlock.*?not confined: nothing of the operating/,
    );
    const run = finishedRun();
    run.finish('call-99', 'run_command', { confinement: 'confined by bubblewrap: no network' });
    const confined = html(showing(run, viewOf(run), run.events.length - 1));
    expect(confined).toMatch(/codicon-lock.*?confined by bubblewrap: no network/);
  });

  it('counts the calls of tools that the run does not have', () => {
    expect(page).not.toContain('outside of the toolset');
    const counted = html(showing(finished, viewOf(finished, { denials: 3, outsideToolset: 2 })));
    expect(counted).toContain('3, 2 outside of the toolset');
  });

  it('says that the policy has changed since, and by how much', () => {
    expect(page).not.toContain('The policy has changed');
    const drift: HostMessage = { type: 'drift', runId: viewOf(finished).runId, drift: DRIFT };
    const drifted = html(reduce(showing(finished, viewOf(finished)), { type: 'host', message: drift }));
    expect(drifted).toMatch(/aria-expanded="false".*?The policy has changed since this run.*?1 wider, 2 narrower/);
  });

  it('keeps a folded visit as one row, and names that row when it holds the selection', () => {
    const { log } = showing(finished, viewOf(finished));
    const begun = log.seek(-1, 1, (seq) => log.text('node', seq) === 'implement');
    const key = String(begun);
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

  it('lists the old results that were shortened in the conversation, and says that the record holds them', () => {
    const run = finishedRun();
    const calls = [{ call: 'fix.1.1.1', before: 9000, after: 273 }];
    run.add('conversation.shortened', { calls, before: 40_000, after: 31_273, hash: 'a'.repeat(64) });
    const page = html(showing(run, viewOf(run), run.events.length - 1));
    expect(page).toMatch(/Conversation<.*31 KB, was 39 KB.*The record<.*holds the results as they were/);
    expect(page).toMatch(/1 result<.*fix\.1\.1\.1.*8\.8 KB.*273 B/);
  });

  it('never lets recorded text become markup', () => {
    const page = html(showing(finished, viewOf(finished, { task: '<img src=x onerror=alert(1)>' })));
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toContain('<img');
  });
});

describe('the timeline of a run that the gatekeeper bounds', () => {
  const run = boundedRun();
  const detailsAt = (type: EventType, change: Partial<RunView> = {}, of = run): string => {
    const seq = of.events.findIndex((event) => event.type === type);
    return html(showing(of, boundedView(of, change), seq)).split('aria-label="Details"')[1] ?? '';
  };

  it('shows what the plan was made of: what was named and where, the packages, what is ignored and why', () => {
    const details = detailsAt('plan.proposed');
    expect(details).toContain('Looked at 48,211 files in 37 packages.');
    expect(details).toMatch(/renewSession.*a symbol.*packages\/api\/src\/session\.ts.*packages\/api\/test\/session/);
    expect(details).toMatch(/ledger.*a word.*nowhere/);
    expect(details).toMatch(/@tally\/api.*packages\/api.*packages\/money/);
    expect(details).toMatch(/packages\/web\/src\/generated\/\*\*.*\.openexecignore/);
  });

  it('shows who said what: the local model with what it is not sure of, and what the rules made of it', () => {
    const details = detailsAt('plan.proposed');
    expect(details).toMatch(/<td[^>]*>intent<.*?bugfix, not sure<.*?<td[^>]*>bugfix</);
    expect(details).toMatch(/<td[^>]*>sensitivity<.*?<td[^>]*>low<.*?<td[^>]*>medium, by the rules</);
    expect(details).toMatch(/58 % sure, too little/);
  });

  it('says that the rules alone made the plan, and why', () => {
    const details = detailsAt('plan.proposed', {}, boundedRun('the model is broken.'));
    expect(details).toContain('The local model did not answer (the model is broken): rules alone');
    expect(details).toContain('no local model answered');
  });

  it('lists what a person changed of the plan', () => {
    expect(detailsAt('plan.accepted')).toMatch(
      /Changed<.*zones: packages\/api\/\*\* \(proposed: .*what will be sent is/,
    );
  });

  it('lists the files that a request shows, each with its lines where they are known', () => {
    const details = detailsAt('egress.sent');
    expect(details).toMatch(/session\.ts<\/code> 12–40<.*session\.ts<\/code> 96–131<.*README\.md<\/code><\/li>/);
    expect(details).toContain('none known');
  });

  it('shows the ranges of a file together, with their sizes', () => {
    const details = detailsAt('context.built');
    expect(details).toContain('Chosen: 4 files');
    expect(details.match(/session\.ts</g)).toHaveLength(1);
    expect(details).toMatch(/<li>12–40 \(1,020 B\)<\/li><li>96–131 \(1\.4 KB\)<\/li>/);
  });

  it('says what was left out of what was sent', () => {
    expect(detailsAt('approval.resolved')).toMatch(/Left out<.*packages\/api\/test\/session\.test\.ts/);
  });

  it('says what zones were widened to, by whom and after what; and what made the run sensitive', () => {
    expect(detailsAt('zones.widened')).toMatch(
      /person in VS Code.*packages\/money\/\*\*.*after read_file packages\/money/,
    );
    expect(detailsAt('sensitivity.raised')).toMatch(/high, was medium.*1 × aws-key, 2 × private-key/);
  });

  it('offers wider zones at a call that lay outside, where the run goes on here; never for what is excluded', () => {
    const refusal = (rule: string, change: Partial<RunView> = {}): string => {
      const seq = run.events.findIndex((event) => event.type === 'policy.decided' && event.data.rule === rule);
      return html(showing(run, boundedView(run, change), seq));
    };
    expect(refusal('zones')).toContain('>Widen Zones…</button>');
    expect(refusal('zones')).toContain('This rule comes from the gatekeeper&#x27;s plan of this run.');
    expect(refusal('zones', { canPause: false })).not.toContain('Widen Zones…');
    expect(refusal('excluded')).not.toContain('Widen Zones…');
  });
});

describe('the question what may be sent', () => {
  it('lists every file once, ticked, with its ranges, size and reason, and the total', () => {
    const card = cardOf(SENDING);
    expect(card.match(/type="checkbox"/g)).toHaveLength(4);
    expect(card.match(/checked=""/g)).toHaveLength(4);
    expect(card).toContain('4 files of the repository would be sent to api.openai.com');
    expect(card).toContain('lines 12–40, 96–131 · 2.4 KB');
    expect(card).toContain('defines renewSession; calls renewSession');
    expect(card).toMatch(/role="status">4 files, 8 KB, would be sent\./);
    expect(card).toContain('>Send 4 Files</button>');
    expect(card).toContain('>Send Nothing, Stop the Run</button>');
    expect(card).not.toContain('\u202E');
  });

  it('takes an answer once, and none where the run is only watched', () => {
    const state = showing(waiting, { ...waitingView(waiting), approvals: [SENDING] });
    expect(html(reduce(state, { type: 'answered', approval: SENDING.approval }))).toMatch(/disabled=""[^>]*>Send 4 F/);
    const watched = cardOf(SENDING, { readOnly: true });
    expect(watched).toContain('packages/api/src/login.ts');
    expect(watched).not.toContain('type="checkbox"');
    expect(watched).not.toContain('>Send 4 Files<');
  });

  it('is put as it is where a context has no file', () => {
    const card = cardOf({ ...SENDING, context: { ...CONTEXT, files: [], bytes: 0 } });
    expect(card).toMatch(/<button type="button" title="[^"]*">Go On Without Files</);
  });
});

it('the question whether a run with sensitive data goes on says what that means', () => {
  const card = cardOf(SENSITIVE);
  expect(card).toContain('Go on with gpt-5 at api.openai.com? The run has met sensitive data.');
  expect(card).toContain('<figcaption>What that means</figcaption>');
  expect(card).toContain('>Approve</button>');
});

describe('the timeline of a run that goes on', () => {
  const state = showing(waiting, waitingView(waiting));

  it('asks for the approval on top, with exactly what it is bound to', () => {
    const page = html(state);
    expect(page.indexOf('Approval needed')).toBeLessThan(page.indexOf('role="tree"'));
    expect(page).toContain('>Allow Once</button>');
    expect(page).toContain('>Deny</button>');
    expect(page).toContain('>Deny with Reason…</button>');
    expect(page).toContain('Exact arguments of git_commit');
  });

  it('asks between two nodes of the blueprint for a yes or a no, with a reason', () => {
    const card = cardOf({ ...COMMIT, tool: null, asks: null });
    expect(card).toContain('>Approve</button>');
    expect(card).toContain('>Reject</button>');
    expect(card).toContain('aria-label="Reason"');
    expect(card).not.toContain('Allow Once');
  });

  it('takes an answer once', () => {
    expect(html(reduce(state, { type: 'answered', approval: 'approval-1' }))).toMatch(/disabled=""[^>]*>Allow Once/);
  });

  it('offers to change the input of a call, and nothing else', () => {
    const editable = { ...COMMIT, detail: '{"message":"a"}', editable: true };
    expect(cardOf(COMMIT)).not.toContain('>Edit</button>');
    expect(cardOf(editable)).toContain('>Edit</button>');
    expect(cardOf(editable, { readOnly: true })).not.toContain('>Edit</button>');
  });

  it('offers to allow a call in this run only where it can be told from others, and says how exactly', () => {
    expect(cardOf(COMMIT)).not.toContain('Allow in This Run');
    expect(cardOf(HIDDEN_COMMAND)).toMatch(/title="This call, word for word:[^"]*">Allow in This Run</);
  });

  it('shows what cannot be seen, in the command line and its words', () => {
    const card = cardOf(HIDDEN_COMMAND);
    expect(card).not.toContain('\u202E');
    expect(card.match(/title="U\+202E right-to-left override">U\+202E</g)).toHaveLength(3);
    expect(card).toContain('Holds 1 character that cannot be seen');
    expect(card).toMatch(/aria-label="Program and arguments, one by one"><li title="Program">npx<\/li>/);
  });

  it('says what asks, where that comes from, and what the answer is bound to', () => {
    const card = cardOf(HIDDEN_COMMAND);
    expect(card).toContain('<code>other-commands-ask</code>');
    expect(card).toContain('the workspace&#x27;s policy: team (.openexec/policy.yaml)');
    expect(card).toMatch(
      /exactly these arguments, under the policy <code class="hash" title="[0-9a-f]{64}">[0-9a-f]{12}</,
    );
  });

  it('shows a write as the lines that go and come, with their numbers, and words for those who do not see the signs', () => {
    const card = cardOf(WRITTEN);
    expect(card).toMatch(/line-minus"><span class="line-number" aria-hidden="true">2<.*removed: .*tallybook/);
    expect(card).toMatch(/line-plus">.*>2<.*added: .*tallybook/);
    expect(card).toContain('title="U+200B zero-width space"');
    expect(card).toContain('There is no line feed at the end of the new text.');
    expect(card).toMatch(/<details[^>]*><summary>Exact arguments of write_file/);
  });

  it('says how much of a change is not shown', () => {
    const { change } = WRITTEN;
    if (change?.kind !== 'file') throw new Error('there is no change');
    expect(cardOf({ ...WRITTEN, change: { ...change, moreLines: 1_200 } })).toContain(
      '1,200 more lines not shown here',
    );
  });

  it('says why a command line is not one plain command', () => {
    const change = { kind: 'command', line: 'a | b', argv: null, why: 'a pipe joins two commands' } as const;
    expect(cardOf({ ...HIDDEN_COMMAND, change })).toContain('Not one plain command: a pipe joins two commands.');
  });

  it('lets the person answer what the model asks, or decline', () => {
    const page = html(showing(waiting, { ...waitingView(waiting), approvals: [QUESTION] }));
    const card = /The model asks you.*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(card).toContain('Should rounding differences go to the first line or to the last?');
    expect(card).toContain('aria-label="Your answer; it is recorded, and sent to the model"');
    expect(card).toMatch(/disabled=""[^>]*>Answer</);
    expect(card).toContain('>Decline</button>');
    expect(page).toContain('Waiting for your answer');
    expect(page).toMatch(/role="status"[^>]*>Run running, at commit, the model asks: Should rounding/);
  });

  it('lists all that waits: the questions of this run, and those of others with the way there', () => {
    const elsewhere = [{ runId: 'r2', task: 'Write the changelog', title: 'a commit asks' }];
    const both = { ...waitingView(waiting), approvals: [COMMIT, HIDDEN_COMMAND], elsewhere };
    const page = html(showing(waiting, both));
    expect(page).toContain('2 answers wanted in this run:');
    expect(page.match(/class="approval"/g)).toHaveLength(2);
    expect(page).toMatch(/Another run waits for you: a commit asks.*title="Write the changelog">Open its timeline</);
  });

  it('is only watched when another window writes it', () => {
    const page = html(showing(waiting, { ...waitingView(waiting), readOnly: true }));
    expect(page).toContain('Runs in another window');
    expect(page).not.toContain('>Allow Once</button>');
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
    expect(region(state)).toMatch(/1 file changed.*src\/discount.js.*modified .*discount.js.*1.9 KB/);
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
    const folded = region(reduce(state, { type: 'pane', pane: 'moment', open: false }));
    expect(folded).toMatch(/aria-expanded="false"/);
    expect(folded).not.toContain('Budget');
  });

  it('says that it is read when there is none yet', () => {
    expect(region({ ...state, moment: null })).toContain('Reading the record…');
  });
});

describe('the keys of the list', () => {
  // Of seven events 2, 3 and 4 do not fit.
  const visible = rowsOf(
    EventLog.of(finished.events.slice(0, 7).map(headerWriter())),
    new Set(),
    Uint32Array.of(0, 1, 5, 6),
  );

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
