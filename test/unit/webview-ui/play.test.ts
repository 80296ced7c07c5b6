import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventHeader } from '../../../src/protocol/messages';
import { EventLog } from '../../../webview-ui/src/log/log';
import { jump, jumpFitting, jumpVisit } from '../../../webview-ui/src/play/jumps';
import { LONGEST_MS, pauseAfter, playedTo, SHORTEST_MS } from '../../../webview-ui/src/play/schedule';

const logOf = (headers: readonly (Partial<EventHeader> & { after?: number })[]): EventLog => {
  let at = Date.parse('2026-01-01T00:00:00.000Z');
  return EventLog.of(
    headers.map(({ after = 100, ...header }, seq) => {
      at += after;
      const made = { seq, at: new Date(at).toISOString(), type: 'tool.finished', title: '', tone: 'neutral' };
      return { ...made, ...header } as EventHeader;
    }),
  );
};

describe('playing a run', () => {
  const log = logOf([{ after: 0 }, { after: 200 }, { after: 0 }, { after: 60_000 }]);

  it('takes the time that was recorded, by the speed', () => {
    expect(pauseAfter(log, 0, 1)).toBe(200);
    expect(pauseAfter(log, 0, 2)).toBe(100);
    expect(pauseAfter(log, 0, 0.5)).toBe(400);
  });

  it('shows each event for a moment, and none for long', () => {
    expect(pauseAfter(log, 1, 1)).toBe(SHORTEST_MS);
    expect(pauseAfter(log, 2, 1)).toBe(LONGEST_MS);
    expect(pauseAfter(log, 2, 8)).toBe(LONGEST_MS);
  });

  it('comes to the same event however long the frames are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 })), (frames) => {
        let [seq, left] = [0, 0];
        for (const frame of frames) ({ seq, left } = playedTo(log, seq, left + frame, 1));
        const sum = frames.reduce((total, frame) => total + frame, 0);
        expect(playedTo(log, 0, sum, 1).seq).toBe(seq);
      }),
    );
  });

  it('ends with the last event', () => {
    expect(playedTo(log, 0, 1e9, 1).seq).toBe(3);
  });
});

describe('jumps', () => {
  const node = (name: string, type: EventHeader['type'] = 'tool.finished', tone: EventHeader['tone'] = 'neutral') => ({
    ...{ node: name, attempt: 1, type, tone },
  });
  const log = logOf([
    { type: 'run.started' },
    node('plan', 'node.started'),
    node('plan', 'policy.decided', 'bad'),
    node('fix', 'node.started'),
    node('fix', 'file.changed'),
    node('fix', 'approval.requested', 'warn'),
    node('fix', 'node.finished', 'bad'),
  ]);

  it('lead to the next denial, change, approval and failure, and back', () => {
    expect(jump(log, 0, 'denial', 1)).toBe(2);
    expect(jump(log, 0, 'change', 1)).toBe(4);
    expect(jump(log, 0, 'approval', 1)).toBe(5);
    expect(jump(log, 0, 'failure', 1)).toBe(6);
    expect(jump(log, 6, 'denial', -1)).toBe(2);
    expect(jump(log, 2, 'denial', 1)).toBeNull();
  });

  it('lead to the next node; backwards first to the beginning of this one', () => {
    expect(jumpVisit(log, 2, 1)).toBe(3);
    expect(jumpVisit(log, 5, -1)).toBe(3);
    expect(jumpVisit(log, 3, -1)).toBe(1);
    expect(jumpVisit(log, 6, 1)).toBeNull();
  });

  it('lead from match to match', () => {
    const fitting = Uint32Array.of(1, 4);
    expect(jumpFitting(fitting, 1, 1)).toBe(4);
    expect(jumpFitting(fitting, 4, 1)).toBeNull();
    expect(jumpFitting(fitting, 4, -1)).toBe(1);
    expect(jumpFitting(null, 4, -1)).toBeNull();
  });
});
