/** How runs are put together in the Runs view. */
import { describe, expect, test } from 'vitest';
import { type Arrangement, groupRuns, passes } from '../../../../src/vscode/runList/grouping';
import { listedRun } from '../../../support/listedRun';

const BY_DAY: Arrangement = {
  by: 'day',
  filter: '',
  waiting: new Set(),
  now: new Date('2026-11-23T08:00:00.000Z'),
  timeZone: 'UTC',
};

const at = (startedAt: string, given = {}) => listedRun({ runId: startedAt, startedAt, ...given });
const labels = (runs: Parameters<typeof groupRuns>[0], arrangement: Partial<Arrangement> = {}) =>
  groupRuns(runs, { ...BY_DAY, ...arrangement }).map(({ label, runs: of }) => `${label}: ${of.length}`);

describe('runs by day', () => {
  test('are those of today, of yesterday, and of days with their names, the year only where it is another one', () => {
    const runs = [
      at('2026-11-23T07:00:00.000Z'),
      at('2026-11-23T00:00:00.000Z'),
      at('2026-11-22T23:59:59.999Z'),
      at('2026-11-20T12:00:00.000Z'),
      at('2025-12-31T12:00:00.000Z'),
    ];
    expect(labels(runs)).toEqual([
      'Today: 2',
      'Yesterday: 1',
      'Friday, November 20: 1',
      'Wednesday, December 31, 2025: 1',
    ]);
  });

  test('are told apart where the person is, not at Greenwich', () => {
    const runs = [at('2026-11-22T12:00:00.000Z')];
    expect(labels(runs, { timeZone: 'UTC' })).toEqual(['Yesterday: 1']);
    expect(labels(runs, { timeZone: 'Pacific/Honolulu' })).toEqual(['Today: 1']);
  });

  test('know yesterday also when it had 25 hours', () => {
    const zone = { timeZone: 'Europe/Berlin', now: new Date('2026-10-26T12:00:00.000Z') };
    expect(labels([at('2026-10-24T22:30:00.000Z')], zone)).toEqual(['Yesterday: 1']);
  });

  test('keep the name of their group from one day to the next, so that it stays folded', () => {
    const [run] = [at('2026-11-23T07:00:00.000Z')];
    const groupOf = (now: string) => groupRuns([run], { ...BY_DAY, now: new Date(now) })[0]?.group;
    expect(groupOf('2026-11-23T08:00:00.000Z')).toBe(groupOf('2026-11-24T08:00:00.000Z'));
  });
});

test('runs by blueprint stand in the order of the newest run of each', () => {
  const runs = [
    at('2026-11-23T07:00:00.000Z', { blueprint: 'review' }),
    at('2026-11-22T07:00:00.000Z', { blueprint: 'fix' }),
    at('2026-11-21T07:00:00.000Z', { blueprint: 'review' }),
  ];
  expect(labels(runs, { by: 'blueprint' })).toEqual(['review: 2', 'fix: 1']);
});

describe('runs that wait for a person', () => {
  test('are on top, once, and pass every filter', () => {
    const runs = [listedRun({ runId: 'a' }), listedRun({ runId: 'b' })];
    const groups = groupRuns(runs, { ...BY_DAY, filter: 'nothing like it', waiting: new Set(['b']) });
    expect(groups).toMatchObject([{ label: 'Waiting for You', kind: 'waiting', runs: [{ runId: 'b' }] }]);
  });
});

describe('a filter', () => {
  const run = listedRun({
    ...{ task: 'Invoices with a discount', status: 'failed', blueprint: 'fix-and-test' },
    ...{ model: 'anthropic:small', branch: 'openexec/invoices' },
  });

  test.each(['', '  ', 'INVOICES', 'discount failed', 'fix-and', 'anthropic', 'openexec/inv'])(
    'lets pass: %j',
    (text) => {
      expect(passes(run, text)).toBe(true);
    },
  );

  test.each(['refunds', 'invoices succeeded', 'imported'])('holds back: %j', (text) => {
    expect(passes(run, text)).toBe(false);
  });

  test('leaves no empty group behind', () => {
    expect(groupRuns([run], { ...BY_DAY, filter: 'refunds' })).toEqual([]);
  });
});
