/** The details of events as markup: changes of files, redactions, what a call came to, reports. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { EventType, RunEvent } from '../../../src/core/events/schema';
import { detailsOf } from '../../../src/protocol/details';
import { type HostMessage, PROTOCOL_VERSION, type RunView } from '../../../src/protocol/messages';
import { redactedPieces } from '../../../src/protocol/redacted';
import { DetailsPane } from '../../../webview-ui/src/DetailsPane';
import { ReportView } from '../../../webview-ui/src/details/ReportView';
import { initialState, reduce } from '../../../webview-ui/src/state';
import { changeAt, detailedRun, FINDINGS, placeOf, TESTS } from '../../support/detailScenes';
import { RUN } from '../../support/runWriter';
import { viewOf } from '../../support/timelineRun';
import { batches } from '../../support/timelineScenes';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const run = detailedRun();
const nothing = () => {};

/** The details of an event, once the host has said all of this. */
function detailsAt(seq: number, more: readonly HostMessage[] = [], change: Partial<RunView> = {}): string {
  const view = viewOf(run, change);
  const told = [...batches(run), ...run.events.map(detailsOf), ...more];
  const hello: HostMessage = { type: 'hello', protocol: PROTOCOL_VERSION, run: view };
  const state = [hello, ...told].reduce(
    (now, message) => reduce(now, { type: 'host', message }),
    initialState(null, new Set()),
  );
  return renderToStaticMarkup(
    <DetailsPane
      state={reduce(state, { type: 'select', seq })}
      run={view}
      {...{ onSelect: nothing, onExplain: nothing, onWiden: nothing, onAskChange: nothing, onOpenDiff: nothing }}
    />,
  );
}

const detailsOfFirst = <T extends EventType>(type: T, fits?: (event: RunEvent<T>) => boolean): string =>
  detailsAt(placeOf(run, type, fits));

describe('the details of a changed file', () => {
  const seq = placeOf(run, 'file.changed');

  it('say that the lines are compared until they have come', () => {
    expect(detailsAt(seq)).toContain('Comparing the lines…');
  });

  it('show the lines, with what came and what went in words', () => {
    const page = detailsAt(seq, [changeAt(seq)]);
    expect(page).toContain('Changed the content: 1 line added, 2 lines removed');
    expect(page).toMatch(/line-plus.*?only-read-aloud">added: <\/span>\s*return allocate\(total, weights\);/s);
    expect(page).not.toContain('Comparing the lines…');
  });

  it('say why the lines cannot be shown', () => {
    const problem = 'the content after the change is no text, or its bytes are gone';
    expect(detailsAt(seq, [{ type: 'change', runId: RUN, seq, change: null, problem }])).toContain(
      `The lines cannot be shown: ${problem}.`,
    );
  });

  it('are kept of the changes that were looked at last', () => {
    const told = Array.from({ length: 30 }, (_, at) => changeAt(at));
    const hello: HostMessage = { type: 'hello', protocol: PROTOCOL_VERSION, run: viewOf(run) };
    const start = reduce(initialState(null, new Set()), { type: 'host', message: hello });
    const { changes } = told.reduce((now, message) => reduce(now, { type: 'host', message }), start);
    expect([changes.size, changes.has(9), changes.has(10), changes.has(29)]).toEqual([20, false, true, true]);
  });

  it('have ways to see it in the editor, of which one needs the folder to be here', () => {
    const page = detailsAt(seq);
    expect(page).toMatch(/Open Diff<.*Open Diff Against Start<.*Open Diff Against Now</s);
    expect(page).not.toMatch(/<button[^>]*disabled/);
    expect(detailsAt(seq, [], { imported: true })).toMatch(
      /<button[^>]*disabled=""[^>]*title="The run was recorded elsewhere: its folder is not here"[^>]*>Open Diff Against Now</,
    );
  });
});

describe('the details of a model call', () => {
  it('mark what was redacted in the messages, and say how much left for whom', () => {
    const page = detailsOfFirst('model.requested');
    expect(page).toMatch(/Reported by <mark class="redacted" title="Redacted: email\.[^"]*">«email:1»<\/mark>\./);
    expect(page).toMatch(/Sent to<\/dt><dd>this machine \(recorded\), 2\.3 KB</);
    expect(page).toMatch(/Redacted<\/dt><dd>1 × email</);
  });

  it('have the reply with its tokens, its cost and the time to the first token', () => {
    const page = detailsOfFirst('model.responded');
    expect(page).toMatch(/Tokens<\/dt><dd>3,520 in \(2,048 cached\), 210 out</);
    expect(page).toMatch(/Cost<\/dt><dd>unknown</);
    expect(page).toMatch(/Time<\/dt><dd>2\.4 s, first token after 410 ms</);
    expect(page).toContain('Tool call read_file');
  });
});

describe('the details of a tool call', () => {
  it('have the decision, the question to a person and the answer together', () => {
    const page = detailsOfFirst('tool.finished', ({ data }) => data.tool === 'git_commit');
    expect(page).toMatch(/Decision<.*asks a person, by the rule <code>commit-asks</s);
    expect(page).toMatch(/Asked<\/dt><dd>commit 1 file.*Answer<.*approved by user.*Reason<\/dt><dd>looks right</s);
  });

  it('have the files that it changed, each with a way to its event and its diff', () => {
    const page = detailsOfFirst('tool.requested', ({ data }) => data.tool === 'replace_in_file');
    expect(page).toMatch(/<h4>Effect<\/h4><p>1 file changed<\/p>.*modified .*>src\/discount\.js<\/button>/s);
    expect(page).toContain('aria-label="Open Diff of src/discount.js"');
  });

  it('have what the command reported', () => {
    const page = detailsOfFirst('tool.finished', ({ data }) => data.tool === 'run_project_command');
    expect(page).toMatch(/<h4>Effect<\/h4>.*eslint.*<caption>Findings<\/caption>/s);
  });
});

describe('a report', () => {
  const page = (report: Parameters<typeof ReportView>[0]['report']) =>
    renderToStaticMarkup(<ReportView report={report} />);

  it('has how many tests passed and failed, and each failure', () => {
    expect(page(TESTS)).toMatch(/Passed<.*23<.*Failed<.*1<.*Skipped<.*2</s);
    expect(page(TESTS)).toMatch(/three equal lines.*test\/discount\.test\.js:41.*expected 1000, got 999/s);
  });

  it('has what a linter found, and how much is not listed', () => {
    expect(page(FINDINGS)).toMatch(/Errors<.*1<.*Warnings<.*1</s);
    expect(page(FINDINGS)).toMatch(/error<.*src\/discount\.js:14.*no-unused-vars.*never used/s);
    expect(page(FINDINGS)).toContain('and 3 more findings, not recorded');
  });

  it('has no numbers when no tool was recognised', () => {
    expect(page({ ...TESTS, tool: null })).toBe(
      '<p class="quiet">No test run was found in the output, so there is nothing to count.</p>',
    );
    expect(page({ ...FINDINGS, tool: null })).toContain('No report of a known tool was found');
  });

  it('takes the place of its JSON text', () => {
    const details = detailsOfFirst('artifact.created', ({ data }) => data.name === 'test_report');
    expect(details).toContain('<caption>Failures</caption>');
    expect(details).not.toContain('&quot;kind&quot;');
  });
});

describe('a text with redactions', () => {
  it('is the same text in pieces, with the kind of each placeholder', () => {
    expect(redactedPieces('to «email:2» «bonjour» «aws-key»')).toEqual([
      { text: 'to ', redacted: null },
      { text: '«email:2»', redacted: 'email' },
      { text: ' «bonjour» ', redacted: null },
      { text: '«aws-key»', redacted: 'aws-key' },
    ]);
    expect(redactedPieces('')).toEqual([]);
  });
});
