/**
 * Runs inside the page: plays the extension's part for a made-up run of any length, and measures what a person would feel. Bundled
 * and loaded before the webview's own script.
 */
import type { EventHeader, HostMessage, RunView, WebviewMessage } from '../../../src/protocol/messages';

declare global {
  interface Window {
    acquireVsCodeApi: () => unknown;
    bench: Bench;
  }
}

export type Bench = {
  /** Milliseconds from the navigation to the frame after the first rows were there; null until then. */
  firstPaint: number | null;
  /** True when every header was handed over and the page says so. */
  complete: () => boolean;
  /** The lengths of so many frames in milliseconds, in each of which the position was dragged on. */
  scrub: (frames: number) => Promise<{ frames: number[]; moved: number }>;
  /** Milliseconds from the last letter of a search to the frame that shows how many events fit. */
  search: (text: string) => Promise<number>;
};

const BATCH = 500;
const FIRST_BATCH = 100;
const RUN = 'bench';
const START = Date.parse('2026-01-01T00:00:00.000Z');

const asked = new URLSearchParams(location.search);
const events = Number(asked.get('events'));
/** Given by whoever opens the page: taking it from its module would bring all that parses messages along. */
const PROTOCOL_VERSION = Number(
  asked.get('protocol'),
) as typeof import('../../../src/protocol/messages').PROTOCOL_VERSION;

const STORY: readonly Omit<EventHeader, 'seq' | 'at' | 'node' | 'attempt'>[] = [
  { type: 'node.started', title: 'implement started: agent', tone: 'active' },
  { type: 'model.requested', title: 'Asked gpt-5, turn 1', tone: 'active' },
  { type: 'egress.sent', title: 'Sent 12.4 kB to api.example.com', tone: 'neutral' },
  { type: 'model.responded', title: 'Model replied: 2 tool calls, 3,120 tokens', tone: 'neutral', ms: 1820 },
  {
    type: 'budget.charged',
    title: 'Charged 3,120 tokens',
    tone: 'neutral',
    spent: { model: 'gpt-5', input: 3000, output: 120, costUsd: 0.012 },
  },
  { type: 'tool.requested', title: 'read_file src/parser/tokens.ts', tone: 'active', tool: 'read_file' },
  { type: 'policy.decided', title: 'Allowed read_file', tone: 'neutral', outcome: 'allow', tool: 'read_file' },
  { type: 'tool.finished', title: 'read_file: done', tone: 'neutral', outcome: 'ok', tool: 'read_file', ms: 3 },
  { type: 'tool.requested', title: 'write_file .env', tone: 'active', tool: 'write_file' },
  { type: 'policy.decided', title: 'Denied write_file .env — secrets', tone: 'bad', outcome: 'deny', rule: 'secrets' },
  { type: 'tool.finished', title: 'write_file: denied, not done', tone: 'bad', outcome: 'denied', tool: 'write_file' },
  { type: 'tool.requested', title: 'apply_patch src/parser/tokens.ts', tone: 'active', tool: 'apply_patch' },
  { type: 'policy.decided', title: 'Allowed apply_patch', tone: 'neutral', outcome: 'allow', tool: 'apply_patch' },
  { type: 'file.changed', title: 'Changed src/parser/tokens.ts', tone: 'neutral', path: 'src/parser/tokens.ts' },
  { type: 'tool.finished', title: 'apply_patch: done', tone: 'neutral', outcome: 'ok', tool: 'apply_patch', ms: 7 },
  {
    type: 'node.finished',
    title: 'implement finished: success → test',
    tone: 'good',
    outcome: 'success',
    next: 'test',
  },
];

function headerAt(seq: number): EventHeader {
  const visit = Math.floor(seq / STORY.length);
  const told = STORY[seq % STORY.length] ?? STORY[0];
  if (told === undefined) throw new Error('no story');
  const call = told.tool === undefined ? {} : { ref: { call: `call-${Math.floor(seq / 3)}` } };
  return {
    ...told,
    ...call,
    title: `${told.title} (${seq})`,
    seq,
    at: new Date(START + seq * 250).toISOString(),
    node: ['implement', 'lint', 'test', 'fix'][visit % 4] ?? 'implement',
    attempt: 1 + Math.floor(visit / 4),
  };
}

const run: RunView = {
  runId: RUN,
  task: 'A run that was made up to be measured',
  blueprint: 'quick_fix',
  model: 'gpt-5',
  recorded: false,
  status: 'succeeded',
  reason: '',
  currentNode: null,
  attempt: null,
  events,
  startedAt: new Date(START).toISOString(),
  endedAt: new Date(START + events * 250).toISOString(),
  tokens: 0,
  costUsd: null,
  denials: 0,
  outsideToolset: 0,
  requests: 0,
  bytesSent: 0,
  redactions: 0,
  filesChanged: [],
  branch: null,
  result: 'none',
  canDiscard: false,
  canResume: false,
  canPause: false,
  readOnly: false,
  imported: false,
  approvals: [],
  elsewhere: [],
};

const say = (message: HostMessage): void => window.postMessage(message, '*');
/** The event loop gets a turn between two batches, as in the extension's host. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

let sent = 0;

async function tell(): Promise<void> {
  say({ type: 'hello', protocol: PROTOCOL_VERSION, run });
  for (let from = 0; from < events; ) {
    const to = Math.min(events, from + (from === 0 ? FIRST_BATCH : BATCH));
    const headers: EventHeader[] = [];
    for (let seq = from; seq < to; seq += 1) headers.push(headerAt(seq));
    say({ type: 'events', runId: RUN, from, headers });
    from = to;
    sent = to;
    await turn();
  }
}

function answer(message: WebviewMessage): void {
  if (message.type === 'ready') void tell();
  else if (message.type === 'search')
    say({ type: 'found', runId: RUN, id: message.id, seqs: [], complete: true, more: false });
}

window.acquireVsCodeApi = () => ({ getState: () => null, setState: () => {}, postMessage: answer });

const slider = (): HTMLElement => {
  const found = document.querySelector<HTMLElement>('[role=slider][aria-label="Position in the run"]');
  if (found === null) throw new Error('there is no strip');
  return found;
};
const position = (): string => slider().getAttribute('aria-valuenow') ?? '';

function pointer(type: string, x: number): void {
  const target = slider().querySelector('canvas') ?? slider();
  const { top, height } = target.getBoundingClientRect();
  const at = { clientX: x, clientY: top + height / 2, button: 0, buttons: type === 'pointerup' ? 0 : 1 };
  target.dispatchEvent(
    new PointerEvent(type, { ...at, bubbles: true, cancelable: true, pointerId: 1, isPrimary: true }),
  );
}

async function scrub(count: number): Promise<{ frames: number[]; moved: number }> {
  const { left, width } = (slider().querySelector('canvas') ?? slider()).getBoundingClientRect();
  const at = (step: number): number => left + 4 + ((width - 8) * ((step * 37) % count)) / count;
  pointer('pointerdown', at(0));
  await frame();
  const frames: number[] = [];
  let [before, known, moved] = [await frame(), position(), 0];
  for (let step = 1; step <= count; step += 1) {
    pointer('pointermove', at(step));
    const now = await frame();
    frames.push(now - before);
    before = now;
    if (position() !== known) moved += 1;
    known = position();
  }
  pointer('pointerup', at(count));
  return { frames, moved };
}

async function search(text: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>('input[type=search], [role=searchbox]');
  if (field === null) throw new Error('there is no search field');
  const shown = (): string => document.querySelector('[data-shown]')?.getAttribute('data-shown') ?? '';
  const before = shown();
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  const began = performance.now();
  set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  while (shown() === before) await frame();
  await frame();
  return performance.now() - began;
}

const complete = (): boolean => sent >= events && Number(slider().getAttribute('aria-valuemax')) >= events - 1;

window.bench = { firstPaint: null, complete, scrub, search };

void (async () => {
  while (document.querySelector('[role=treeitem]') === null) await frame();
  await frame();
  window.bench.firstPaint = performance.now();
})();
