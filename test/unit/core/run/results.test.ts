import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import type { RunEvent } from '../../../../src/core/events/schema';
import type { ModelReply } from '../../../../src/core/ports/model';
import { NEW_RUN, type RunState } from '../../../../src/core/run/state';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, reply, type Scenario, types } from '../../../support/engine';
import { replay } from '../../../support/replay';

const delivering = (result: string, more = ''): string => `
version: 1
id: delivers
title: Delivers
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 3, result: ${result}, on_success: done, on_failure: fail${more} }
`;

const run = (result: string, replies: ModelReply[], more: Partial<Scenario> = {}) =>
  play({ blueprint: delivering(result), replies, ...more });

const end = (played: Played) => only(played.events, 'node.finished')[0]?.data;
const made = (played: Played) => only(played.inline, 'artifact.created').map(({ data }) => data);
/** What the model was told before its n-th reply. */
const told = (played: Played, turn: number): string => {
  const last = played.requests[turn]?.messages.at(-1);
  return last ? textOf(last.content) : '';
};
const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({
    identical: true,
    events: played.events.length,
  });
};

describe('an agent that has to deliver a report', () => {
  it('ends with it when it is long enough, and it is kept under the name of the node', async () => {
    const played = await run('{ type: report, min_characters: 5 }', [reply('  It is the cache.\n')]);
    expect(end(played)).toMatchObject({
      outcome: 'success',
      reason: 'the result was checked: a report of 16 characters',
    });
    expect(made(played)).toEqual([
      {
        call: 'work.1.result',
        name: 'work_report',
        kind: 'report',
        media: 'text/markdown',
        content: 'It is the cache.',
        summary: 'a report of 16 characters',
      },
    ]);
    await identical(played);
  });

  it('is told what is missing, which costs a turn, and ends as used up when nothing comes', async () => {
    const played = await run('{ type: report, min_characters: 50 }', [reply('No.'), reply('No!'), reply('Nope.')]);
    expect(played.requests).toHaveLength(3);
    expect(told(played, 1)).toBe(
      'The step is not finished: the report has to have at least 50 characters, and the last reply had 3.',
    );
    expect(end(played)).toMatchObject({
      outcome: 'exhausted',
      reason:
        'the model did not finish within 3 turns: the report has to have at least 50 characters, and the last reply had 5',
    });
    expect(made(played)).toEqual([]);
    await identical(played);
  });

  it('is given the wish in its opening message, and a node without one is not', async () => {
    const wanted = await run('{ type: report, min_characters: 50 }', [reply('x'.repeat(60))]);
    expect(told(wanted, 0)).toContain('## result of this step\n\nA report of at least 50 characters.');
    const free = await play({ blueprint: delivering('').replace('result: ,', ''), replies: [reply('Done.')] });
    expect(told(free, 0)).not.toContain('result of this step');
    expect(end(free)?.reason).toBe('the model says that it is finished; the checks decide');
  });

  it('keeps it under the name that the node gives it, for the nodes after it', async () => {
    const blueprint = `${delivering('{ type: report }', ', outputs: [notes]').replace('on_success: done', 'on_success: next')}
  next: { type: agent, goal: Go on, max_turns: 1, inputs: [notes], on_success: done, on_failure: fail }`;
    const played = await play({ blueprint, replies: [reply('It is the cache.'), reply('Done.')] });
    expect(told(played, 1)).toContain('## notes\n\nIt is the cache.');
  });

  it('never records a secret of it', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const played = await run('{ type: report }', [reply(`The key is ${token}`)]);
    expect(JSON.stringify(played.inline)).not.toContain(token);
    expect(made(played)[0]?.content).toBe('The key is «github-token»');
  });
});

describe('an agent that has to deliver a verdict', () => {
  const VERDICT =
    '{ type: verdict, fields: { risk: { one_of: [low, high] }, files: list, sure: boolean, score: number, note: text } }';
  const whole = { verdict: 'approve', reasons: ['fine'], risk: 'low', files: ['a'], sure: true, score: 1, note: '' };
  const json = (more: object = {}): string => JSON.stringify({ ...whole, ...more });

  it('succeeds with an approval', async () => {
    const played = await run(VERDICT, [reply(json())]);
    expect(end(played)).toMatchObject({ outcome: 'success', reason: 'the result was checked: approve: fine' });
    expect(JSON.parse(textOf(made(played)[0]?.content ?? ''))).toEqual(whole);
    await identical(played);
  });

  it('fails with a rejection, whose first reason is the node’s, and keeps it for whoever mends it', async () => {
    const said = json({ verdict: 'reject', reasons: ['it drops rows', 'slow'] });
    const played = await run(VERDICT, [reply(`I looked.\n\n\`\`\`json\n${said}\n\`\`\`\n`)]);
    expect(end(played)).toMatchObject({ outcome: 'failure', reason: 'rejected: it drops rows', next: 'fail' });
    expect(made(played)[0]).toMatchObject({ name: 'work_verdict', kind: 'verdict', summary: 'reject: it drops rows' });
    await identical(played);
  });

  it.each([
    ['text', 'Looks good to me.', 'is not one JSON object'],
    ['another verdict', json({ verdict: 'maybe' }), 'verdict: Invalid option'],
    ['a missing member', JSON.stringify({ verdict: 'approve', reasons: [] }), 'risk'],
    ['a member that nobody asked for', json({ extra: 1 }), 'extra'],
    ['a value that is not to choose from', json({ risk: 'none' }), 'risk'],
    ['a list', '[1]', 'the object'],
    ['an unfinished block', `\`\`\`json\n${json()}`, 'is not one JSON object'],
  ])('is asked again after %s', async (_what, said, missing) => {
    const played = await run(VERDICT, [reply(said), reply(json())]);
    expect(told(played, 1)).toContain(missing);
    expect(end(played)?.outcome).toBe('success');
    expect(made(played)).toHaveLength(1);
  });

  /** A key as it would be found, and as JSON text that no detector sees it in. */
  const KEY = 'sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8';
  const hidden = (text: string): string => text.replaceAll('sk-', 's\\u006b-').replaceAll('broken', '\\ud800');

  it.each<[string, (text: string) => string]>([
    ['as the whole reply', (text) => text],
    ['in a block', (text) => `I looked.\n\n\`\`\`json\n${text}\n\`\`\``],
  ])('never has a secret recorded that it holds in escapes, %s', async (_how, said) => {
    const text = hidden(json({ verdict: 'reject', reasons: [`key ${KEY}`], files: [KEY], note: KEY }));
    expect(text).not.toContain(KEY);
    const played = await run(VERDICT, [reply(said(text))]);
    expect(end(played)).toMatchObject({ outcome: 'failure', reason: 'rejected: key «openai-key»' });
    expect(made(played)[0]).toMatchObject({ summary: 'reject: key «openai-key»' });
    expect(JSON.parse(textOf(made(played)[0]?.content ?? ''))).toMatchObject({
      reasons: ['key «openai-key»'],
      files: ['«openai-key»'],
      note: '«openai-key»',
    });
    expect(JSON.stringify(played.inline)).not.toContain(KEY);
    await identical(played);
  });

  it('keeps no secret of a reply that is JSON, not even in escapes', async () => {
    const played = await run(VERDICT, [reply(hidden(json({ note: KEY })))]);
    expect(JSON.stringify(only(played.inline, 'model.responded'))).not.toContain('u006b-proj');
  });

  it('tells neither the model nor the record a secret or a broken character of a name that nobody asked for', async () => {
    const replies = [reply(hidden(json({ [`${KEY} broken`]: 1 }))), reply(json())];
    const played = await run(VERDICT, replies);
    expect(told(played, 1)).toContain('«openai-key»');
    expect(JSON.stringify(played.inline)).not.toContain(KEY);
    const never = Array.from({ length: 3 }, () => reply(hidden(json({ broken: 1 }))));
    const exhausted = await run(VERDICT, never);
    expect(end(exhausted)).toMatchObject({ outcome: 'exhausted', reason: expect.stringContaining('\ufffd') });
    await identical(exhausted);
  });

  it('may hold half of a character, which becomes a mark', async () => {
    const text = hidden(json({ verdict: 'reject', reasons: ['a broken b'], note: 'broken' }));
    const played = await run(VERDICT, [reply(text)]);
    expect(end(played)?.reason).toBe('rejected: a \ufffd b');
    expect(JSON.parse(textOf(made(played)[0]?.content ?? ''))).toMatchObject({
      reasons: ['a \ufffd b'],
      note: '\ufffd',
    });
    expect(only(played.events, 'run.finished')).toHaveLength(1);
    await identical(played);
  });

  it('is asked again after one that is nested deeper than anybody can look', async () => {
    const deep = `{"reasons":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const played = await run(VERDICT, [reply(deep), reply(json())]);
    expect(end(played)?.outcome).toBe('success');
    await identical(played);
  });

  it('takes the last block of many, in a time that grows with the text alone', async () => {
    const noise = '```a\n'.repeat(20_000);
    const played = await run(VERDICT, [reply(`${noise}\`\`\`\n\`\`\`json\n${json()}\n\`\`\``)]);
    expect(end(played)?.outcome).toBe('success');
  });
});

describe('an agent that has to deliver a patch', () => {
  const DIFF = '--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-1\n+2\n';
  const WRITE = reply('', ['write_file', { path: 'a.js', content: '2' }]);
  const written = () => ({ tree: 't1' });
  const reported: Scenario['tools'] = {
    write_file: written,
    diff_report: ({ name }, { call }) => ({
      events: [
        {
          type: 'artifact.created',
          data: {
            call,
            name: String(name),
            kind: 'patch',
            media: 'text/x-diff',
            content: DIFF,
            summary: '1 file changed',
          },
        },
      ],
    }),
  };

  it('ends when it changed the work tree, by a report of the runtime against the tree at its start', async () => {
    const played = await run('{ type: patch }', [WRITE, reply('Done.')], { tools: reported });
    const call = played.executed.at(-1);
    expect(call).toMatchObject({ call: 'work.1.result', tool: 'diff_report', origin: 'node' });
    expect(JSON.parse(call?.input ?? '')).toEqual({ since: 't0', name: 'work_patch' });
    expect(end(played)).toMatchObject({ outcome: 'success', reason: 'the result was checked: 1 file changed' });
    await identical(played);
  });

  it('is not believed when it says so and nothing changed', async () => {
    const played = await run('{ type: patch }', [reply(`\`\`\`diff\n${DIFF}\`\`\``), WRITE, reply('Now.')], {
      tools: reported,
    });
    expect(told(played, 1)).toContain('no file of the repository was changed in this step');
    expect(end(played)?.outcome).toBe('success');
    await identical(played);
  });

  it('fails when the change cannot be reported', async () => {
    const tools = { ...reported, diff_report: () => ({ outcome: 'error' as const, output: 'no such tree' }) };
    const played = await run('{ type: patch }', [WRITE, reply('Done.')], { tools });
    expect(end(played)).toMatchObject({ outcome: 'failure', reason: 'no such tree' });
    const silent = await run('{ type: patch }', [WRITE, reply('Done.')], {
      tools: { write_file: written },
    });
    expect(end(silent)).toMatchObject({ outcome: 'failure', reason: 'the change could not be reported' });
  });

  it.each([
    ['a block', `Here:\n\n\`\`\`diff\n${DIFF}\`\`\`\nIt works.`],
    ['the whole reply', DIFF],
    ['line ends of Windows', `\`\`\`diff\r\n${DIFF.replaceAll('\n', '\r\n')}\`\`\``],
  ])('gives it as %s where its tools cannot write', async (_what, said) => {
    const toolsets = { work: ['read_file'] };
    const played = await run('{ type: patch }', [reply('Later.'), reply(said)], { toolsets });
    expect(told(played, 0)).toContain('as one unified diff');
    expect(told(played, 1)).toContain('holds no unified diff');
    expect(made(played)).toEqual([
      {
        call: 'work.1.result',
        name: 'work_patch',
        kind: 'patch',
        media: 'text/x-diff',
        content: DIFF,
        summary: 'a diff of 1 file',
      },
    ]);
    expect(types(played.events)).not.toContain('tool.requested');
    await identical(played);
  });
});

describe('a record with a result in it', () => {
  it('is not one of this engine when the result is not what the reply holds', async () => {
    const played = await run('{ type: report }', [reply('It is the cache.')]);
    const changed = played.inline.map((event) =>
      event.type === 'artifact.created' ? { ...event, data: { ...event.data, content: 'It is the disk.' } } : event,
    );
    const fold = (events: readonly RunEvent[]) =>
      events.reduce((state, event) => step(state, event).state, NEW_RUN as RunState);
    expect(fold(played.inline).phase).toBe('ended');
    expect(() => fold(changed)).toThrow('artifact.created cannot come');
  });
});
