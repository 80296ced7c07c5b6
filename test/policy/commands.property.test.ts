/** No line whatsoever is more than one plain command and still allowed without a question. */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseCommand } from '../../src/core/commands/analyse';
import type { ProjectCommands } from '../../src/core/policy/schema';

const COMMANDS: ProjectCommands = {
  test: { argv: ['npm', 'test'], source: 'x' },
  build: { argv: ['make'], source: 'x' },
};
const analyse = (line: string) => analyseCommand(line, COMMANDS);

const program = fc.constantFrom(
  'ls',
  'cat',
  'echo',
  'rg',
  'grep',
  'find',
  'git',
  'git log',
  'npm test',
  'make',
  'head',
);
const operator = fc.constantFrom(
  ...['|', '||', '&', '&&', ';', ';;', '<', '>', '>>', '<<', '<<<', '>|', '&>', '|&', '(', ')', '<(', '>(', '2>&1'],
  ...['$(id)', '`id`', '$x', '$\u007bx}', '$((1))', '\n', '\r', '\u2028', '\0'],
);
const inQuotes: fc.Arbitrary<string> = fc.constantFrom(
  'a',
  ' ',
  ';',
  '|',
  '&',
  '<',
  '>',
  '(',
  ')',
  '*',
  '#',
  '~',
  '!',
  '=',
  '-',
  'é',
  '{',
  '}',
);
const single = fc
  .array(
    inQuotes.filter((c) => c !== "'"),
    { maxLength: 6 },
  )
  .map((parts) => `'${parts.join('')}'`);
const double = fc.array(inQuotes, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);
const bare = fc.constantFrom(
  'a',
  'src',
  '-n',
  '--',
  '-',
  'x=y',
  'a.b',
  '.',
  '-name',
  'HEAD',
  '\\(',
  '\\ ',
  '!',
  '@{1}',
  'a#b',
);
const piece = fc.oneof(single, double, bare);
const glue = fc.constantFrom('', ' ', '  ');
const pieces = fc.array(fc.tuple(piece, glue), { maxLength: 6 }).map((all) => all.flat().join(''));

/** Everything that means something to a shell, in an order that hides nothing. */
const ALPHABET = [...'abls  -n=./\\\'"\'"|&;<>()$`*?[]{}~#!^%\n@'];
const hostile = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 24 }).map((chars) => chars.join(''));

/** Written apart from the tokenizer on purpose: whether an operator stands outside of quotes and is not escaped. */
function hasOperator(line: string): boolean {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === "'") quote = char === "'" ? '' : quote;
    else if (char === '\\') at++;
    else if (quote === '"') {
      if (char === '`' || (char === '$' && /[({\w]/.test(line.charAt(at + 1)))) return true;
      quote = char === '"' ? '' : quote;
    } else if (char === "'" || char === '"') quote = char;
    else if ('|&;<>()`\n'.includes(char) || (char === '$' && /[({\w'"]/.test(line.charAt(at + 1)))) return true;
  }
  return false;
}

describe('a line with an operator outside of quotes', () => {
  it('is never a command that could be allowed, wherever the operator stands', () => {
    fc.assert(
      fc.property(program, pieces, operator, glue, pieces, (name, before, found, space, after) => {
        expect(analyse(`${name} ${before}${space}${found}${space}${after}`).kind).toBe('refused');
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused among all lines that can be made of the characters of a shell', () => {
    fc.assert(
      fc.property(program, hostile, (name, rest) => {
        const line = `${name} ${rest}`;
        if (analyse(line).kind === 'plain') expect(hasOperator(line)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the analysis', () => {
  it('is total and deterministic for every string', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), hostile, pieces);
    fc.assert(
      fc.property(program, anything, fc.boolean(), (name, text, alone) => {
        const line = alone ? text : `${name} ${text}`;
        const first = analyse(line);
        expect(['plain', 'refused']).toContain(first.kind);
        expect(analyse(line)).toEqual(first);
      }),
      { numRuns: 3000 },
    );
  });

  it('never allows an unknown program, whatever follows it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{7,12}$/), pieces, (name, rest) => {
        const command = analyse(`${name} ${rest}`);
        if (command.kind === 'plain') expect(command.capability).not.toBe('exec_inspect');
      }),
    );
  });
});

const bash = spawnSync('bash', ['--version']).status === 0;

describe.skipIf(!bash)('bash itself', () => {
  it('sees the same words in every line that is one plain command', () => {
    const lines = fc
      .sample(fc.oneof(pieces, hostile), { numRuns: 4000, seed: 5 })
      .map((rest) => `echo ${rest}`)
      .flatMap((line) => {
        const command = analyse(line);
        return command.kind === 'plain' ? [{ line, argv: command.argv }] : [];
      });
    expect(lines.length).toBeGreaterThan(500);
    const script = lines.map(({ line }) => `printf '%s\\0' ${line}; printf '\\1\\0'`).join('\n');
    const options = { input: script, cwd: os.tmpdir(), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    const { stdout, status } = spawnSync('bash', ['--norc'], options);
    expect(status).toBe(0);
    const seen = stdout.split('\u0001\0').slice(0, -1);
    expect(seen.map((words) => words.split('\0').slice(0, -1))).toEqual(lines.map(({ argv }) => argv));
  });
});
