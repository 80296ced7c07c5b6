/** All that a run changed, in the multi-diff editor. */
import { beforeEach, expect, test, vi } from 'vitest';
import { sha256Schema } from '../../../../src/core/kernel/hash';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({ executed: [] as unknown[][], said: [] as string[] }));

vi.mock('vscode', () => ({
  Uri: { from: ({ path, query }: { path: string; query: string }) => `${path}?${query}` },
  commands: { executeCommand: async (...executed: unknown[]) => void editor.executed.push(executed) },
  l10n: { t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, at) => String(args[Number(at)])) },
  window: { showInformationMessage: async (text: string) => void editor.said.push(text) },
}));

const { reviewChanges } = await import('../../../../src/vscode/commands/reviewChanges');

const hash = (digit: string) => sha256Schema.parse(digit.repeat(64));
const TOUCHED = [
  { path: 'bytes.bin', before: hash('1'), after: hash('2') },
  { path: 'kept.js', before: hash('3'), after: hash('4') },
  { path: 'new.js', before: null, after: hash('4') },
  { path: 'secret.env', before: hash('5'), after: null },
];

beforeEach(() => {
  editor.executed.length = 0;
  editor.said.length = 0;
});

test('shows added and deleted files with one side, and names what is no text', async () => {
  const runs = {
    summary: async () => listedRun({ touched: TOUCHED, tree: 'tree', filesChanged: TOUCHED.map(({ path }) => path) }),
    textByHash: async (_run: string, sha256: string) => (/^[34]/.test(sha256) ? 'text\n' : undefined),
    // What the record does not keep is looked for in the repository, which still has it.
    fileInTree: async (_run: string, { path }: { path: string }) => (path === 'secret.env' ? 'A=1\n' : undefined),
  };
  await reviewChanges({ runs } as never, 'run');
  const side = (path: string, which: string) => `/${path}?run=run&side=${which}`;
  expect(editor.executed).toEqual([
    [
      'vscode.changes',
      'Changes of the run: Mend it',
      [
        [side('kept.js', 'after'), side('kept.js', 'before'), side('kept.js', 'after')],
        [side('new.js', 'after'), undefined, side('new.js', 'after')],
        [side('secret.env', 'after'), side('secret.env', 'before'), undefined],
      ],
    ],
  ]);
  expect(editor.said).toEqual([expect.stringMatching(/not shown.*: bytes\.bin$/)]);
});

test('says so when the run changed nothing', async () => {
  const runs = { summary: async () => listedRun() };
  await reviewChanges({ runs } as never, 'run');
  expect(editor.executed).toEqual([]);
  expect(editor.said).toEqual(['OpenExec: this run changed no file.']);
});
