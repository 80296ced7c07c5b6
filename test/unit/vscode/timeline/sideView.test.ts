/** The timeline in the side bar: which run it shows, and when. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../src/protocol/messages';
import type { ListedRun } from '../../../../src/vscode/runs';
import { EventEmitter } from '../../../support/editorTypes';
import { listedRun } from '../../../support/listedRun';

const editor = vi.hoisted(() => ({ keys: new Map<string, unknown>() }));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  return {
    ...types,
    Uri: { joinPath: () => types.Uri.file('/extension') },
    commands: {
      executeCommand: async (_command: string, key: string, value: unknown) => void editor.keys.set(key, value),
    },
  };
});

const { Approvals } = await import('../../../../src/vscode/approvals');
const { TimelineView } = await import('../../../../src/vscode/timeline/sideView');

const READY = { type: 'ready', protocol: PROTOCOL_VERSION };
const kept = new Map<string, unknown>();
const memory = {
  get: (key: string) => kept.get(key),
  update: async (key: string, value: unknown) => void kept.set(key, value),
};

/** A window with runs, the newest first, and the view in its side bar, which is shown. */
function window(listed: ListedRun[] = [listedRun({ runId: 'new', task: 'The newest' }), listedRun({ runId: 'old' })]) {
  const changed = new EventEmitter<void>();
  const never = () => ({ dispose: () => undefined });
  const runs = {
    list: async () => listed,
    summary: async (id: string) => listed.find(({ runId }) => runId === id),
    events: async function* () {},
    drift: async () => null,
    ...{ onDidAppend: never, onDidChange: changed.event, onDidStream: never, onDidChangePolicy: never },
  };
  const desk = { runs, approvals: new Approvals(), log: { warn: vi.fn(), error: vi.fn() } };
  const view = new TimelineView({} as never, desk as never, memory as never);
  const posted: { type: string; run?: { runId: string } | null }[] = [];
  const page = { say: (_message: unknown): void => undefined, hide: (): void => undefined };
  const shown = {
    visible: true,
    description: '',
    webview: {
      html: '',
      cspSource: 'csp',
      asWebviewUri: (uri: unknown) => uri,
      postMessage: async (message: never) => void posted.push(message),
      onDidReceiveMessage: (listener: typeof page.say) => void Object.assign(page, { say: listener }),
    },
    onDidChangeVisibility: (listener: () => void) =>
      void Object.assign(page, {
        hide: () => {
          shown.visible = false;
          listener();
        },
      }),
    onDidDispose: () => undefined,
  };
  view.resolveWebviewView(shown as never);
  /** The runs that the page was told to begin with, in order; null for none. */
  const begun = () => posted.filter(({ type }) => type === 'hello').map(({ run }) => run?.runId ?? null);
  return { view, shown, page, posted, begun, listed, changed, desk };
}

beforeEach(() => {
  kept.clear();
  editor.keys.clear();
});

describe('the timeline in the side bar', () => {
  test('is laid out for little room', () => {
    expect(window().shown.webview.html).toContain('data-layout="compact"');
  });

  test('shows the newest run when none was chosen, and says its task', async () => {
    const { page, begun, shown } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
    expect(shown.description).toBe('The newest');
    expect(editor.keys.get('openexec.runShown')).toBe(true);
  });

  test('shows another run as soon as it is chosen, and the same one again after a reload', async () => {
    const { view, page, begun } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
    await view.choose('old');
    await vi.waitFor(() => expect(begun()).toEqual(['new', 'old']));
    expect(view.runId).toBe('old');
    const reloaded = window();
    reloaded.page.say(READY);
    await vi.waitFor(() => expect(reloaded.begun()).toEqual(['old']));
  });

  test('begins once when the same run is selected and opened at the same time', async () => {
    const { view, page, begun } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
    await Promise.all([view.choose('old'), view.choose('old'), view.choose('old')]);
    await vi.waitFor(() => expect(begun()).toEqual(['new', 'old']));
  });

  test('leaves the place of a run that is gone to the newest', async () => {
    kept.set('openexec.timelineRun', 'gone');
    const { page, begun } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
  });

  test('says that there is no run, and shows the first one when it begins', async () => {
    const { page, begun, listed, changed } = window([]);
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual([null]));
    expect(editor.keys.get('openexec.runShown')).toBe(false);
    listed.push(listedRun({ runId: 'first' }));
    changed.fire();
    await vi.waitFor(() => expect(begun()).toEqual([null, 'first']));
  });

  test('reads nothing while it is hidden, and shows what was chosen meanwhile', async () => {
    const { view, page, begun } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
    page.hide();
    expect(view.runId).toBeNull();
    await view.choose('old');
    expect(begun()).toEqual(['new']);
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new', 'old']));
  });

  test('follows the page to another run that waits for an answer', async () => {
    const { page, begun } = window();
    page.say(READY);
    await vi.waitFor(() => expect(begun()).toEqual(['new']));
    page.say({ type: 'openRun', other: 'old' });
    await vi.waitFor(() => expect(begun()).toEqual(['new', 'old']));
  });

  test('says why the runs could not be read', async () => {
    const { page, posted, desk } = window();
    desk.runs.list = async () => {
      throw new Error('The store is not there.');
    };
    page.say(READY);
    await vi.waitFor(() =>
      expect(posted).toMatchObject([{ type: 'hello', run: null, notice: 'The store is not there.' }]),
    );
  });

  test('asks a page of another version to be loaded anew, and does not understand anything else', async () => {
    const { page, posted, desk } = window();
    page.say({ type: 'ready', protocol: PROTOCOL_VERSION - 1 });
    page.say({ type: 'nonsense' });
    expect(posted).toMatchObject([{ type: 'hello', protocol: PROTOCOL_VERSION, run: null }]);
    expect(desk.log.warn).toHaveBeenCalledTimes(2);
  });
});
