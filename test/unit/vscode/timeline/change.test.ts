import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, changeSchema, MAX_CHANGE_LINES } from '../../../../src/protocol/approval';
import { changeOf } from '../../../../src/vscode/timeline/change';
import { compareLines } from '../../../../src/vscode/timeline/lineDiff';

type FileChange = Extract<Change, { kind: 'file' }>;

/** What a call would change in a workspace whose file, wherever it is, has this content. */
async function change(tool: string, input: object, before?: string | null): Promise<FileChange> {
  const found = await changeOf(tool, JSON.stringify(input), async () => before);
  if (found?.kind !== 'file') throw new Error('no change of a file');
  expect(changeSchema.parse(found)).toEqual(found);
  return found;
}

const drawn = ({ lines }: FileChange): string[] =>
  lines.map(({ kind, before, after, text }) => `${kind} ${before ?? '-'} ${after ?? '-'} ${text}`);

const LONG = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
const long = (change: (lines: string[]) => void): string => {
  const lines = [...LONG];
  change(lines);
  return `${lines.join('\n')}\n`;
};

describe('what a call would change', () => {
  it('is what goes and what comes of a file that is written anew, with its surroundings', async () => {
    const after = long((lines) => {
      lines[14] = 'another line';
    });
    const found = await change(
      'write_file',
      { path: 'a.txt', content: after },
      long(() => undefined),
    );
    expect(found).toMatchObject({ path: 'a.txt', what: 'Replaces the content: 1 line added, 1 line removed' });
    expect(drawn(found)).toEqual([
      'hunk - - 11 lines as before',
      'same 12 12 line 12',
      'same 13 13 line 13',
      'same 14 14 line 14',
      'minus 15 - line 15',
      'plus - 15 another line',
      'same 16 16 line 16',
      'same 17 17 line 17',
      'same 18 18 line 18',
      'hunk - - 12 lines as before',
    ]);
  });

  it('tells a new file from one whose content is not known, and shows all of either', async () => {
    const input = { path: 'a.txt', content: 'one\ntwo' };
    const lines = ['plus - 1 one', 'plus - 2 two', 'head - - There is no line feed at the end of the new text.'];
    const fresh = await change('write_file', input, null);
    expect([fresh.what, ...drawn(fresh)]).toEqual(['Creates the file with 2 lines', ...lines]);
    const unknown = await change('write_file', input);
    expect([unknown.what, ...drawn(unknown)]).toEqual([
      'Writes 2 lines; what is there now could not be read',
      ...lines,
    ]);
  });

  it('places a passage that is replaced in its file', async () => {
    const input = { path: 'a.txt', old: 'line 2\nline 3', new: 'line 2b\nline 3' };
    const found = await change('replace_in_file', input, 'line 1\nline 2\nline 3\n');
    expect(drawn(found)).toEqual(['same 1 1 line 1', 'minus 2 - line 2', 'plus - 2 line 2b', 'same 3 3 line 3']);
  });

  it.each([
    ['line\nline\n', 'the passage occurs 2 times in the file and has to occur once, so that the call will fail'],
    [null, 'the passage occurs 0 times in the file and has to occur once, so that the call will fail'],
    [undefined, 'what is there now could not be read'],
  ])('says so when the passage cannot be placed in %j', async (before, why) => {
    const found = await change('replace_in_file', { path: 'a.txt', old: 'line\n', new: 'other\n' }, before);
    expect(found.what).toBe(`Replaces a passage; ${why}`);
    expect(drawn(found)).toEqual(['minus - - line', 'plus - - other']);
  });

  it('is all that a file holds when it is deleted', async () => {
    const found = await change('delete_file', { path: 'a.txt' }, 'one\ntwo\n');
    expect([found.what, ...drawn(found)]).toEqual(['Deletes the file with 2 lines', 'minus 1 - one', 'minus 2 - two']);
  });

  it('numbers the lines of a patch by its hunks', async () => {
    const patch = '--- a/x\n+++ b/x\n@@ -3,2 +3,2 @@ f()\n same\n-old\n+new\n\\ No newline at end of file\n';
    expect(drawn(await change('apply_patch', { patch }))).toEqual([
      'head - - --- a/x',
      'head - - +++ b/x',
      'hunk - - @@ -3,2 +3,2 @@ f()',
      'same 3 3 same',
      'minus 4 - old',
      'plus - 4 new',
      'head - - \\ No newline at end of file',
    ]);
  });

  it('is bounded, and says how much is left out', async () => {
    const content = `${Array.from({ length: 1_000 }, (_, at) => `${at}`).join('\n')}\n${'x'.repeat(5_000)}\n`;
    const found = await change('write_file', { path: 'a.txt', content }, null);
    expect([found.lines.length, found.moreLines]).toEqual([MAX_CHANGE_LINES, 1_001 - MAX_CHANGE_LINES]);
    const line = await change('write_file', { path: 'a.txt', content: `${'x'.repeat(5_000)}\n` }, null);
    expect(line.lines[0]?.text).toMatch(/^x{1900,} … \(the rest of this line is not shown\)$/);
  });

  it('is the words of a command, or why it is not one plain command', async () => {
    const words = await changeOf(
      'run_command',
      JSON.stringify({ command: 'git log --oneline "a b"' }),
      async () => null,
    );
    expect(words).toMatchObject({ kind: 'command', argv: ['git', 'log', '--oneline', 'a b'] });
    const piped = await changeOf('run_command', JSON.stringify({ command: 'cat a | sh' }), async () => null);
    expect(piped).toMatchObject({ kind: 'command', line: 'cat a | sh', argv: null });
  });

  it.each([
    ['git_commit', { message: 'a' }],
    ['write_file', { path: 1 }],
    ['no_such_tool', {}],
  ])('is nothing more than the arguments of %s %j', async (tool, input) => {
    expect(await changeOf(tool, JSON.stringify(input), async () => null)).toBeNull();
  });
});

describe('the comparison of two texts', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

  it('holds every line of both in order, whatever they are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = compareLines(before, after);
        const side = (kind: 'plus' | 'minus'): string[] =>
          lines.filter((line) => line.kind === 'same' || line.kind === kind).map((line) => line.text);
        const expected = (whole: string): string[] => (whole === '' ? [] : whole.replace(/\n$/, '').split('\n'));
        expect([side('minus'), side('plus')]).toEqual([expected(before), expected(after)]);
      }),
    );
  });
});
