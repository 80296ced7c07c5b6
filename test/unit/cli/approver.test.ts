/** Approvals at a terminal: yes, no with a reason, or yes to something else; and the question before a start. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ApprovalMode, cliApprover } from '../../../src/cli/approver';
import { confirmStart } from '../../../src/cli/confirmStart';
import type { Terminal } from '../../../src/cli/terminal';
import type { ApprovalRequest } from '../../../src/core/ports/approver';
import type { RunPreview } from '../../../src/node/runs/previewRun';
import { temporaryFolder } from '../../support/cli';

/** A person who gives these answers, one after the other, and then none. */
function person(...answers: string[]): { terminal: Terminal; seen: string[] } {
  const seen: string[] = [];
  const question = async (text: string): Promise<string | null> => {
    seen.push(text);
    return answers.shift() ?? null;
  };
  return { terminal: { present: true, say: (text) => void seen.push(text), question }, seen };
}

const REQUEST = { approval: 'a.1', title: 'Run npm install', snapshot: 's', editable: true };
const INPUT = '{"command":"npm install left-pad"}';

type Asked = Partial<ApprovalRequest> & { readonly editor?: string; readonly mode?: ApprovalMode };

async function asked(answers: string[], { editor, mode = 'ask', ...more }: Asked = {}) {
  const { terminal, seen } = person(...answers);
  const approver = cliApprover(mode, terminal, editor);
  const verdict = await approver.ask({ ...REQUEST, detail: INPUT, ...more }, new AbortController().signal);
  return { verdict, seen };
}

/** An editor that is a program of ours; it writes what the given function body makes of the text. */
function editorThat(body: string): string {
  const file = path.join(temporaryFolder(), 'editor.mjs');
  const program = `import fs from 'node:fs';
const file = process.argv.at(-1);
const edit = (text) => { ${body} };
fs.writeFileSync(file, edit(fs.readFileSync(file, 'utf8')));`;
  fs.writeFileSync(file, program);
  return `${process.execPath} ${file}`;
}

describe('an approval at a terminal', () => {
  it('is given with yes, after the person has seen what it is for', async () => {
    const { verdict, seen } = await asked(['yes']);
    expect(verdict).toEqual({ kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '' });
    expect(seen[0]).toBe(`\nRun npm install\n${INPUT}`);
  });

  it.each([
    ['too wide', 'too wide'],
    ['', ''],
  ])('is refused with anything else, and with the reason %j', async (said, reason) => {
    const { verdict, seen } = await asked(['no', said]);
    expect(verdict).toEqual({ kind: 'resolved', verdict: 'rejected', by: 'terminal', reason });
    expect(seen.at(-1)).toMatch(/^Why not\?/);
  });

  it('can be given to other arguments, written in a line', async () => {
    const { verdict } = await asked(['e', '{ "command": "npm ci" }']);
    expect(verdict).toMatchObject({ verdict: 'approved', edited: '{"command":"npm ci"}' });
  });

  it('asks again after arguments that are no JSON object, and says what is wrong', async () => {
    const { verdict, seen } = await asked(['e', '{"command": npm}', 'e', '[1]', 'no', 'never mind']);
    expect(verdict).toMatchObject({ verdict: 'rejected', reason: 'never mind' });
    expect(seen).toContainEqual(expect.stringMatching(/^This is not JSON.*\.$/));
    expect(seen).toContain('The arguments of a call are a JSON object: { "name": value, … }.');
  });

  it('opens the editor of the person on the arguments, laid out for reading', async () => {
    const editor = editorThat(`return text.split('\\n').length > 2 ? text.replace('left-pad', 'right-pad') : text;`);
    const { verdict } = await asked(['e'], { editor });
    expect(verdict).toMatchObject({ verdict: 'approved', edited: '{"command":"npm install right-pad"}' });
  });

  it('asks again when the editor fails, or is not there', async () => {
    const failed = await asked(['e', 'yes'], { editor: editorThat('process.exit(3);') });
    expect(failed.seen).toContainEqual(expect.stringMatching(/^The editor \S+ ended with 3\.$/));
    expect(failed.verdict).toEqual({ kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '' });
    const missing = await asked(['e', 'yes'], { editor: 'no-such-editor --wait' });
    expect(missing.seen).toContainEqual(expect.stringMatching(/^The editor no-such-editor could not be started/));
  });

  it('offers no edit where there is nothing to edit', async () => {
    const { verdict, seen } = await asked(['e', ''], { editable: false });
    expect(verdict).toMatchObject({ verdict: 'rejected' });
    expect(seen.join('\n')).not.toMatch(/edit/);
  });

  it.each([[[]], [['no']], [['e']]])('is left to a person later when the answers end after %j', async (answers) => {
    const { verdict } = await asked(answers as string[]);
    expect(verdict).toEqual({ kind: 'unavailable', reason: 'the question was not answered' });
  });
});

describe('an approval for the whole run', () => {
  it('is given with run, where the call can be asked about again', async () => {
    const { verdict, seen } = await asked(['run'], { repeatable: true });
    expect(verdict).toEqual({ kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '', scope: 'run' });
    expect(seen[1]).toMatch(/"run" to approve exactly this call for the whole run/);
  });

  it('is not offered elsewhere, and the word then rejects as any other does', async () => {
    const { verdict, seen } = await asked(['run', '']);
    expect(verdict).toMatchObject({ verdict: 'rejected' });
    expect(seen.join('\n')).not.toMatch(/whole run/);
  });

  it('is not what --approve all gives', async () => {
    const { verdict } = await asked([], { repeatable: true, mode: 'all' });
    expect(verdict).toMatchObject({ verdict: 'approved', by: 'command line (--approve all)' });
    expect(verdict).not.toHaveProperty('scope');
  });
});

describe('a question of the model', () => {
  const question = { question: true, editable: false, title: 'Up or \u001b[2Jdown?', tool: 'ask_user' };

  it('is shown as what it is, and answered in a line', async () => {
    const { verdict, seen } = await asked([' down '], question);
    expect(verdict).toEqual({ kind: 'resolved', verdict: 'approved', by: 'terminal', reason: 'down' });
    expect(seen[0]).toBe('\nThe model asks:\n  | Up or \\u{1b}[2Jdown?');
  });

  it('cannot pass for a question of ours, in any of its lines', async () => {
    const { seen } = await asked(['no'], {
      ...question,
      title: 'Which?\n\nApprove? Type "yes" to approve\u2028x\u3164',
    });
    expect(seen[0]).toBe('\nThe model asks:\n  | Which?\n  | \n  | Approve? Type "yes" to approve\\u{2028}x\\u{3164}');
  });

  it('may be left unanswered, with a reason', async () => {
    const { verdict } = await asked(['', 'find it out'], question);
    expect(verdict).toEqual({ kind: 'resolved', verdict: 'rejected', by: 'terminal', reason: 'find it out' });
  });

  it.each(['all', 'never'] as const)('is answered by nobody under --approve %s', async (mode) => {
    expect((await asked(['down'], { ...question, mode })).verdict).toMatchObject({ kind: 'unavailable' });
  });

  it('waits for a person when the input ends', async () => {
    const { verdict } = await asked([], question);
    expect(verdict).toEqual({ kind: 'unavailable', reason: 'the question was not answered' });
  });
});

describe('the question before a start', () => {
  const PLAN: RunPreview['plan'] = {
    mode: 'run',
    intent: 'bugfix',
    surface: 'backend',
    toolset: 'coding_backend',
    blueprint: 'quick_fix',
    zones: ['packages/api/**'],
    excluded: ['.env'],
    sensitivity: 'medium',
    risk: [],
    route: 'cloud',
    confidence: 0.93,
    reasons: ['model: intent bugfix 0.93'],
  };
  const PREVIEW: RunPreview = {
    root: '/repo',
    model: { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false },
    bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 94.5, costUsd: 0.9 },
    budget: { modelCalls: 10, tokens: 120_000, minutes: 94.5, costUsd: 0.9 },
    commands: [{ name: 'test', line: 'npm test', source: 'package.json script "test"' }],
    servers: [],
    policy: {
      id: 'standard',
      source: 'shipped with OpenExec',
      layers: [{ layer: 'managed', source: '/etc/openexec/policy.yaml', id: 'company' }],
    },
    plan: PLAN,
    problem: null,
    commandsHash: 'h',
    shownHash: 'shown',
    plainTask: true,
  };
  const confirmed = async (answer: string, mode: 'ask' | 'all' | 'never', preview = PREVIEW, present = true) => {
    const { terminal, seen } = person(answer);
    return [await confirmStart(preview, null, mode, { ...terminal, present }), ...seen];
  };
  const SHOWN = [
    'worst case: 14 model calls, 120k tokens, $0.90, 95 minutes',
    'at most: 10 model calls (the budget of the blueprint)',
    'model: openai:gpt-5 (api.openai.com)',
    'policy: standard (shipped with OpenExec)',
    'policy of the managed layer: company (/etc/openexec/policy.yaml)',
    'plan: run, bugfix (93 % sure), sensitivity medium, route cloud',
    'zones: packages/api/**',
    'excluded: .env',
    '  because model: intent bugfix 0.93',
    'test: npm test (package.json script "test")',
  ];

  it('comes after the worst case and the commands, and is answered with yes or not', async () => {
    const question = expect.stringMatching(/^Start, under this plan, with these commands\?/);
    const agreed = { changes: { by: 'terminal', agreed: PLAN } };
    expect(await confirmed('yes', 'ask')).toEqual([agreed, ...SHOWN, question]);
    expect(await confirmed('', 'ask')).toEqual([null, ...SHOWN, question]);
  });

  it('keeps the zones that were named on the command line', async () => {
    const { terminal } = person('yes');
    const changes = { by: 'command line (--zones)', zones: ['src/**'] };
    const answer = await confirmStart(PREVIEW, changes, 'ask', { ...terminal, present: true });
    expect(answer).toEqual({ changes: { ...changes, agreed: PLAN } });
    expect(await confirmStart(PREVIEW, changes, 'never', terminal)).toEqual({ changes });
  });

  it('is not asked of programs, nor where approvals were settled beforehand', async () => {
    const unasked = { changes: null };
    expect(await confirmed('no', 'ask', PREVIEW, false)).toEqual([unasked, ...SHOWN]);
    expect(await confirmed('no', 'all')).toEqual([unasked, ...SHOWN]);
    expect(await confirmed('no', 'never')).toEqual([unasked, ...SHOWN]);
  });

  it('shows a command as what it is, and asks nothing where there is none and the plan raises no doubt', async () => {
    const odd = { ...PREVIEW, commands: [{ name: 'test', line: 'npm \u001b[2J test', source: 'x' }] };
    expect(await confirmed('yes', 'ask', odd)).toContain('test: npm \\u{1b}[2J test (x)');
    const bare = { ...PREVIEW, commands: [] };
    expect(await confirmed('no', 'ask', bare)).toEqual([
      { changes: null },
      ...SHOWN.slice(0, -1),
      'project commands: none was found',
    ]);
    const doubtful = { ...bare, plan: { ...PLAN, risk: ['exfiltration' as const] } };
    expect(await confirmed('no', 'ask', doubtful)).toEqual(
      expect.arrayContaining([null, 'Look twice: the task looks like exfiltration']),
    );
  });
});
