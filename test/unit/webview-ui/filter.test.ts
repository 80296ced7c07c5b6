import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../src/core/events/schema';
import { headerWriter } from '../../../src/protocol/headers';
import { type Filter, LANE_OF, LANES, matches, NO_FILTER } from '../../../webview-ui/src/filter/filter';
import { actionOf, KEYS } from '../../../webview-ui/src/keys/keys';
import { EventLog } from '../../../webview-ui/src/log/log';
import { finishedRun } from '../../support/timelineRun';

const headers = finishedRun().events.map(headerWriter());
const log = EventLog.of(headers);
const seqs = (filter: Partial<Filter>, found: readonly number[] = []): number[] => [
  ...(matches(log, { ...NO_FILTER, ...filter }, new Set(found)) ?? []),
];
const fitting = (fits: (header: (typeof headers)[number]) => boolean): number[] =>
  headers.filter(fits).map(({ seq }) => seq);

describe('what is shown of a run', () => {
  it('is all of it when nothing is filtered', () => {
    expect(matches(log, NO_FILTER, new Set())).toBeNull();
  });

  it('is what has the text in its title, whatever the case, and what the record holds it in', () => {
    const titled = fitting(({ title }) => /denied/i.test(title));
    expect(titled).not.toEqual([]);
    expect(seqs({ text: 'denied' })).toEqual(titled);
    expect(seqs({ text: 'denied' }, [0])).toEqual([0, ...titled]);
  });

  it('is what is of a kind, node, tool, outcome, path and stretch, all at once', () => {
    expect(seqs({ lanes: new Set(['policy']) })).toEqual(fitting(({ type }) => LANE_OF[type] === 'policy'));
    expect(seqs({ node: 'lint' })).toEqual(fitting(({ node }) => node === 'lint'));
    expect(seqs({ tool: 'read_file' })).toEqual(fitting(({ tool }) => tool === 'read_file'));
    expect(seqs({ outcome: 'success' })).toEqual(fitting(({ outcome }) => outcome === 'success'));
    expect(seqs({ path: 'CONFIG/' })).toEqual(fitting(({ path }) => path?.startsWith('config/') === true));
    expect(seqs({ range: { from: 3, to: 5 } })).toEqual([3, 4, 5]);
    expect(seqs({ node: 'implement', lanes: new Set(['model']), range: { from: 0, to: 30 } })).toEqual(
      fitting(({ seq, node, type }) => seq <= 30 && node === 'implement' && LANE_OF[type] === 'model'),
    );
  });

  it('is nothing for a word that no event has', () => {
    expect(seqs({ node: 'no such node' })).toEqual([]);
  });

  it('is the same when a run grows as when it is there at once', () => {
    const filter = fc.record({
      text: fc.constantFrom('', 'e', 'read_file'),
      lanes: fc.subarray([...LANES]).map((lanes) => new Set(lanes)),
      node: fc.constantFrom(null, 'implement', 'lint'),
      range: fc.option(fc.record({ from: fc.nat(80), to: fc.nat(100) }), { nil: null }),
    });
    fc.assert(
      fc.property(filter, fc.nat(headers.length), (chosen, cut) => {
        const wanted = { ...NO_FILTER, ...chosen };
        const first = EventLog.of(headers.slice(0, cut));
        const before = { fitting: matches(first, wanted, new Set()), known: first.length };
        expect(matches(first.with(headers.slice(cut)), wanted, new Set(), before)).toEqual(
          matches(log, wanted, new Set()),
        );
      }),
    );
  });

  it('has a lane for every kind of event', () => {
    expect(EVENT_TYPES.filter((type) => !LANES.includes(LANE_OF[type]))).toEqual([]);
  });
});

describe('the keys', () => {
  it('are all in the list of keys, and those of the list do something', () => {
    const listed = KEYS.filter(({ title }) => title === 'Anywhere').flatMap(({ lines }) =>
      lines.flatMap(({ keys }) => keys),
    );
    expect(listed.filter((key) => actionOf(key) === undefined)).toEqual([]);
    const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/?[]'];
    expect(letters.filter((key) => actionOf(key) !== undefined).sort()).toEqual([...listed].sort());
  });

  it('mean nothing that is not in the list', () => {
    expect(actionOf('toString')).toBeUndefined();
    expect(actionOf('Enter')).toBeUndefined();
  });
});
