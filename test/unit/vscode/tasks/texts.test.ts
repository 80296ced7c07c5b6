/** Tasks made of what is in the editor, tasks in the input box, and the tasks that are remembered. */
import { describe, expect, test } from 'vitest';
import { inBox, linesOf, outOfBox } from '../../../../src/vscode/tasks/box';
import { forgetTask, holdTask, keepTask, lastTask, tasksOf, withTask } from '../../../../src/vscode/tasks/history';
import { placeText, problemTask, selectionText, testTask, writtenTask } from '../../../../src/vscode/tasks/taskText';

/** A memory of a workspace; what is set to nothing is gone. */
function mapMemory(first: Readonly<Record<string, unknown>>) {
  const kept = new Map(Object.entries(first));
  const update = async (key: string, value: unknown) =>
    void (value === undefined ? kept.delete(key) : kept.set(key, value));
  return { kept, get: (key: string) => kept.get(key), update, keys: () => [...kept.keys()] } as never as {
    kept: Map<string, unknown>;
  } & Parameters<typeof tasksOf>[0];
}

describe('a task in the input box', () => {
  const lines = ' Mend the discount:\n\n  - by rate\n  - by line\n';

  test('is shown on one line, and keeps its lines when nobody changes it', () => {
    expect(inBox(lines)).toBe('Mend the discount: - by rate - by line');
    expect(outOfBox(inBox(lines), lines)).toBe('Mend the discount:\n\n  - by rate\n  - by line');
    expect(linesOf(lines)).toBe(4);
  });

  test('is what the person wrote, once they have', () => {
    expect(outOfBox(' Mend the tax ', lines)).toBe('Mend the tax');
    expect(outOfBox('', lines)).toBe('');
  });
});

describe('the remembered tasks', () => {
  test('are the last twenty, newest first, each once', () => {
    let tasks: string[] = [];
    for (let at = 0; at < 25; at += 1) tasks = withTask(tasks, `Task ${at}`);
    expect(tasks).toHaveLength(20);
    expect(withTask(tasks, 'Task 10').slice(0, 3)).toEqual(['Task 10', 'Task 24', 'Task 23']);
    expect(withTask(tasks, 'Task 10')).toHaveLength(20);
  });

  test('never hold nothing, nor a text too long to be a task', () => {
    expect(withTask(['Mend it'], '  ')).toEqual(['Mend it']);
    expect(withTask(['Mend it'], 'x'.repeat(25_001))).toEqual(['Mend it']);
  });

  test('never hold what the record of the run will not hold; only this window does, until another task is asked for', async () => {
    const memory = mapMemory({ 'openexec.lastTask': 'of nobody knows when' });
    holdTask(memory, 'Log in with hunter2');
    await keepTask(memory, 'Log in with hunter2', { plainTask: false });
    expect([tasksOf(memory), lastTask(memory)]).toEqual([[], 'Log in with hunter2']);
    expect([...memory.kept.keys()]).toEqual([]);
    holdTask(memory, 'Mend it');
    await keepTask(memory, 'Mend it', { plainTask: true });
    expect([tasksOf(memory), lastTask(memory)]).toEqual([['Mend it'], 'Mend it']);
    await forgetTask(memory, 'Mend it');
    expect([tasksOf(memory), lastTask(memory)]).toEqual([[], undefined]);
  });

  test('are none where something else is kept under their name', () => {
    const memory = (value: unknown) => ({ get: () => value, update: async () => undefined, keys: () => [] });
    expect(tasksOf(memory('h') as never)).toEqual([]);
    expect(tasksOf(memory(undefined) as never)).toEqual([]);
    expect(tasksOf(memory(['Mend it']) as never)).toEqual(['Mend it']);
  });
});

describe('a task out of the editor', () => {
  const at = { path: 'src/a.ts', from: 3, to: 4 };

  test('names the selected lines and holds them in a fence that they cannot end', () => {
    expect(selectionText(at, 'one\r\ntwo\n')).toBe('src/a.ts:3-4\n```\none\ntwo\n```');
    expect(selectionText(at, 'a ```` b')).toBe('src/a.ts:3-4\n`````\na ```` b\n`````');
    expect(placeText({ ...at, to: 3 })).toBe('src/a.ts:3');
  });

  test('is cut after whole lines, and says how much is left out', () => {
    const text = selectionText(at, `${'a line of code\n'.repeat(2000)}`);
    expect(text.length).toBeLessThan(8200);
    expect(text).toMatch(/a line of code\n\[cut here: 22,005 characters left out\]\n```$/);
    expect(selectionText(at, 'x'.repeat(10_000))).toMatch(/x\n\[cut here: 2,000 characters left out\]\n```$/);
    const half = `${'x'.repeat(7999)}\u{1F600}${'y'.repeat(100)}`;
    expect(selectionText(at, half)).toMatch(/x\n\[cut here: 102 characters left out\]\n```$/);
  });

  test('that was written elsewhere is bounded too', () => {
    expect(writtenTask(' Mend it\r\nnow\r\n')).toBe('Mend it\nnow');
    const long = writtenTask('Mend it.\n'.repeat(5000));
    expect(long.length).toBeLessThan(20_100);
    expect(long).toMatch(/Mend it\.\n\[cut here: [\d,]+ characters left out\]$/);
  });

  test('about a problem says what was found, by what, where, with the lines about it', () => {
    const problem = { message: "Type 'string'\n  is not a number.\n", source: 'ts', code: '2322' };
    expect(problemTask(problem, { ...at, to: 3 }, { first: 2, text: 'a\nb\nc' })).toBe(
      "Fix this problem at src/a.ts:3: Type 'string' is not a number. (ts 2322)\n\nsrc/a.ts:2-4\n```\na\nb\nc\n```",
    );
    const bare = { message: 'Wrong', source: undefined, code: undefined };
    expect(problemTask(bare, at, { first: 3, text: 'a' })).toMatch(/^Fix this problem at src\/a\.ts:3-4: Wrong\n/);
  });

  test('about a failing test names it, and holds what it said where that is known', () => {
    expect(testTask({ name: 'discount › adds up', at: { ...at, to: 3 }, message: 'Expected: 10\nActual: 9.99' })).toBe(
      'Fix the failing test "discount › adds up" in src/a.ts:3. Find the cause; do not weaken the test.\n\nIt says:\n```\nExpected: 10\nActual: 9.99\n```',
    );
    expect(testTask({ name: 'x'.repeat(9000), at: null, message: undefined }).length).toBeLessThan(400);
    expect(testTask({ name: 'adds up', at: null, message: undefined })).toBe(
      'Fix the failing test "adds up". Find the cause; do not weaken the test.',
    );
  });
});
