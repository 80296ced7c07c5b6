/** What stands against a blueprint that says what it may say: names, retries, artifacts, approvals, proofs. */
import { describe, expect, it } from 'vitest';
import { checkBlueprint, warningsOf } from '../../../../src/core/blueprint/check';
import type { Known } from '../../../../src/core/blueprint/checkNodes';
import { inspectBlueprint } from '../../../../src/core/blueprint/inspect';
import { type Blueprint, blueprintSchema } from '../../../../src/core/blueprint/schema';

const toolset = (id: string, ...tools: string[]) => [id, { version: 1, id, description: '', tools }] as const;
const ACTIONS = ['run_project_command', 'build_context', 'apply_patch', 'diff_report', 'git_commit', 'summarize'];
const KNOWN: Known = {
  toolsets: new Map([
    toolset('coding', 'read_file', 'write_file', ...ACTIONS),
    toolset('reading', 'read_file', 'diff_report'),
    toolset('wild', 'read_file', 'delete_file'),
    toolset('docs', 'mcp__docs__*'),
    toolset('docs_search', 'mcp__docs__search', 'mcp__docs__s*'),
  ]),
  providers: ['openai', 'recorded'],
};

const blueprint = (nodes: object, more: object = {}): Blueprint => {
  const [start] = Object.keys(nodes);
  const head = { version: 1, id: 'b', title: 'B', description: '', toolset: 'coding', start };
  return blueprintSchema.parse({ ...head, ...more, nodes });
};
const act = (action: string, on_success: unknown = 'done', more: object = {}) => ({
  type: 'deterministic',
  action,
  on_success,
  on_failure: 'fail',
  ...more,
});
const agent = (on_success: unknown = 'done', more: object = {}) => ({
  type: 'agent',
  goal: 'g',
  max_turns: 2,
  on_success,
  on_failure: 'fail',
  ...more,
});
const errors = (nodes: object, more: object = {}) =>
  checkBlueprint(blueprint(nodes, more), KNOWN).map(({ path, message }) => `${path.join('.')}: ${message}`);
const warnings = (nodes: object) => warningsOf(blueprint(nodes)).map(({ path }) => path.join('.'));

describe('the names in a blueprint', () => {
  it('are told when they are not there, with what was meant', () => {
    expect(errors({ work: act('run_tests', 'wrok') })).toEqual([
      'nodes.work.on_success: there is no node or terminal "wrok"; did you mean "work"?',
    ]);
    expect(errors({ work: act('run_tests', 'dnoe') })).toEqual([
      'nodes.work.on_success: there is no node or terminal "dnoe"; did you mean "done"?',
    ]);
    expect(errors({ work: act('run_tests') }, { start: 'wokr' })).toEqual([
      'start: there is no node "wokr"; did you mean "work"?',
    ]);
  });

  it('are no way back into the blueprint itself, but may be that of a node', () => {
    expect(errors({ a: act('run_tests', 'b') })).toEqual([
      'nodes.a.on_success: "b" is this blueprint itself, and none of its nodes has that name',
    ]);
    expect(errors({ b: act('run_tests') }, { start: 'b' })).toEqual([]);
  });

  it('of toolsets are those there are, where that is known', () => {
    expect(errors({ a: act('run_tests') }, { toolset: 'codign' })).toEqual([
      'toolset: there is no toolset "codign"; did you mean "coding"?; known: coding, docs, docs_search, reading, wild',
    ]);
    expect(errors({ a: agent('done', { toolset: 'nothing' }) })).toEqual([
      'nodes.a.toolset: there is no toolset "nothing"; known: coding, docs, docs_search, reading, wild',
    ]);
    expect(checkBlueprint(blueprint({ a: act('run_tests') }, { toolset: 'codign' }))).toEqual([]);
  });

  it.each([
    ['gpt-5', '"gpt-5" is not of the form PROVIDER:NAME; known: openai, recorded'],
    ['openai:', '"openai:" is not of the form PROVIDER:NAME; known: openai, recorded'],
    ['opneai:gpt-5', 'there is no model provider "opneai"; did you mean "openai"?; known: openai, recorded'],
  ])('of a model are refused as %s', (model, message) => {
    expect(errors({ a: act('run_tests') }, { model })).toEqual([`model: ${message}`]);
  });

  it('of a model may hold further colons', () => {
    expect(errors({ a: act('run_tests') }, { model: 'recorded:llama3.1:8b' })).toEqual([]);
  });
});

describe('a loop', () => {
  it('is told once, as short as it is, however many nodes are on it', () => {
    const nodes = {
      a: act('run_tests', 'b'),
      b: act('run_lint', 'c'),
      c: act('diff_report', 'done', { on_failure: 'a' }),
    };
    expect(errors(nodes)).toEqual([
      'nodes.c.on_failure: nothing counts the loop a → b → c → a; write on_failure: { to: a, max: 2 }',
    ]);
  });

  it('is told for each of several', () => {
    const nodes = { a: act('run_tests', 'b', { on_failure: 'a' }), b: act('run_lint', 'done', { on_failure: 'b' }) };
    expect(errors(nodes).map((line) => line.split(':')[0])).toEqual(['nodes.a.on_failure', 'nodes.b.on_failure']);
  });

  it('out of which nothing leads is told as well', () => {
    const nodes = { a: act('run_tests', 'b', { on_failure: 'b', on_exhausted: 'b' }), b: act('run_lint', 'a') };
    const closed = { ...nodes, b: { ...nodes.b, on_failure: 'a', on_exhausted: 'a' } };
    expect(errors(closed)).toContain('nodes.a: no terminal can be reached from the node "a"');
  });
});

describe('a node', () => {
  it.each(['git_commit', 'apply_patch', 'request_approval', 'evidence_bundle'])('is not retried for %s', (action) => {
    const lines = errors({ a: act(action, 'done', { retry: 1 }) });
    expect(lines).toContainEqual(expect.stringMatching(`^nodes.a.retry: ${action} is not repeated`));
    expect(errors({ a: act('run_tests', 'done', { retry: 5 }) })).toEqual([]);
  });

  it.each([
    ['apply_patch', 'on_success'],
    ['git_commit', 'on_failure'],
    ['evidence_bundle', 'on_failure'],
    ['request_approval', 'on_failure'],
  ])('of %s is not repeated by a counted route to itself (%s) either', (action, member) => {
    expect(errors({ a: act(action, 'done', { [member]: { to: 'a', max: 3 } }) })).toContain(
      `nodes.a.${member}: ${action} is not repeated: a second try could do twice what the first has done; lead it elsewhere`,
    );
    expect(errors({ a: act('run_tests', 'done', { [member]: { to: 'a', max: 3 } }) })).toEqual([]);
  });

  it('says of its outputs what its action makes, or nothing', () => {
    const outputs = (...names: string[]) => errors({ a: act('run_tests', 'done', { outputs: names }) });
    expect(outputs('test_output', 'test_report')).toEqual([]);
    for (const wrong of [['test_report'], ['test_report', 'other'], []]) {
      expect(outputs(...wrong)).toEqual([
        'nodes.a.outputs: run_tests makes test_report and test_output; outputs says just that, or is left out',
      ]);
    }
    expect(errors({ a: act('request_approval', 'done', { outputs: ['x'] }) })).toEqual([
      'nodes.a.outputs: request_approval makes nothing; outputs says just that, or is left out',
    ]);
  });

  it('of an agent has one output when it has a result, else none', () => {
    const result = { type: 'report' };
    expect(errors({ a: agent('done', { result, outputs: ['text'] }) })).toEqual([]);
    expect(errors({ a: agent('done', { result, outputs: ['x', 'y'] }) })).toEqual([
      'nodes.a.outputs: an agent makes one artifact, its result: give one name, not 2',
    ]);
    expect(errors({ a: agent('done', { outputs: ['x'] }) })).toEqual([
      'nodes.a.outputs: an agent makes an artifact only when it has a result; give it one, or leave outputs out',
    ]);
  });

  it('of an agent has no tool that the run has not', () => {
    expect(errors({ a: agent('done', { toolset: 'reading' }) })).toEqual([]);
    expect(errors({ a: agent('done', { toolset: 'wild' }) })).toEqual([
      'nodes.a.toolset: "wild" has delete_file, which the toolset "coding" of the run has not',
    ]);
    expect(errors({ a: agent('done', { toolset: 'docs_search' }) }, { toolset: 'docs' })).toEqual([]);
    expect(errors({ a: agent('done', { toolset: 'docs' }) }, { toolset: 'docs_search' })).toEqual([
      'nodes.a.toolset: "docs" has mcp__docs__*, which the toolset "docs_search" of the run has not',
    ]);
  });

  it('does what a tool of the run can do', () => {
    expect(errors({ a: act('run_tests') }, { toolset: 'reading' })).toEqual([
      'nodes.a.action: run_tests needs the tool run_project_command, which the toolset "reading" of the run has not',
    ]);
    expect(errors({ a: act('request_approval', 'b'), b: act('diff_report') }, { toolset: 'reading' })).toEqual([]);
  });

  it('of an agent can make one call at least', () => {
    expect(errors({ a: agent('done', { max_tokens: 5000, max_call_tokens: 5000 }) })).toEqual([]);
    expect(errors({ a: agent('done', { max_tokens: 5000 }) })).toEqual([
      'nodes.a.max_tokens: is below max_call_tokens (64000), so that not one call could be made; raise it, or lower max_call_tokens',
    ]);
  });
});

describe('a budget', () => {
  it('has room for one call at least of the agent that needs least', () => {
    const nodes = { a: agent('b', { max_call_tokens: 9000 }), b: agent('done', { max_call_tokens: 5000 }) };
    expect(errors(nodes, { budget: { tokens: 5000 } })).toEqual([]);
    expect(errors(nodes, { budget: { tokens: 4999 } })).toEqual([
      'budget.tokens: is below the smallest max_call_tokens of an agent (5000), so that not one call could be made; raise it, or lower max_call_tokens',
    ]);
    expect(errors({ a: act('run_tests') }, { budget: { tokens: 1 } })).toEqual([]);
  });
});

describe('a verdict', () => {
  it.each(['verdict', 'reasons'])('has no field called %s, which it has anyway', (name) => {
    const withField = (field: string) =>
      errors({ a: agent('done', { result: { type: 'verdict', fields: { [field]: 'text' } } }) });
    expect(withField(name)).toEqual([
      `nodes.a.result.fields.${name}: every verdict has "${name}" as it is; give this field another name`,
    ]);
    expect(withField('risk')).toEqual([]);
  });
});

describe('an artifact that is read', () => {
  it('is made by some node', () => {
    expect(errors({ a: act('run_tests', 'b'), b: agent('done', { inputs: ['test_raport'] }) })).toEqual([
      'nodes.b.inputs.0: no node makes "test_raport"; did you mean "test_report"?; made are test_report, test_output',
    ]);
    expect(errors({ b: agent('done', { inputs: ['x'] }) })).toEqual([
      'nodes.b.inputs.0: no node makes "x"; no node makes an artifact',
    ]);
  });

  it('is made on every way, or the way on which it is not is told', () => {
    const nodes = {
      a: act('run_lint', 'b', { on_failure: 'c' }),
      b: act('run_tests', 'c'),
      c: agent('done', { inputs: ['lint_report', 'test_report'] }),
    };
    expect(errors(nodes)).toEqual([
      'nodes.c.inputs.1: "test_report" is not made on every way to "c"; it is missing on a → c',
    ]);
  });

  it('is not there before the node that makes it, the first time round a loop', () => {
    const nodes = {
      a: agent('b', { inputs: ['test_report'] }),
      b: act('run_tests', 'done', { on_failure: { to: 'a', max: 2 } }),
    };
    expect(errors(nodes)).toEqual([
      'nodes.a.inputs.0: "test_report" is not made on every way to "a"; it is missing on a',
    ]);
  });

  it('comes of a command that failed as well, of other actions only when they succeed', () => {
    const following = (action: string, name: string) =>
      errors({ a: act(action, 'done', { on_failure: 'b' }), b: agent('done', { inputs: [name] }) });
    expect(following('run_tests', 'test_report')).toEqual([]);
    expect(following('diff_report', 'diff')).toHaveLength(1);
    expect(following('build_context', 'context')).toHaveLength(1);
  });

  it('does not come of an optional command that was passed over, nor of one that a person refused', () => {
    const reader = { b: agent('done', { inputs: ['lint_report'] }) };
    expect(errors({ a: act('run_lint', 'b', { optional: true }), ...reader })).toHaveLength(1);
    expect(errors({ a: act('run_lint', 'done', { optional: true, on_failure: 'b' }), ...reader })).toEqual([]);
    const asked = act('run_lint', 'done', { approval: true, on_failure: 'b' });
    expect(errors({ a: asked, ...reader })).toContainEqual(expect.stringMatching(/"lint_report" is not made/));
  });

  it('is there when a counted route is used up, for then the node has run', () => {
    const nodes = (more: object) => ({
      a: act('run_lint', 'done', { on_failure: { to: 'a', max: 2 }, on_exhausted: 'b', ...more }),
      b: agent('done', { inputs: ['lint_report'] }),
    });
    expect(errors(nodes({}))).toEqual([]);
    // What is used up can be the way after it was passed over.
    expect(errors(nodes({ optional: true, on_success: { to: 'a', max: 2 } }))).toHaveLength(1);
  });

  it('comes of an agent that delivered it; a verdict also when it rejects', () => {
    const following = (type: string, member: string) =>
      errors({
        a: agent('done', { result: { type }, [member]: 'b' }),
        b: agent('done', { inputs: [`a_${type}`] }),
      });
    expect(following('report', 'on_success')).toEqual([]);
    expect(following('report', 'on_failure')).toHaveLength(1);
    expect(following('verdict', 'on_failure')).toEqual([]);
    expect(following('verdict', 'on_exhausted')).toHaveLength(1);
  });

  it('has one type under one name', () => {
    const nodes = {
      a: agent('b', { result: { type: 'report' }, outputs: ['x'] }),
      b: agent('c', { result: { type: 'verdict' }, outputs: ['x'] }),
      c: agent('done', { inputs: ['x'] }),
    };
    expect(errors(nodes)).toEqual([
      'nodes.b.outputs: "x" is what "a" makes as report, here it is a verdict; give it another name',
    ]);
  });

  it('of an action is never what an agent wrote: nobody is shown the one for the other', () => {
    for (const name of ['summary', 'diff', 'test_report', 'commit']) {
      const nodes = {
        a: agent('ask', { result: { type: 'report' }, outputs: [name] }),
        ask: act('request_approval', 'done', { inputs: [name] }),
      };
      expect(errors(nodes)).toEqual([
        `nodes.a.outputs: "${name}" is what an action makes, and the result of an agent must not be taken for it; give it another name under outputs`,
      ]);
    }
    expect(errors({ test: agent('done', { result: { type: 'report' } }) })).toEqual([
      expect.stringMatching(/^nodes\.test\.result: "test_report" is what an action makes/),
    ]);
  });

  it('is one patch for apply_patch', () => {
    const nodes = (inputs: string[]) => ({
      a: agent('b', { result: { type: 'patch' } }),
      b: act('diff_report', 'c'),
      c: act('apply_patch', 'done', { inputs }),
    });
    expect(errors(nodes(['a_patch']))).toEqual([]);
    expect(errors(nodes(['diff']))).toEqual(['nodes.c.inputs: apply_patch wants a patch; "diff" is a diff']);
    for (const inputs of [[], ['a_patch', 'diff']]) {
      expect(errors(nodes(inputs))).toEqual([
        `nodes.c.inputs: apply_patch is given exactly one input, the patch; here it has ${inputs.length}`,
      ]);
    }
  });
});

describe('an approval', () => {
  const chain = { work: agent('ask'), ask: act('request_approval', 'commit'), commit: act('git_commit') };

  it('stands on every way to done', () => {
    expect(errors(chain)).toEqual([]);
    expect(errors({ ...chain, work: agent('ask', { on_exhausted: 'done' }) })).toEqual([
      'nodes.work.on_exhausted: done is reached round the approval in "ask", on work → done',
    ]);
    expect(errors({ ...chain, ask: act('request_approval', 'commit', { on_failure: 'done' }) })).toEqual([
      'nodes.ask.on_failure: done is reached round the approval in "ask", on work → ask → done',
    ]);
  });

  it('is not wanted on a way on which nobody has worked yet', () => {
    const before = { test: act('run_tests', 'done', { on_failure: 'work' }), ...chain };
    expect(errors(before)).toEqual([]);
    const formatted = { test: act('run_format', 'done', { on_failure: 'work' }), ...chain };
    expect(errors(formatted)).toEqual([
      'nodes.test.on_success: done is reached round the approval in "ask", on test → done',
    ]);
  });

  it('is one of a node that asks for itself, unless that can be passed over unasked', () => {
    expect(errors({ work: agent('test'), test: act('run_tests', 'done', { approval: true }) })).toEqual([]);
    const optional = act('run_tests', 'done', { approval: true, optional: true });
    expect(errors({ work: agent('test'), test: optional })).toEqual([
      'nodes.test.on_success: done is reached round the approval in "test", on work → test → done',
    ]);
  });

  it('is of what is committed: nothing changes after it', () => {
    const late = { ...chain, ask: act('request_approval', 'polish'), polish: agent('commit') };
    expect(errors(late)).toEqual([
      'nodes.commit: commits what "polish" changed without an approval after it, on polish → commit',
    ]);
    expect(errors({ ...late, polish: agent('commit', { toolset: 'reading' }) })).toEqual([]);
    expect(errors({ ...late, polish: act('run_format', 'commit') })).toEqual([
      'nodes.commit: commits what "polish" changed without an approval after it, on polish → commit',
    ]);
    expect(errors({ ...late, commit: act('git_commit', 'done', { approval: true }) })).toEqual([]);
  });

  it.each(['run_lint', 'run_tests', 'run_build', 'run_format'])(
    'is of what is committed also where %s comes after it, which may write',
    (action) => {
      const late = { ...chain, ask: act('request_approval', 'check'), check: act(action, 'commit') };
      expect(errors(late)).toEqual([
        'nodes.commit: commits what "check" changed without an approval after it, on check → commit',
      ]);
      expect(errors({ ...chain, work: agent('check'), check: act(action, 'ask') })).toEqual([]);
    },
  );

  it('of an agent before it begins is none of what it does then', () => {
    const nodes = { work: agent('commit', { approval: true }), commit: act('git_commit') };
    expect(errors(nodes)).toEqual([
      'nodes.commit: commits what "work" changed without an approval after it, on work → commit',
    ]);
  });

  it('takes a toolset that is not known for one that can write', () => {
    const nodes = { ...chain, ask: act('request_approval', 'look'), look: agent('commit', { toolset: 'reading' }) };
    expect(checkBlueprint(blueprint(nodes), KNOWN)).toEqual([]);
    expect(checkBlueprint(blueprint(nodes))).toHaveLength(1);
  });

  it('stands before a commit of nothing as well', () => {
    const nodes = {
      test: act('build_context', 'commit', { on_failure: 'ask' }),
      ask: act('request_approval', 'commit'),
    };
    expect(errors({ ...nodes, commit: act('git_commit') })).toEqual([
      'nodes.commit: commits without an approval, on test → commit',
    ]);
  });

  it('is not asked for where a blueprint has none', () => {
    expect(errors({ work: agent('commit'), commit: act('git_commit') })).toEqual([]);
  });
});

describe('an agent whose work nothing checks', () => {
  it('is warned of, not refused', () => {
    const text = JSON.stringify(blueprint({ work: agent() }));
    const { blueprint: accepted, problems } = inspectBlueprint(text, KNOWN);
    expect(accepted?.id).toBe('b');
    expect(problems).toEqual([
      {
        severity: 'warning',
        line: 1,
        column: expect.any(Number),
        message: expect.stringMatching(/^nothing checks the work of "work" before done; give it a result/),
      },
    ]);
  });

  it('is none that delivers a result, or that is followed by a check or a person', () => {
    expect(warnings({ work: agent('done', { result: { type: 'report' } }) })).toEqual([]);
    for (const action of ['run_lint', 'run_tests', 'run_build', 'request_approval'])
      expect(warnings({ work: agent('check'), check: act(action) })).toEqual([]);
    expect(warnings({ work: agent('check'), check: act('summarize', 'done', { approval: true }) })).toEqual([]);
  });

  it('is one before a check that may be passed over, that may fail, or that checks nothing', () => {
    for (const check of [
      act('run_lint', 'done', { optional: true }),
      act('run_tests', 'done', { on_failure: 'done' }),
      act('run_format'),
    ])
      expect(warnings({ work: agent('check'), check })).toEqual(['nodes.work']);
  });
});
