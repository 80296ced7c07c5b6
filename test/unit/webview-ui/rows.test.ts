import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerWriter } from '../../../src/protocol/headers';
import { neighbour, type Rows, rowsOf } from '../../../webview-ui/src/list/rows';
import { EventLog } from '../../../webview-ui/src/log/log';
import { finishedRun } from '../../support/timelineRun';

const log = EventLog.of(finishedRun().events.map(headerWriter()));
const keys = Array.from({ length: log.visitCount }, (_, index) => log.visit(index)?.key ?? '');
const seqs = Array.from({ length: log.length }, (_, seq) => seq);

/** Every row in words: the key of a visit, the seq of an event. */
const listed = (rows: Rows): string[] =>
  Array.from({ length: rows.count }, (_, index) => {
    const row = rows.row(index);
    return row === undefined ? 'nothing' : row.kind === 'visit' ? `visit ${row.visit.key}` : String(row.seq);
  });

const choice = fc.record({ folded: fc.subarray(keys), fitting: fc.option(fc.subarray(seqs), { nil: null }) });

describe('the rows of the list', () => {
  it('are every visit with what of it fits, in order, folded ones alone', () => {
    fc.assert(
      fc.property(choice, ({ folded, fitting }) => {
        const rows = rowsOf(log, new Set(folded), fitting === null ? null : Uint32Array.from(fitting));
        const expected = keys.flatMap((key, index) => {
          const { from, to } = log.visit(index) ?? { from: 0, to: 0 };
          const own = (fitting ?? seqs).filter((seq) => from <= seq && seq < to);
          if (own.length === 0) return [];
          return [`visit ${key}`, ...(folded.includes(key) ? [] : own.map(String))];
        });
        expect(listed(rows)).toEqual(expected);
        expect(rows.events).toBe((fitting ?? seqs).length);
      }),
    );
  });

  it('are found again by the event that they stand for', () => {
    fc.assert(
      fc.property(choice, ({ folded, fitting }) => {
        const rows = rowsOf(log, new Set(folded), fitting === null ? null : Uint32Array.from(fitting));
        for (const seq of fitting ?? seqs) {
          const row = rows.row(rows.indexOf(seq));
          const stands = row?.kind === 'event' ? row.seq === seq : row?.kind === 'visit' && row.folded;
          expect(stands).toBe(true);
        }
      }),
    );
  });

  it('are walked from end to end by ↓ and back by ↑, each stop once', () => {
    fc.assert(
      fc.property(choice, ({ folded, fitting }) => {
        const rows = rowsOf(log, new Set(folded), fitting === null ? null : Uint32Array.from(fitting));
        const stops = Array.from({ length: rows.count }, (_, index) => rows.stop(index)).flatMap((stop) => stop ?? []);
        const walked = stops.slice(0, 1);
        for (let at = walked[0]; at !== undefined && neighbour(rows, at, 1) !== at; ) {
          at = neighbour(rows, at, 1);
          walked.push(at);
        }
        expect(walked).toEqual(stops);
        const back = stops.slice(-1);
        for (let at = back[0]; at !== undefined && neighbour(rows, at, -1) !== at; ) {
          at = neighbour(rows, at, -1);
          back.unshift(at);
        }
        expect(back).toEqual(stops);
      }),
    );
  });

  it('lead on from an event that does not fit to the next that does', () => {
    const rows = rowsOf(log, new Set(), Uint32Array.of(2, 9));
    expect([neighbour(rows, 5, 1), neighbour(rows, 5, -1), neighbour(rows, 20, 1)]).toEqual([9, 2, 20]);
  });

  it('are none when nothing fits', () => {
    const rows = rowsOf(log, new Set(), new Uint32Array());
    expect([rows.count, rows.indexOf(3), neighbour(rows, 3, 1)]).toEqual([0, -1, 3]);
  });
});
