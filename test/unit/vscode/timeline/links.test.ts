/** Links to runs and their events: how they are made, and where they lead. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { linkPath, parseLink } from '../../../../src/vscode/timeline/link';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({ copied: [] as string[], said: [] as string[] }));

vi.mock('vscode', () => ({
  Uri: {
    from: ({ scheme, authority, path }: Record<string, string>) => ({
      toString: () => `${scheme}://${authority}${path}`,
    }),
  },
  env: {
    uriScheme: 'vscode-insiders',
    clipboard: { writeText: async (text: string) => void editor.copied.push(text) },
  },
  window: {
    showInformationMessage: async (text: string) => void editor.said.push(text),
    showErrorMessage: async (text: string) => void editor.said.push(text),
  },
}));

const { copyLink } = await import('../../../../src/vscode/commands/copyLink');
const { RunLinks } = await import('../../../../src/vscode/timeline/uriHandler');

beforeEach(() => Object.assign(editor, { copied: [], said: [] }));

describe('a link', () => {
  const copy = (...args: unknown[]) => copyLink({ extensionId: 'openexec.openexec' } as never, ...args);

  test('to an event is on the clipboard, for the editor that it was copied in', async () => {
    await copy('r-1', 14);
    expect(editor.copied).toEqual(['vscode-insiders://openexec.openexec/run/r-1/14']);
    expect(editor.said[0]).toMatch(/^OpenExec: copied the link to event 14\./);
  });

  test('to a run names no event, also when more rows are selected', async () => {
    const run = listedRun({ runId: 'r-1' });
    await copy(run, [run, listedRun()]);
    expect(editor.copied).toEqual(['vscode-insiders://openexec.openexec/run/r-1']);
  });

  test.each([
    { runId: '20261123-090000-abcd', seq: 0 },
    { runId: 'a.b_c', seq: 999_999 },
    { runId: 'r', seq: null },
  ])('leads to what it was made of: %j', (link) => {
    expect(parseLink(linkPath(link))).toEqual({ ok: true, value: link });
  });

  test.each([
    ...['', '/', '/run', '/run/', '/run/r/', '/run/r/1/2', '/run/r/-1', '/run/r/01', '/run/r/1.5', '/run/r/9999999999'],
    ...[
      '/run/../1',
      '/run/./1',
      '/run/..',
      '/run/a%2Fb/1',
      '/run/a b/1',
      '/stop/r/1',
      'run/r/1',
      `/run/${'r'.repeat(101)}`,
    ],
  ])('that is none is refused: %j', (path) => {
    expect(parseLink(path)).toMatchObject({ ok: false, error: { code: 'usage' } });
  });
});

describe('a link that is opened', () => {
  function desk() {
    const opened: unknown[][] = [];
    const runs = {
      summary: async (runId: string) => {
        if (runId === 'broken') throw new OpenExecError('journal_corrupt', 'The journal is broken.');
        if (runId !== 'r') throw new OpenExecError('run_unknown', 'no such run');
        return listedRun({ runId, events: 42 });
      },
    };
    const panels = { open: async (...to: unknown[]) => void opened.push(to) };
    const links = new RunLinks({ runs, panels, log: { error: vi.fn() } as never });
    return { opened, open: (path: string) => links.handleUri({ path } as never) };
  }

  test('shows the timeline at its event, or where the person was when it names none', async () => {
    const { opened, open } = desk();
    await open('/run/r/41');
    await open('/run/r');
    expect(opened).toEqual([
      ['r', 41],
      ['r', undefined],
    ]);
  });

  test.each([
    ['/run/other/3', /^OpenExec: The run other is not in this window\. Open the folder that it was started in/],
    ['/run/r/42', /^OpenExec: The run r has no event 42: its last one is 41\./],
    ['/settings', /^OpenExec: The link "\/settings" names no run\./],
    ['/run/broken/1', /^OpenExec: The journal is broken\.$/],
  ])('and leads nowhere, opens nothing and says so in one line: %s', async (path, words) => {
    const { opened, open } = desk();
    await open(path);
    expect(opened).toEqual([]);
    expect(editor.said).toHaveLength(1);
    expect(editor.said[0]).toMatch(words);
  });
});
