import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import { loopIn, withCall } from '../../../../src/core/run/loops';
import { NEW_RUN, type RunState } from '../../../../src/core/run/state';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, reply, type Scenario, types } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: circles
title: Circles
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 20, on_success: done, on_failure: fail, on_exhausted: fail }
`;

type Call = [name: string, input: unknown];
const read = (path: string): Call => ['read_file', { path }];
const write = (path: string, content: string): Call => ['write_file', { path, content }];

const run = (calls: Call[], more: Partial<Scenario> = {}) =>
  play({ blueprint: BLUEPRINT, replies: [...calls.map((call) => reply('', call)), reply('Done.')], ...more });

const found = (played: Played) => only(played.events, 'loop.detected').map(({ data }) => data);
const end = (played: Played) => only(played.events, 'node.finished')[0]?.data;

describe('an agent that goes round in circles', () => {
  it('is ended when the same call brings the same result for the third time, and the record says why', async () => {
    const played = await run([read('a'), read('b'), read('a'), read('a'), read('c')]);
    expect(found(played)).toEqual([
      {
        kind: 'same call',
        calls: 3,
        detail: 'read_file {"path":"a"} was called 3 times with the same result',
      },
    ]);
    expect(end(played)).toMatchObject({
      outcome: 'exhausted',
      reason: 'loop: read_file {"path":"a"} was called 3 times with the same result',
      next: 'fail',
    });
    expect(played.requests).toHaveLength(4);
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });

  it('is ended within one reply as well, and the rest of its calls is not made', async () => {
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [reply('', read('a'), read('a'), read('a'), read('b')), reply('Done.')],
    });
    expect(played.executed).toHaveLength(3);
    expect(found(played)).toHaveLength(1);
  });

  it('may call again after the work tree has changed, or when the result is another one', async () => {
    let trees = 0;
    const tools = { write_file: () => ({ tree: `t${++trees}` }) };
    const again = [read('a'), read('a'), write('a', '1'), read('a'), read('a'), write('a', '2'), read('a'), read('a')];
    expect(found(await run(again, { tools }))).toEqual([]);
    let reads = 0;
    const news = { read_file: () => ({ output: `line ${++reads}` }) };
    expect(found(await run([read('a'), read('a'), read('a'), read('a')], { tools: news }))).toEqual([]);
  });

  it('is not fooled by arguments that are only written otherwise', async () => {
    const spelled = ['{"path":"a","from":1}', '{ "from": 1, "path": "a" }', '{"from":1,"path":"a"}'];
    const played = await run(spelled.map((input): Call => ['read_file', input]));
    expect(found(played)).toMatchObject([{ kind: 'same call' }]);
  });

  it('is ended when two calls take turns, though each changes what the other has made', async () => {
    const tools: Scenario['tools'] = { write_file: ({ content }) => ({ tree: `t${content}` }) };
    const turns = [0, 1, 2, 3, 4, 5].map((at) => write('a', at % 2 === 0 ? '1' : '2'));
    const played = await run(turns, { tools });
    expect(found(played)).toMatchObject([{ kind: 'alternating', calls: 6 }]);
  });

  it('is ended after eight calls in a row that failed or brought nothing new', async () => {
    const tools = { read_file: () => ({ outcome: 'error' as const, output: 'no such file' }) };
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(read);
    const played = await run(many, { tools });
    expect(found(played)).toMatchObject([{ kind: 'no progress', calls: 8 }]);
    expect(played.executed).toHaveLength(8);
    const seven = await run([...many.slice(0, 7), ['run_project_command', { name: 'test' }], ...many.slice(7)], {
      tools,
    });
    expect(found(seven)).toEqual([]);
  });

  it('begins anew with each visit of a node', async () => {
    const blueprint = BLUEPRINT.replace('on_success: done', 'on_success: { to: work, max: 1 }');
    const calls = [read('a'), read('a')].map((call) => reply('', call));
    const played = await play({ blueprint, replies: [...calls, reply('Done.'), ...calls, reply('Done.')] });
    expect(found(played)).toEqual([]);
    expect(only(played.events, 'node.finished')).toHaveLength(2);
  });

  it('went on in a run that engine 1 recorded', async () => {
    const played = await run([read('a'), read('a'), read('a'), read('a')], { engine: 1 });
    expect(found(played)).toEqual([]);
    expect(types(played.events)).toContain('run.finished');
  });
});

describe('a record that tells of a loop', () => {
  it('is not one of this engine where there is none', async () => {
    const played = await run([read('a'), read('b')]);
    const at = played.inline.findIndex(({ type }) => type === 'tool.finished') + 1;
    const state = played.inline.slice(0, at).reduce((past, event) => step(past, event).state, NEW_RUN as RunState);
    const { v, seq, at: time, prev, hash } = played.inline[at] as RunEvent;
    const data = {
      kind: 'same call',
      calls: 3,
      detail: 'read_file {"path":"a"} was called 3 times with the same result',
    };
    const forged = {
      v,
      run: 'run-1',
      seq,
      at: time,
      prev,
      hash,
      node: 'work',
      attempt: 1,
      type: 'loop.detected',
      data,
    };
    expect(() => step(state, forged as RunEvent)).toThrow('loop.detected cannot come');
  });
});

describe('the search for a loop', () => {
  it('finds none in no calls, and none that began before the tree last changed', () => {
    const call = { tool: 'read_file', input: '{"path":"a"}', output: 'x', ok: true };
    const three = [call, call, call].reduce(withCall, [] as ReturnType<typeof withCall>);
    expect(loopIn([], 0)).toBeNull();
    expect(loopIn(three, 0)).toMatchObject({ kind: 'same call' });
    expect(loopIn(three, 1)).toBeNull();
  });
});
