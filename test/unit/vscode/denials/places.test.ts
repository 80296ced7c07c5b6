/** Where a denied call is marked in the person's own files. */
import { describe, expect, test } from 'vitest';
import type { Denial } from '../../../../src/vscode/denials/denials';
import { placesOf } from '../../../../src/vscode/denials/places';
import type { ExplainedCall } from '../../../../src/vscode/runs';

const fact = (asked: string, inside: string | null = asked) => ({ asked, inside, problem: null });

const denied = (tool: string, input: object, ...paths: ReturnType<typeof fact>[]): Denial => ({
  ...{ runId: 'r', seq: 7, tool, what: tool, rule: 'secrets', layer: 'chosen', reason: 'no' },
  paths,
  input: JSON.stringify(input),
});

const step = (rule: string, target: string, matched: boolean) => ({
  ...({ layer: 'chosen', source: '', rule, effect: 'deny', target, matched, why: '' } as const),
});
const explained = (steps: ExplainedCall['steps']): ExplainedCall => ({
  ...{ call: 'c', tool: 't', input: '{}', snapshot: 's', steps, omitted: 0 },
  decision: { decision: 'deny', rule: 'secrets', layer: 'policy standard', reason: 'no' },
});

describe('the place of a denial', () => {
  test('is the file below the root of the repository, at its first line', () => {
    expect(placesOf(denied('write_file', { path: '.env', content: '' }, fact('.env')), null, '/repo')).toEqual([
      { file: '/repo/.env', line: 0, text: null },
    ]);
  });

  test('is the line that a reading asked for, counted from 0', () => {
    const [place] = placesOf(denied('read_file', { path: 'a.ts', from: 40 }, fact('a.ts')), null, '/repo');
    expect(place?.line).toBe(39);
  });

  test('is where the passage stands that was to be replaced', () => {
    const call = denied('replace_in_file', { path: 'a.ts', old: 'x = 1', new: 'x = 2' }, fact('a.ts'));
    expect(placesOf(call, null, '/repo')[0]?.text).toBe('x = 1');
  });

  test('is the first hunk of a patch about the file, not about another', () => {
    const patch =
      '--- a/a.ts\n+++ b/a.ts\n@@ -9 +9 @@\n-a\n+b\n--- a/ci.yml\n+++ b/ci.yml\n@@ -31,2 +31,2 @@\n-a\n+b\n';
    const [place] = placesOf(denied('apply_patch', { patch }, fact('ci.yml')), null, '/repo');
    expect(place?.line).toBe(30);
  });

  test('is only what the rule matched, when the call names other files as well', () => {
    const call = denied('run_command', { command: 'cat a.txt .env' }, fact('a.txt'), fact('.env'));
    const steps = [step('secrets', 'a.txt', false), step('secrets', '.env', true)];
    expect(placesOf(call, explained(steps), '/repo').map(({ file }) => file)).toEqual(['/repo/.env']);
  });

  test.each(['../outside', '/etc/passwd', 'a\0b', '.'])(
    'is nowhere for %j, which is no file of the repository',
    (asked) => {
      expect(placesOf(denied('read_file', { path: asked }, fact(asked, null)), null, '/repo')).toEqual([]);
    },
  );
});
