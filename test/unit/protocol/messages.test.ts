import { describe, expect, it } from 'vitest';
import {
  type HostMessage,
  MAX_BATCH,
  PROTOCOL_VERSION,
  parseHostMessage,
  parseWebviewMessage,
  runCommandSchema,
  type WebviewMessage,
} from '../../../src/protocol/messages';
import { SENDING } from '../../support/boundedRun';
import { finishedRun, viewOf } from '../../support/timelineRun';
import {
  batches,
  DRIFT,
  EXPLANATION,
  HIDDEN_COMMAND,
  momentsOf,
  QUESTION,
  scenes,
  WRITTEN,
} from '../../support/timelineScenes';

const run = finishedRun();
const view = viewOf(run);
const runId = view.runId;

const graphs = scenes().graph?.messages.filter(
  (message): message is HostMessage => (message as HostMessage).type === 'graph',
);

const fromHost: HostMessage[] = [
  { type: 'hello', protocol: PROTOCOL_VERSION, run: view, notice: 'no workspace' },
  { type: 'hello', protocol: PROTOCOL_VERSION, run: null },
  ...(graphs ?? []),
  { type: 'graph', runId: null, picture: { graph: null, bound: null, problems: ['a.yaml:1:1 it is empty'] } },
  { type: 'hello', protocol: PROTOCOL_VERSION, run: null, picture: { graph: null, bound: null, problems: [] } },
  ...batches(run),
  {
    type: 'run',
    run: {
      ...view,
      outsideToolset: 2,
      approvals: [HIDDEN_COMMAND, WRITTEN, QUESTION, SENDING],
      elsewhere: [{ runId: 'r2', task: 'Write the changelog', title: 'a commit asks' }],
    },
  },
  { type: 'explanation', runId, seq: 3, explanation: EXPLANATION, problem: '' },
  { type: 'explanation', runId, seq: 3, explanation: null, problem: 'the record has no such event' },
  { type: 'drift', runId, drift: DRIFT },
  { type: 'drift', runId, drift: null },
  { type: 'details', runId, seq: 3, event: '{}', cuts: [{ path: 'data.output', length: 300_000 }] },
  ...momentsOf(run).slice(-1),
  { type: 'delta', runId, text: 'so' },
  { type: 'select', runId, seq: 4 },
  { type: 'problem', message: 'the store is busy' },
];

const fromWebview: WebviewMessage[] = [
  { type: 'ready', protocol: PROTOCOL_VERSION },
  { type: 'details', runId, seq: 0 },
  { type: 'resolveApproval', runId, approval: 'a', verdict: 'rejected', reason: '' },
  { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', edited: '{"a":1}' },
  { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', scope: 'run' },
  { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', leftOut: ['src/a.ts'] },
  { type: 'explain', runId, seq: 12 },
  { type: 'widenZones', runId, seq: 12 },
  { type: 'openRun', other: 'r2' },
  { type: 'reveal', node: 'lint' },
  { type: 'selected', runId, seq: 12 },
  ...runCommandSchema.options.map((id) => ({
    type: 'command' as const,
    runId,
    id,
  })),
];

describe('messages between host and webview', () => {
  it.each(fromHost)('carries $type from the host through JSON unchanged', (message) => {
    expect(parseHostMessage(JSON.parse(JSON.stringify(message)))).toEqual({ ok: true, value: message });
  });

  it.each(fromWebview)('carries $type from the webview through JSON unchanged', (message) => {
    expect(parseWebviewMessage(JSON.parse(JSON.stringify(message)))).toEqual({ ok: true, value: message });
  });

  it('tells another version from a malformed message, whatever else the greeting holds', () => {
    const later = { type: 'hello', protocol: PROTOCOL_VERSION + 1, somethingNew: true };
    expect(parseHostMessage(later)).toMatchObject({ ok: false, error: { kind: 'version' } });
    expect(parseWebviewMessage({ type: 'ready', protocol: 0 })).toMatchObject({
      ok: false,
      error: { kind: 'version' },
    });
  });

  it.each([
    ['nothing', undefined],
    ['text', 'hello'],
    ['an unknown type', { type: 'launch' }],
    ['a member too many', { type: 'delta', runId, text: 'a', html: '<b>' }],
    ['a member too few', { type: 'delta', runId }],
    ['a seq that is no index', { type: 'select', runId, seq: -1 }],
    ['a greeting without a version', { type: 'hello', run: null }],
    ['a cost below nothing', { type: 'run', run: { ...view, costUsd: -1 } }],
    ['a webview’s message', { type: 'ready', protocol: PROTOCOL_VERSION }],
  ])('refuses %s from the host with one line', (_what, raw) => {
    const parsed = parseHostMessage(raw);
    expect(parsed).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    expect(parsed.ok ? '' : parsed.error.message).toMatch(/^a message from the extension is not understood: [^\n]+$/);
  });

  it.each([
    ['a command that does not exist', { type: 'command', runId, id: 'delete' }],
    [
      'a verdict that is neither yes nor no',
      { type: 'resolveApproval', runId, approval: 'a', verdict: 'maybe', reason: '' },
    ],
    [
      'a scope that is neither this call nor this run',
      { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', scope: 'always' },
    ],
    [
      'files that are left out without one',
      { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', leftOut: [] },
    ],
    [
      'a file without a name that is left out',
      { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: '', leftOut: [''] },
    ],
    ['a command for no run', { type: 'command', runId: '', id: 'apply' }],
    [
      'a reason without end',
      { type: 'resolveApproval', runId, approval: 'a', verdict: 'approved', reason: 'x'.repeat(2001) },
    ],
  ])('refuses %s from the webview', (_what, raw) => {
    expect(parseWebviewMessage(raw)).toMatchObject({ ok: false, error: { kind: 'malformed' } });
  });

  it('refuses a batch above the limit', () => {
    const [header] = batches(run).flatMap((message) => (message.type === 'events' ? message.headers : []));
    const headers = Array.from({ length: MAX_BATCH + 1 }, () => header);
    expect(parseHostMessage({ type: 'events', runId, from: 0, headers }).ok).toBe(false);
  });

  it('are what the preview of the webview shows, but for the version it does not know', () => {
    const { outdated, ...known } = scenes();
    for (const scene of Object.values(known)) {
      for (const message of [...scene.messages, ...scene.details, ...scene.moments])
        expect(parseHostMessage(message)).toMatchObject({ ok: true });
    }
    expect(outdated?.messages.map(parseHostMessage)).toMatchObject([{ ok: false, error: { kind: 'version' } }]);
  });
});
