/** Approvals at a terminal: yes, no with a reason, or yes to something else; and the question before a start. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliApprover } from '../../../src/cli/approver';
import { confirmStart } from '../../../src/cli/confirmStart';
import type { Terminal } from '../../../src/cli/terminal';
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

async function asked(answers: string[], { editable = true, editor = undefined as string | undefined } = {}) {
  const { terminal, seen } = person(...answers);
  const approver = cliApprover('ask', terminal, editor);
  const verdict = await approver.ask({ ...REQUEST, editable, detail: INPUT }, new AbortController().signal);
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

describe('the question before a start', () => {
  const PREVIEW: RunPreview = {
    root: '/repo',
    model: { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false },
    bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 94.5, costUsd: 0.9 },
    budget: { modelCalls: 10, tokens: 120_000, minutes: 94.5, costUsd: 0.9 },
    commands: [{ name: 'test', line: 'npm test', source: 'package.json script "test"' }],
    commandsHash: 'h',
  };
  const confirmed = async (answer: string, mode: 'ask' | 'all' | 'never', preview = PREVIEW, present = true) => {
    const { terminal, seen } = person(answer);
    return [await confirmStart(preview, mode, { ...terminal, present }), ...seen];
  };
  const SHOWN = [
    'worst case: 14 model calls, 120k tokens, $0.90, 95 minutes',
    'at most: 10 model calls (the budget of the blueprint)',
    'model: openai:gpt-5 (api.openai.com)',
    'test: npm test (package.json script "test")',
  ];

  it('comes after the worst case and the commands, and is answered with yes or not', async () => {
    const question = expect.stringMatching(/^Start, with these commands\?/);
    expect(await confirmed('yes', 'ask')).toEqual([true, ...SHOWN, question]);
    expect(await confirmed('', 'ask')).toEqual([false, ...SHOWN, question]);
  });

  it('is not asked of programs, nor where approvals were settled beforehand', async () => {
    expect(await confirmed('no', 'ask', PREVIEW, false)).toEqual([true, ...SHOWN]);
    expect(await confirmed('no', 'all')).toEqual([true, ...SHOWN]);
    expect(await confirmed('no', 'never')).toEqual([true, ...SHOWN]);
  });

  it('shows a command as what it is, and asks nothing where there is none', async () => {
    const odd = { ...PREVIEW, commands: [{ name: 'test', line: 'npm \u001b[2J test', source: 'x' }] };
    expect(await confirmed('yes', 'ask', odd)).toContain('test: npm \\u{1b}[2J test (x)');
    expect(await confirmed('no', 'ask', { ...PREVIEW, commands: [] })).toEqual([
      true,
      ...SHOWN.slice(0, 3),
      'project commands: none was found',
    ]);
  });
});
