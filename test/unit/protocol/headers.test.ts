import { describe, expect, it } from 'vitest';
import { type DataOf, EVENT_TYPES, type EventType } from '../../../src/core/events/schema';
import { headerOf, headerWriter } from '../../../src/protocol/headers';
import { eventHeaderSchema, MAX_TITLE } from '../../../src/protocol/messages';
import { boundedRun } from '../../support/boundedRun';
import { RunWriter, sha } from '../../support/runWriter';
import { finishedRun } from '../../support/timelineRun';

const run = finishedRun();
const seen = run.events.map(headerWriter());

/** The header of a made-up event. */
function header<T extends EventType>(type: T, data: DataOf<T>) {
  const writer = new RunWriter();
  writer.add(type, data);
  const [event] = writer.events;
  if (event === undefined) throw new Error('no event was written');
  return headerOf(event);
}

const finished = {
  call: 'c',
  tool: 'run_command',
  output: '',
  exitCode: null,
  tree: null,
  confinement: '',
  ms: 5_000,
} as const;

/** What the sample run has none of. */
const others = {
  'model.failed': header('model.failed', {
    code: 'stalled',
    message: 'no answer for 60 s',
    retryable: true,
    ms: 60_000,
  }),
  'budget.exceeded': header('budget.exceeded', { limit: 'tokens', allowed: 500_000, used: 512_345 }),
  'conversation.shortened': header('conversation.shortened', {
    calls: [{ call: 'fix.1.1.1', before: 9000, after: 273 }],
    before: 40_000,
    after: 31_273,
    hash: 'a'.repeat(64),
  }),
  'loop.detected': header('loop.detected', { kind: 'same call', calls: 3, detail: 'read_file a.js' }),
  'run.paused': header('run.paused', { reason: 'nobody could answer' }),
  'run.interrupted': header('run.interrupted', { reason: 'the window closed', inDoubt: 'call-9' }),
  'run.resumed': header('run.resumed', {
    by: 'user',
    inDoubt: { kind: 'call', id: 'call-9', decision: 'fail' },
    tree: 't',
    openexec: '0.2.0',
  }),
  'run.cancelled': header('run.cancelled', { by: 'user' }),
  'result.requested': header('result.requested', { action: 'apply', by: 'user' }),
  'result.finished': header('result.finished', {
    action: 'apply',
    outcome: 'refused',
    files: [],
    conflicts: ['a.js'],
    reason: 'a.js was changed since',
  }),
};

const bounded = boundedRun().events.map(headerWriter());
const lines = [...seen, ...Object.values(others), ...bounded];

describe('the header of an event', () => {
  it.each(EVENT_TYPES)('exists for %s, is valid and has one line of words', (type) => {
    const found = lines.filter((line) => line.type === type);
    expect(found).not.toEqual([]);
    for (const line of found) {
      expect(eventHeaderSchema.parse(line)).toEqual(line);
      expect(line.title).toMatch(/^[^\n]*[a-z][^\n]*$/);
      expect(line.title).not.toMatch(/undefined|null|\[object/);
    }
  });

  it.each([
    ['neutral', 'Run started: Invoices with a discount are sometimes a cent off'],
    ['neutral', 'Plan: bugfix, sensitivity low, toolset code_edit, any model'],
    ['neutral', 'Plan accepted by user, unchanged'],
    ['neutral', 'Context built: 4 files, 8.6 KB, 1 withheld'],
    ['active', 'implement started: make the change'],
    ['active', 'lint started, attempt 2: run the linter'],
    ['neutral', 'Sent 2.3 KB to this machine (recorded)'],
    ['active', 'Asked sample, turn 1'],
    ['neutral', 'Model replied: 1 tool call, 3,730 tokens'],
    ['active', 'read_file config/production.env'],
    ['bad', 'Denied read_file config/production.env — secrets-never-read'],
    ['bad', 'read_file config/production.env: denied, not done'],
    ['neutral', 'Allowed read_file src/discount.js — workspace-read-write'],
    ['neutral', 'Changed src/discount.js, 1.9 KB'],
    ['bad', 'run_project_command test: exit code 1 (error)'],
    ['good', 'run_project_command test: exit code 0'],
    ['neutral', 'Report test: tests 24, passed 23, failed 1'],
    ['bad', 'test finished: failure → fix'],
    ['good', 'implement finished: success → lint'],
    ['warn', 'Needs approval: git_commit Make discounts add up to the cent — commit-asks'],
    ['warn', 'Approval needed: commit 1 file on openexec/quick-fix'],
    ['good', 'Approved by user: looks right'],
    ['neutral', 'Charged 3,730 tokens, 4,000 in all'],
    ['good', 'Run succeeded: committed on openexec/quick-fix'],
    ['bad', 'Model failed: no answer for 60 s'],
    ['bad', 'Budget exceeded: tokens, 512,345 of 500,000'],
    ['neutral', 'Conversation shortened: 1 old tool result, 31 KB left of 39 KB'],
    ['bad', 'Loop: the same call with the same result (3 calls): read_file a.js'],
    ['warn', 'Run paused: nobody could answer'],
    ['warn', 'Run interrupted: the window closed'],
    ['active', 'Run resumed by user; what was under way is given up'],
    ['warn', 'Run cancelled by user'],
    ['active', 'Apply asked for by user'],
    ['bad', 'Not applied: a.js was changed since'],
    [
      'neutral',
      'Plan accepted by person in VS Code: zones: packages/api/** (proposed: packages/api/**, packages/money',
    ],
    ['neutral', 'Context built: 4 files, 8 KB'],
    ['warn', 'Approval needed: send 4 files, 8 KB, to api.openai.com'],
    ['good', 'Approved by person in VS Code, without packages/api/test/session.test.ts'],
    [
      'bad',
      'Denied read_file: packages/money/src/round.ts is outside of the zones of this run (packages/api/**) — zones',
    ],
    ['bad', 'Denied read_file: config/production.env is kept out of this run (config/production.env) — excluded'],
    [
      'warn',
      'Zones widened by person in VS Code: packages/money/** (after read_file packages/money/src/round.ts was refused)',
    ],
    ['warn', 'Sensitivity raised from medium to high: found aws-key, 2 × private-key in packages/api/src/session.ts'],
  ])('says, %s: %s', (tone, title) => {
    expect(lines.filter((line) => line.title.startsWith(title)).map((line) => line.tone)).toContain(tone);
  });

  it.each([
    ['invalid', 'warn', 'run_command: the arguments do not fit'],
    ['timeout', 'bad', 'run_command: no end after 5 s, stopped'],
    ['rejected', 'bad', 'run_command: rejected, not done'],
    ['cancelled', 'warn', 'run_command: cancelled'],
    ['error', 'bad', 'run_command: error'],
    ['ok', 'neutral', 'run_command: done'],
  ] as const)('tells the tool outcome %s', (outcome, tone, title) => {
    expect(header('tool.finished', { ...finished, outcome })).toMatchObject({ title, tone, outcome, ms: 5_000 });
  });

  it('says where a finished node leads, and by which of its routes', () => {
    const ends = seen.filter((line) => line.type === 'node.finished' && line.node === 'test');
    expect(ends.map(({ next, route }) => [next, route])).toEqual([
      ['fix', 'on_failure'],
      ['report', 'on_success'],
    ]);
    const odd = header('node.finished', { outcome: 'success', reason: '', next: 'done', why: 'elsewhere' });
    expect(odd).toMatchObject({ next: 'done' });
    expect(odd).not.toHaveProperty('route');
  });

  it('tells an approval of something else than was asked', () => {
    const answer = { approval: 'a', verdict: 'approved', by: 'user', reason: '' } as const;
    expect(header('approval.resolved', { ...answer, edited: '{}' }).title).toBe('Approved as edited by user');
    expect(header('approval.resolved', answer).title).toBe('Approved by user');
  });

  it('tells an answer for this run from one for this call, and a question of the model from an approval', () => {
    const answer = { approval: 'a', verdict: 'approved', by: 'user', reason: '' } as const;
    expect(header('approval.resolved', { ...answer, scope: 'run' }).title).toBe('Approved for this run by user');
    expect(header('approval.resolved', { ...answer, scope: 'once' }).title).toBe('Approved by user');
    const asked = { approval: 'a', call: 'c', title: 'First or last?', detail: '', snapshot: sha('policy') };
    expect(header('approval.requested', { ...asked, question: true }).title).toBe('The model asks: First or last?');
  });

  it('ends with the rule of a decision, whatever has to be cut of the call', () => {
    const writer = new RunWriter();
    writer.ask('run_command', { command: 'long '.repeat(500) }, 'deny', 'no-shell', 'no');
    const [, decided] = writer.events.map(headerWriter());
    expect(decided).toMatchObject({
      rule: 'no-shell',
      title: expect.stringMatching(/^Denied run_command .* — no-shell$/),
    });
    expect(seen.filter((line) => line.rule !== undefined).every((line) => line.title.endsWith(` — ${line.rule}`))).toBe(
      true,
    );
  });

  it.each([
    ['output', 'Output'],
    ['patch', 'Patch'],
    ['verdict', 'Verdict'],
    ['bundle', 'Evidence bundle'],
  ] as const)('names artifacts of the kind %s', (kind, word) => {
    const artifact = { call: 'c', name: 'made', kind, media: 'text/plain', content: '', summary: 'short' };
    expect(header('artifact.created', artifact).title).toBe(`${word} made: short`);
  });

  it('tells a reply that was cut off from one that ended', () => {
    const usage = { input: 10, output: 1, cached: 0, estimated: true };
    const reply = { text: '', toolCalls: [], usage, costUsd: null, ms: 1, firstTokenMs: null };
    expect(header('model.responded', { ...reply, stop: 'length' })).toMatchObject({ tone: 'warn' });
    expect(header('model.responded', { ...reply, stop: 'filter' })).toMatchObject({ tone: 'bad' });
    expect(header('model.responded', { ...reply, stop: 'end' }).title).toBe('Model replied: text, about 11 tokens');
  });

  it('tells a file that appears from one that goes', () => {
    const version = { sha256: sha('a'), bytes: 10, kept: true };
    const change = { call: 'c', path: 'a.js', how: 'write_file' };
    expect(header('file.changed', { ...change, before: null, after: version }).title).toBe('Created a.js, 10 B');
    expect(header('file.changed', { ...change, before: version, after: null }).title).toBe('Deleted a.js');
  });

  it('joins what belongs to one call and to one approval', () => {
    const denial = seen.find((line) => line.outcome === 'deny');
    const story = seen.filter((line) => line.ref?.call === denial?.ref?.call).map((line) => line.type);
    expect(story).toEqual(['tool.requested', 'policy.decided', 'tool.finished']);
    expect(seen.filter((line) => line.ref?.approval === 'approval-1')).toHaveLength(2);
    expect(others['run.interrupted'].ref).toEqual({ call: 'call-9' });
    expect(others['run.resumed'].ref).toEqual({ call: 'call-9' });
  });

  it('keeps place, time and cause of the event', () => {
    for (const [index, event] of run.events.entries()) {
      const { seq, at, type, node, attempt, cause } = event;
      expect(seen[index]).toMatchObject(JSON.parse(JSON.stringify({ seq, at, type, node, attempt, cause })));
    }
  });

  it('stays one bounded line whatever the payload holds', () => {
    const writer = new RunWriter();
    writer.ask('run_command', { command: `echo\n${'long '.repeat(500)}` }, 'deny', 'no-shell', 'no');
    const titles = writer.events.map(headerWriter()).map((line) => line.title);
    for (const title of titles) expect(title).toMatch(new RegExp(`^[^\\n]{1,${MAX_TITLE}}$`));
  });

  it('does without the input of a call when that is large or not JSON', () => {
    const call = { call: 'c', tool: 'search', origin: 'agent' as const, facts: { paths: [] } };
    expect(header('tool.requested', { ...call, input: 'not json' }).title).toBe('search');
    const blob = { blob: sha('b'), bytes: 9_000, media: 'application/json' };
    expect(header('tool.requested', { ...call, input: blob }).title).toBe('search');
  });
});
