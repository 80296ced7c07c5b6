/** Where tasks come from besides the question: each fills in the task, and starts nothing. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandContext } from '../../../../src/vscode/commands/context';
import type { GivenTask } from '../../../../src/vscode/commands/startRun';

type Selected = { readonly from: readonly [number, number]; readonly to: readonly [number, number] };

const editor = vi.hoisted(() => ({
  lines: [] as string[],
  selected: null as Selected | null,
  problems: [] as unknown[],
  clipboard: '',
  repositories: null as { rootUri: { fsPath: string; scheme: string }; inputBox: { value: string } }[] | null,
  trusted: true,
}));
const given = vi.hoisted(() => [] as unknown[]);

vi.mock('../../../../src/vscode/commands/startRun', () => ({
  startGiven: async (_: unknown, task: unknown) => void given.push(task),
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  const uri = (path: string) => Object.assign(types.Uri.file(path), { scheme: 'file' });
  const documentOf = (path: string) => ({
    uri: uri(path),
    get lineCount() {
      return editor.lines.length;
    },
    getText: ({ start, end }: InstanceType<typeof types.Range>) =>
      editor.lines
        .slice(start.line, end.line + 1)
        .map((line, at, { length }) => (at === length - 1 ? line.slice(0, end.character) : line))
        .join('\n'),
  });
  return {
    ...types,
    env: { clipboard: { readText: async () => editor.clipboard } },
    extensions: {
      getExtension: () =>
        editor.repositories === null
          ? undefined
          : { activate: async () => ({ getAPI: () => ({ repositories: editor.repositories }) }) },
    },
    languages: {
      getDiagnostics: () => editor.problems,
      registerCodeActionsProvider: () => ({ dispose: () => undefined }),
    },
    workspace: {
      get isTrusted() {
        return editor.trusted;
      },
      getWorkspaceFolder: ({ fsPath }: { fsPath: string }) => (fsPath.startsWith('/repo/') ? {} : undefined),
      asRelativePath: ({ fsPath }: { fsPath: string }) => fsPath.slice('/repo/'.length),
      openTextDocument: async ({ fsPath }: { fsPath: string }) => documentOf(fsPath),
    },
    window: {
      get activeTextEditor() {
        if (editor.selected === null) return undefined;
        const [start, end] = [editor.selected.from, editor.selected.to].map((at) => new types.Position(...at));
        const isEmpty = String(editor.selected.from) === String(editor.selected.to);
        const selection = { start, end, active: end, isEmpty };
        return { document: documentOf('/repo/src/a.js'), selection };
      },
    },
  };
});

const { fixProblem } = await import('../../../../src/vscode/tasks/fixProblem');
const { fixTest } = await import('../../../../src/vscode/tasks/fixTest');
const { startFromClipboard } = await import('../../../../src/vscode/tasks/fromClipboard');
const { startFromSelection } = await import('../../../../src/vscode/tasks/fromSelection');
const { startFromSourceControl } = await import('../../../../src/vscode/tasks/fromSourceControl');
const { ProblemFixes } = await import('../../../../src/vscode/tasks/problemFixes');
const { Diagnostic, Range, Uri } = await import('../../../support/editorTypes');

const context = {} as CommandContext;
const file = (path = '/repo/src/a.js') => Object.assign(Uri.file(path), { scheme: 'file' });
const taskGiven = (): string => {
  const [one] = given as GivenTask[];
  return one !== undefined && 'task' in one ? one.task : '';
};

beforeEach(() => {
  given.length = 0;
  Object.assign(editor, { lines: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] });
  Object.assign(editor, { selected: null, problems: [], clipboard: '', repositories: [], trusted: true });
});

describe('a selection', () => {
  test('goes with the task, which is asked for', async () => {
    editor.selected = { from: [1, 0], to: [3, 0] };
    await startFromSelection(context);
    expect(given).toEqual([
      { about: { name: 'src/a.js:2-3', text: 'src/a.js:2-3\n```\ntwo\nthree\n```' }, near: '/repo/src/a.js' },
    ]);
  });

  test.each([null, { from: [1, 0], to: [1, 0] } as const])(
    'is asked for where there is none (%j)',
    async (selected) => {
      editor.selected = selected;
      await expect(startFromSelection(context)).rejects.toThrow('Nothing is selected.');
    },
  );
});

describe('a problem', () => {
  const found = (message: string, source = 'ts') =>
    Object.assign(new Diagnostic(new Range(4, 0, 4, 4), message, 0), { source, code: { value: 2322, target: file() } });
  const fixes = (...diagnostics: unknown[]) =>
    new ProblemFixes().provideCodeActions(
      { uri: file() } as never,
      new Range(4, 0, 4, 4) as never,
      { diagnostics } as never,
    );

  test('has a quick fix whose task says what it is and shows the lines about it', async () => {
    const [action, ...others] = fixes(found('No number.'));
    expect([action?.title, others]).toEqual(['Fix with OpenExec', []]);
    expect(action?.command?.command).toBe('openexec.fixProblem');
    await fixProblem(context, ...(action?.command?.arguments ?? []));
    expect(given).toMatchObject([{ near: '/repo/src/a.js' }]);
    expect(taskGiven()).toBe(
      'Fix this problem at src/a.js:5: No number. (ts 2322)\n\nsrc/a.js:2-8\n```\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n```',
    );
  });

  test('is told apart from others at the same place', () => {
    const titles = fixes(found('No number.'), found('No string.')).map(({ title }) => title);
    expect(titles).toEqual(['Fix with OpenExec: No number.', 'Fix with OpenExec: No string.']);
  });

  test('that OpenExec marks itself has none, and none has one where no run may start', () => {
    expect(fixes(found('Denied.', 'OpenExec'))).toEqual([]);
    editor.trusted = false;
    expect(fixes(found('No number.'))).toEqual([]);
  });

  test('is the one at the cursor where the command is called from the palette', async () => {
    editor.selected = { from: [4, 2], to: [4, 2] };
    editor.problems = [found('No number.')];
    await fixProblem(context);
    expect(taskGiven()).toMatch(/^Fix this problem at src\/a\.js:5: No number\./);
    editor.problems = [];
    await expect(fixProblem(context)).rejects.toThrow('There is no problem at the cursor.');
  });
});

describe('a failing test', () => {
  const suite = { label: 'discount', parent: undefined };
  const item = {
    id: 't',
    label: 'adds up',
    uri: file('/repo/test/a.test.js'),
    range: new Range(6, 0, 9, 0),
    parent: suite,
  };

  test('is named with its suite, its file and what it said', async () => {
    const message = { message: { value: 'not equal' }, expectedOutput: '10', actualOutput: '9.99' };
    await fixTest(context, { test: item, message });
    expect(given).toMatchObject([{ near: '/repo/test/a.test.js' }]);
    expect(taskGiven()).toBe(
      'Fix the failing test "discount › adds up" in test/a.test.js:7. Find the cause; do not weaken the test.\n\nIt says:\n```\nnot equal\nExpected: 10\nActual: 9.99\n```',
    );
  });

  test('is named alone where the menu of the test itself was used, or it has no file', async () => {
    await fixTest(context, { ...item, uri: undefined });
    expect(taskGiven()).toBe('Fix the failing test "discount › adds up". Find the cause; do not weaken the test.');
  });

  test('is asked for where none is handed over', async () => {
    await expect(fixTest(context)).rejects.toThrow('Choose a test in the Testing view');
  });
});

describe('a text written elsewhere', () => {
  const repository = (fsPath: string, value: string) => ({ rootUri: { fsPath, scheme: 'file' }, inputBox: { value } });

  test('is the task as it was copied', async () => {
    editor.clipboard = ' Rounding is off\r\n\r\nSteps: …\r\n';
    await startFromClipboard(context);
    expect(given).toEqual([{ task: 'Rounding is off\n\nSteps: …' }]);
    editor.clipboard = ' ';
    await expect(startFromClipboard(context)).rejects.toThrow('The clipboard holds no text.');
  });

  test('is the message of the repository whose menu was used', async () => {
    editor.repositories = [repository('/repo', 'Mend it'), repository('/other', 'Mend that')];
    await startFromSourceControl(context, { rootUri: { fsPath: '/other' } });
    await startFromSourceControl(context);
    expect(given).toEqual([
      { task: 'Mend that', near: '/other' },
      { task: 'Mend it', near: '/repo' },
    ]);
  });

  test('is asked for where the message box is empty or cannot be read', async () => {
    editor.repositories = [repository('/repo', ' ')];
    await expect(startFromSourceControl(context)).rejects.toThrow('The message box of Source Control is empty.');
    editor.repositories = null;
    await expect(startFromSourceControl(context)).rejects.toThrow('The Git extension of VS Code is turned off');
  });
});
