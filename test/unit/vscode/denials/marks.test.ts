/** Denials as marks in the person's files. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import type { Runs } from '../../../../src/vscode/runs';
import type * as Editor from '../../../support/editorTypes';

type Shown = { line: number; text: string };
const window = vi.hoisted(() => ({
  problems: new Map<string, Editor.Diagnostic[]>(),
  notes: [] as Shown[],
  files: new Set<string>(),
  open: null as { path: string; text: string } | null,
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  const uriOf = (path: string) => types.Uri.file(path);
  return {
    ...types,
    commands: { executeCommand: async () => undefined },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri: Editor.Uri, all: Editor.Diagnostic[]) => window.problems.set(uri.fsPath, all),
        dispose: () => undefined,
      }),
      registerCodeActionsProvider: () => ({ dispose: () => undefined }),
    },
    workspace: {
      get textDocuments() {
        return window.open === null ? [] : [documentOf(window.open, types)];
      },
      fs: {
        stat: async (uri: Editor.Uri) => {
          if (!window.files.has(uri.fsPath)) throw new Error('no such file');
          return { type: 1 };
        },
      },
    },
    window: {
      createTextEditorDecorationType: () => ({ dispose: () => undefined }),
      onDidChangeVisibleTextEditors: () => ({ dispose: () => undefined }),
      get visibleTextEditors() {
        if (window.open === null) return [];
        type Note = { range: Editor.Range; renderOptions: { after: { contentText: string } } };
        const setDecorations = (_type: unknown, notes: Note[]) => {
          window.notes = notes.map(({ range, renderOptions }) => ({
            line: range.start.line,
            text: renderOptions.after.contentText.trim(),
          }));
        };
        return [{ document: { uri: uriOf(window.open.path) }, setDecorations }];
      },
    },
  };
});

function documentOf({ path, text }: { path: string; text: string }, types: typeof Editor) {
  return {
    uri: types.Uri.file(path),
    getText: () => text,
    positionAt: (offset: number) => ({ line: text.slice(0, offset).split('\n').length - 1 }),
    validateRange: (range: Editor.Range) => range,
  };
}

const { Denials } = await import('../../../../src/vscode/denials/denials');
const { DenialMarks } = await import('../../../../src/vscode/denials/marks');
const { Range, Uri } = await import('../../../support/editorTypes');

/** A window on runs; what is appended reaches all who listen. */
function watching() {
  const listeners: ((event: RunEvent) => void)[] = [];
  const started = { type: 'run.started', run: 'r', seq: 0, data: { workspace: { root: '/repo' } } };
  const runs = {
    onDidAppend: (listener: (event: RunEvent) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
    explain: async () => Promise.reject(new Error('not now')),
    event: async () => started,
  };
  const append = (event: object) => listeners.forEach((listener) => void listener(event as RunEvent));
  const denials = new Denials(runs as unknown as Runs);
  const errors: unknown[] = [];
  const marks = new DenialMarks(denials, runs as unknown as Runs, (error) => void errors.push(error));
  const deny = (path: string, seq = 5, tool = 'read_file', input: object = { path }, by: object = {}) => {
    const facts = { paths: [{ asked: path, inside: path, problem: null }] };
    append({ type: 'tool.requested', run: 'r', data: { call: `c${seq}`, tool, input: JSON.stringify(input), facts } });
    const decided = { call: `c${seq}`, tool, decision: 'deny', rule: 'secrets-never-read', reason: 'Secrets stay.' };
    append({ type: 'policy.decided', run: 'r', seq, data: { ...decided, ...by } });
  };
  return { marks, deny, start: () => append(started), errors };
}

const problemsOf = (path: string) => window.problems.get(path) ?? [];
const marked = (path: string, count = 1) => vi.waitFor(() => expect(problemsOf(path)).toHaveLength(count));

beforeEach(() => {
  window.problems.clear();
  Object.assign(window, { notes: [], files: new Set(['/repo/.env', '/repo/a.ts']), open: null });
});

describe('a denied call over a file of the person', () => {
  test('is a warning in the Problems view that names the rule', async () => {
    const { deny } = watching();
    deny('.env');
    await marked('/repo/.env');
    expect(problemsOf('/repo/.env')[0]).toMatchObject({
      ...{ source: 'OpenExec', code: 'secrets-never-read', severity: 1 },
      message: 'Denied read_file .env: rule secrets-never-read. Secrets stay.',
    });
  });

  test('is a note in its editor, at the passage that was to be replaced', async () => {
    window.open = { path: '/repo/a.ts', text: 'one\ntwo\nthree\n' };
    const { deny } = watching();
    deny('a.ts', 5, 'replace_in_file', { path: 'a.ts', old: 'three', new: '3' });
    await marked('/repo/a.ts');
    expect(window.notes).toEqual([{ line: 2, text: 'denied replace_in_file: secrets-never-read' }]);
  });

  test('can be explained, found in the timeline and dismissed from there', async () => {
    const { marks, deny } = watching();
    deny('.env', 8);
    await marked('/repo/.env');
    const actions = marks.provideCodeActions({ uri: Uri.file('/repo/.env') } as never, new Range(0, 0, 0, 1) as never);
    expect(actions.map(({ command }) => [command?.command, ...(command?.arguments ?? [])])).toEqual([
      ['openexec.explainDecision', 'r', 8],
      ['openexec.openTimeline', 'r', 8],
      ['openexec.dismissDenials', 'r', 8],
    ]);
    expect(marks.provideCodeActions({ uri: Uri.file('/repo/a.ts') } as never, new Range(0, 0, 0, 1) as never)).toEqual(
      [],
    );
  });

  test('offers wider zones where it lay outside of them, and not where it is excluded', async () => {
    const { marks, deny } = watching();
    const commandsAt = (path: string) =>
      marks
        .provideCodeActions({ uri: Uri.file(path) } as never, new Range(0, 0, 0, 1) as never)
        .map(({ command }) => [command?.command, ...(command?.arguments ?? [])]);
    deny('a.ts', 7, 'read_file', { path: 'a.ts' }, { layer: 'gatekeeper', rule: 'zones' });
    deny('.env', 8, 'read_file', { path: '.env' }, { layer: 'gatekeeper', rule: 'excluded' });
    await marked('/repo/a.ts');
    await marked('/repo/.env');
    expect(commandsAt('/repo/a.ts')).toContainEqual(['openexec.widenZones', 'r', 7]);
    expect(commandsAt('/repo/.env')).not.toContainEqual(['openexec.widenZones', 'r', 8]);
  });

  test('leaves no mark where there is no such file', async () => {
    const { deny, errors } = watching();
    deny('gone.ts', 5);
    deny('.env', 6);
    await marked('/repo/.env');
    expect(window.problems.has('/repo/gone.ts')).toBe(false);
    expect(errors).toEqual([]);
  });
});

describe('a mark', () => {
  test('goes when it is dismissed, and leaves the others', async () => {
    const { marks, deny } = watching();
    deny('.env', 5);
    deny('a.ts', 6);
    await marked('/repo/a.ts');
    marks.dismiss('r', 5);
    expect(problemsOf('/repo/.env')).toEqual([]);
    expect(problemsOf('/repo/a.ts')).toHaveLength(1);
    marks.dismiss();
    expect(problemsOf('/repo/a.ts')).toEqual([]);
  });

  test('goes when the next run starts', async () => {
    const { deny, start } = watching();
    deny('.env');
    await marked('/repo/.env');
    start();
    expect(problemsOf('/repo/.env')).toEqual([]);
  });
});
