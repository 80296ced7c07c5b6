/** `redact`: standard input in, the same without secrets out. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { POSITIVES } from '../../redact/positive';
import { temporaryFolder, writeIn } from '../../support/cli';

const CLI = path.resolve(import.meta.dirname, '../../../dist/cli.js');
const TOKEN = `gh${'p'}_${'a1B2'.repeat(9)}`;

function redact(
  args: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [CLI, 'redact', ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('redact', () => {
  it.runIf(process.platform === 'linux')('takes out the names that the person has listed', async () => {
    const folder = temporaryFolder();
    writeIn(folder, 'openexec/names.txt', 'Maija Meikäläinen\n');
    const env = { ...process.env, XDG_CONFIG_HOME: folder };
    expect((await redact([], 'call Maija Meikäläinen', env)).stdout).toBe('call «name»');
    const { stdout } = await redact(['--jsonl'], '{"text": "call Maija Meikäläinen"}', env);
    expect(JSON.parse(stdout)).toEqual({ text: 'call «name»', findings: [{ kind: 'name', start: 5, end: 22 }] });
  });

  it('gives text back without what is secret in it, byte for byte else', async () => {
    const text = `first\r\nkey=${TOKEN}\n\tlast ä «x»`;
    expect(await redact([], text)).toEqual({
      code: 0,
      stdout: 'first\r\nkey=«github-token»\n\tlast ä «x»',
      stderr: '',
    });
  });

  it('takes a text that is longer than what is looked at at once', async () => {
    const text = `${'x y z '.repeat(30_000)}${TOKEN} ${'u v w\n'.repeat(30_000)}`;
    expect((await redact([], text)).stdout).toBe(text.replace(TOKEN, '«github-token»'));
  });

  it('tells as one JSON document what stood where', async () => {
    const { stdout } = await redact(['--json'], `ä ${TOKEN}!`);
    const end = 2 + TOKEN.length;
    expect(JSON.parse(stdout)).toEqual({
      text: 'ä «github-token»!',
      findings: [{ kind: 'github-token', start: 2, end }],
    });
  });

  it('answers each line of JSON with one, in order', async () => {
    const lines = POSITIVES.map(({ text }) => JSON.stringify({ text, label: 'ignored' }));
    const { code, stdout } = await redact(['--jsonl'], `${lines.join('\n')}\n`);
    expect(code).toBe(0);
    const answers = stdout.trimEnd().split('\n');
    expect(answers).toHaveLength(POSITIVES.length);
    answers.forEach((line, at) => {
      const { text, findings } = JSON.parse(line) as { text: string; findings: { start: number; end: number }[] };
      const { text: original = '', secrets = [] } = POSITIVES[at] ?? {};
      for (const secret of secrets) expect(text).not.toContain(secret);
      const between = findings.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), original);
      expect(text.replace(/«[a-z-]+»/g, '')).toBe(between);
    });
  });

  it.each([
    ['{"text":"a"}\nnot json\n', /line 2 of standard input is no JSON/],
    ['{"text":"a"}\n{"txt":"b"}\n', /line 2 of standard input has no text/],
  ])('names the line that is wrong in %j', async (input, words) => {
    const { code, stderr } = await redact(['--jsonl'], input);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });

  it.each([['--all'], ['--json', '--jsonl'], ['file.txt']])('takes %s for wrong use', async (...args) => {
    expect((await redact(args, '')).code).toBe(2);
  });
});
