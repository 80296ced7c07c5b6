import { describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { connect, READY, type VsCodeApi } from '../../../webview-ui/src/host';
import type { Turns } from '../../../webview-ui/src/paced';

function api(state: unknown = undefined) {
  const posted: unknown[] = [];
  const kept = { state };
  const vscode: VsCodeApi = {
    postMessage: (message) => posted.push(message),
    getState: () => kept.state,
    setState: (next) => {
      kept.state = next;
    },
  };
  return { vscode, posted, kept };
}

/** What comes is handled as it comes. */
const AT_ONCE: Turns = { soon: (then) => then(), drawn: (then) => then() };

describe('the wire to the host', () => {
  it('hands over what parses and reports what does not', () => {
    const window = new EventTarget();
    const [messages, problems] = [[] as unknown[], [] as string[]];
    connect(api().vscode, window, AT_ONCE).listen(
      (lot) => messages.push(...lot),
      (problem) => problems.push(problem.kind),
    );
    for (const data of [
      { type: 'problem', message: 'x' },
      { type: 'nonsense' },
      { type: 'hello', protocol: PROTOCOL_VERSION + 1 },
    ]) {
      window.dispatchEvent(new MessageEvent('message', { data }));
    }
    expect(messages).toEqual([{ type: 'problem', message: 'x' }]);
    expect(problems).toEqual(['malformed', 'version']);
  });

  it('is silent after it was closed', () => {
    const window = new EventTarget();
    const messages: unknown[] = [];
    const close = connect(api().vscode, window, AT_ONCE).listen(
      (lot) => messages.push(...lot),
      () => {},
    );
    close();
    window.dispatchEvent(new MessageEvent('message', { data: { type: 'problem', message: 'x' } }));
    expect(messages).toEqual([]);
  });

  it('posts as it is told', () => {
    const { vscode, posted } = api();
    connect(vscode, new EventTarget()).post(READY);
    expect(posted).toEqual([{ type: 'ready', protocol: PROTOCOL_VERSION }]);
  });

  it('gives back the position it saved, and none that it cannot read', () => {
    const { vscode } = api();
    const host = connect(vscode, new EventTarget());
    expect(host.saved()).toBeNull();
    host.save({ runId: 'r', selectedSeq: 4, panes: ['graph'] });
    expect(host.saved()).toEqual({ runId: 'r', selectedSeq: 4, panes: ['graph'] });
    expect(connect(api({ runId: 7 }).vscode, new EventTarget()).saved()).toBeNull();
  });

  it('reads what an older version saved', () => {
    const { vscode } = api({ runId: 'r', selectedSeq: null });
    expect(connect(vscode, new EventTarget()).saved()).toEqual({
      ...{ runId: 'r', selectedSeq: null, panes: null },
    });
  });
});
