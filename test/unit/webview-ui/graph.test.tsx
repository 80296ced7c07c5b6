/** The graph as markup: without a run, and at events of one. What is drawn where, the tests of the layout say. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { graphOf } from '../../../src/core/blueprint/graph';
import { blueprintSchema } from '../../../src/core/blueprint/schema';
import { textOf } from '../../../src/core/events/payload';
import type { Picture } from '../../../src/protocol/graph';
import { type HostMessage, PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { BlueprintPage } from '../../../webview-ui/src/BlueprintPage';
import { GraphPane } from '../../../webview-ui/src/graph/GraphPane';
import { scrolled } from '../../../webview-ui/src/graph/GraphView';
import { initialState, reduce, type TimelineState } from '../../../webview-ui/src/state';
import type { RunWriter } from '../../support/runWriter';
import { finishedRun, viewOf, waitingRun, waitingView } from '../../support/timelineRun';
import { batches } from '../../support/timelineScenes';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const finished = finishedRun();
const [first] = finished.events;
if (first?.type !== 'run.started') throw new Error('a run begins with run.started');
const { bound } = first.data;
const graph = graphOf(blueprintSchema.parse(JSON.parse(textOf(first.data.blueprint.definition))));
const picture: Picture = { graph, bound, problems: [] };

function stateAt(run: RunWriter, view: ReturnType<typeof viewOf>, seq: number, shown: Picture | null = picture) {
  const graphs: HostMessage[] = shown === null ? [] : [{ type: 'graph', runId: view.runId, picture: shown }];
  const messages: HostMessage[] = [
    { type: 'hello', protocol: PROTOCOL_VERSION, run: view },
    ...graphs,
    ...batches(run),
  ];
  const state = messages.reduce<TimelineState>(
    (before, message) => reduce(before, { type: 'host', message }),
    initialState(null, new Set(['graph'])),
  );
  return reduce(state, { type: 'select', seq });
}

const pane = (state: TimelineState): string =>
  state.run === null ? '' : renderToStaticMarkup(<GraphPane state={state} run={state.run} onSelect={() => {}} />);
const buttonOf = (html: string, node: string): string =>
  new RegExp(`<button[^>]*data-node="${node}".*?</button>`, 's').exec(html)?.[0] ?? '';
const seqOf = (type: string, node: string): number =>
  finished.events.findIndex((event) => event.type === type && event.node === node);

describe('the graph of a run', () => {
  const html = pane(stateAt(finished, viewOf(finished), seqOf('node.started', 'fix') + 2));

  it('has a button for each node, in reading order, that says in words what it is and how it stands', () => {
    const names = [...html.matchAll(/data-node="(\w+)"/g)].map(([, id]) => id);
    expect(names).toEqual(['context', 'implement', 'lint', 'test', 'report', 'commit', 'fix']);
    expect(buttonOf(html, 'implement')).toContain(
      '<span class="only-read-aloud">agent node, at most 12 turns, at most 15 min</span>',
    );
    expect(buttonOf(html, 'implement')).toMatch(/Implement<.*agent · 12 turns<.*success</s);
    expect(buttonOf(html, 'report')).toMatch(/report<.*diff_report<.*not started<.*deterministic node, at most/s);
  });

  it('shows where the run is, and that it was there at the event', () => {
    expect(buttonOf(html, 'fix')).toMatch(/class="graph-node is-agent is-current"/);
    expect(buttonOf(html, 'fix')).toContain('aria-current="step"');
    expect(buttonOf(html, 'fix')).toContain('the run is here');
    expect(buttonOf(html, 'fix')).toMatch(/codicon-debug-start.*active/s);
    expect(html.match(/aria-current/g)).toHaveLength(1);
  });

  it('tells agents from deterministic nodes by shape, by icon and in words', () => {
    expect(buttonOf(html, 'implement')).toMatch(/is-agent.*codicon-hubot.*agent · 12 turns/s);
    expect(buttonOf(html, 'test')).toMatch(/is-deterministic.*codicon-gear.*run_tests · 1 retry/s);
  });

  it('counts the routes that are limited, and marks those that were taken', () => {
    expect(html).toContain('>failure 1/3<');
    expect(html).toContain('>failure 0/2<');
    expect(html.match(/<g class="route-on_\w+ is-taken">/g)).toHaveLength(4);
  });

  it('says the attempts that a node has used', () => {
    const later = pane(stateAt(finished, viewOf(finished), finished.events.length - 1));
    expect(buttonOf(later, 'test')).toContain('success, attempt 2');
    expect(later).not.toContain('codicon-modifier-spin');
  });

  it('offers nothing to choose of a node without a visit', () => {
    const early = pane(stateAt(finished, viewOf(finished), 3));
    expect(buttonOf(early, 'fix')).toContain('aria-disabled="false"');
    const run = waitingRun();
    run.events.splice(8);
    expect(buttonOf(pane(stateAt(run, waitingView(run), 7)), 'fix')).toContain('aria-disabled="true"');
  });

  it('turns what is active while the person follows a run that goes on', () => {
    const run = waitingRun();
    run.events.pop();
    const live = stateAt(run, { ...waitingView(run), approvals: [] }, run.events.length - 1);
    expect(buttonOf(pane(live), 'commit')).toContain('codicon-modifier-spin');
    expect(pane(reduce(live, { type: 'select', seq: run.events.length - 2 }))).not.toContain('codicon-modifier-spin');
  });

  it('lists nodes and routes for those who do not see it', () => {
    const list = /<section class="only-read-aloud".*?<\/section>/s.exec(html)?.[0] ?? '';
    expect(list).toContain('Starts at Build context.');
    expect(list).toContain('on failure to Fix, at most 3 times, taken 1 time');
    expect(list).toContain('on exhausted to pause');
    expect(list).toContain('done: end, the run succeeds');
  });

  it('says that it is read, or why there is none', () => {
    expect(pane(stateAt(finished, viewOf(finished), 3, null))).toContain('Reading the blueprint…');
    const none = pane(
      stateAt(finished, viewOf(finished), 3, { graph: null, bound: null, problems: ['It is too old.'] }),
    );
    expect(none).toContain('It is too old.');
  });
});

describe('the page of a blueprint', () => {
  const page = (shown: Picture) => renderToStaticMarkup(<BlueprintPage picture={shown} onReveal={() => {}} />);

  it('has its title, its worst case and its graph, with the limits of the routes', () => {
    const html = page({ ...picture, bound: { ...bound, costUsd: null } });
    expect(html).toContain('Quick fix</h1>');
    expect(html).toContain('14 node executions, 48 model calls, 960,000 tokens, 30 min, cost unknown');
    expect(html).toContain('>failure, max 3<');
    expect(html).not.toMatch(/aria-current|graph-state|is-taken/);
  });

  it('says what is wrong with it, and draws it when it can', () => {
    const html = page({ graph, bound: null, problems: ['made.yaml:3:1 there is no node or terminal "x"'] });
    expect(html).toContain('made.yaml:3:1 there is no node or terminal &quot;x&quot;');
    expect(html).toContain('data-node="context"');
    const none = page({ graph: null, bound: null, problems: ['made.yaml:1:1 it is nested too deep'] });
    expect(none).toContain('This blueprint cannot be drawn');
    expect(none).toContain('it is nested too deep');
  });
});

describe('the node where the run is', () => {
  it('is scrolled to only when it is not wholly seen', () => {
    expect(scrolled(0, 300, 100, 80)).toBe(0);
    expect(scrolled(0, 300, 280, 80)).toBe(170);
    expect(scrolled(500, 300, 10, 80)).toBe(0);
  });
});
