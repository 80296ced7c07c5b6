/** The page "What Left This Machine" as markup, and its state. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { LEDGER_PROTOCOL, type LedgerEntry, type LedgerHostMessage } from '../../../src/protocol/ledger';
import { LedgerPage } from '../../../webview-ui/src/ledger/LedgerPage';
import { INITIAL, type LedgerState, reduceLedger } from '../../../webview-ui/src/ledger/state';
import { begun, entry, ledgerOf, part, sent } from '../../support/ledgerEntries';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const nothing = () => {};
const ACTIONS = {
  ...{ group: nothing, filter: nothing, local: nothing, read: nothing, cancel: nothing },
  ...{ exportCsv: nothing, openRun: nothing },
};
const html = (state: LedgerState): string => renderToStaticMarkup(<LedgerPage state={state} actions={ACTIONS} />);
const toldAll = (messages: readonly LedgerHostMessage[], from = INITIAL): LedgerState =>
  messages.reduce((state, message) => reduceLedger(state, { type: 'host', message }), from);

const start = (run: string | null, runs: number): LedgerHostMessage => ({
  ...{ type: 'start', protocol: LEDGER_PROTOCOL, run, runs },
});
const told = (one: LedgerEntry): LedgerHostMessage => ({ type: 'run', entry: one });
const END: LedgerHostMessage = { type: 'end', cancelled: false, problem: null };
const ONE = entry(
  'r1',
  ledgerOf(
    begun(),
    sent([
      part('tool result c', 2048, {
        files: [{ path: 'src/<b>.js', lines: [1, 9] }],
        redactions: { 'github-token': 2 },
      }),
    ]),
  ),
);
const OLD = entry('r0', ledgerOf(begun(3), sent([part('user message', 10)])), { task: 'An older one' });

describe('the page over what left', () => {
  it('shows the totals and every run', () => {
    const page = html(toldAll([start(null, 2), told(ONE), told(OLD), END]));
    expect(page).toContain('What left this machine');
    for (const words of ['2 KB', 'github-token 2', 'Mend the discount', 'An older one']) expect(page).toContain(words);
  });

  it('says that files of earlier versions are not known, and only then', () => {
    const words = 'did not record which files';
    expect(html(toldAll([start(null, 2), told(ONE), told(OLD), END]))).toContain(words);
    expect(html(toldAll([start(null, 1), told(ONE), END]))).not.toContain(words);
  });

  it('counts what a model on this machine was sent apart, and lists it when it is asked to', () => {
    const here = entry('r2', ledgerOf(begun(4, true), sent([part('user message', 5120)])), { task: 'At home' });
    const read = toldAll([start(null, 1), told(here), END]);
    expect(html(read)).toContain('Nothing has left this machine.');
    expect(html(read)).toContain('List what stayed on this machine as well: 5 KB for models here');
    expect(html(read)).not.toContain('At home');
    expect(html(reduceLedger(read, { type: 'local', shown: true }))).toContain('At home');
    expect(html(toldAll([start(null, 1), told(ONE), END]))).not.toContain('stayed on this machine');
  });

  it('begins with the files when it is about one run, and keeps the choice when it is read again', () => {
    const read = toldAll([start('r1', 1), told(ONE), END]);
    expect(html(read)).toContain('src/&lt;b&gt;.js');
    const chosen = reduceLedger(read, { type: 'group', by: 'destination' });
    expect(toldAll([start('r1', 1)], chosen)).toMatchObject({ by: 'destination', entries: [] });
  });

  it('shows the lines that hold the words of the filter', () => {
    const read = toldAll([start(null, 2), told(ONE), told(OLD), END]);
    const page = html(reduceLedger(read, { type: 'filter', text: 'older' }));
    expect(page).toContain('An older one');
    expect(page).not.toContain('Mend the discount');
    expect(html(reduceLedger(read, { type: 'filter', text: 'zzz' }))).toContain('No line holds these words.');
  });

  it('says that nothing has left only when everything was read', () => {
    const words = 'Nothing has left this machine.';
    expect(html(INITIAL)).not.toContain(words);
    expect(html(toldAll([start(null, 0)]))).not.toContain(words);
    expect(html(toldAll([start(null, 0), END]))).toContain(words);
    expect(html(toldAll([start(null, 3), { ...END, cancelled: true }]))).not.toContain(words);
  });

  it('says that it was stopped, and what went wrong', () => {
    expect(html(toldAll([start(null, 3), told(ONE), { ...END, cancelled: true }]))).toContain('runs are missing here');
    expect(html(toldAll([start(null, 3), { ...END, problem: 'the store is gone' }]))).toContain('the store is gone');
  });

  it('draws a part of many lines, and says so', () => {
    const parts = Array.from({ length: 700 }, (_, n) =>
      part('tool result c', 1, { files: [{ path: `f${n}`, lines: null }] }),
    );
    const page = html(toldAll([start('r1', 1), told(entry('r1', ledgerOf(begun(), sent(parts)))), END]));
    expect(page.split('<tr>').length).toBe(502);
    expect(page).toContain('200 more lines');
  });
});
