import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { detailsOf, eventOf, MAX_EVENT, MAX_PAYLOAD } from '../../../src/protocol/details';
import type { HostMessageOf } from '../../../src/protocol/messages';
import { RunWriter } from '../../support/runWriter';
import { finishedRun } from '../../support/timelineRun';

function finishedWith(output: string): RunEvent {
  const run = new RunWriter();
  run.finish('call-1', 'read_file', { output });
  const [event] = run.events;
  if (event === undefined) throw new Error('no event was written');
  return event;
}

describe('the details of an event', () => {
  it('bring every event over as it was recorded', () => {
    for (const event of finishedRun().events) {
      const details = detailsOf(event);
      expect(details).toMatchObject({ type: 'details', seq: event.seq, runId: event.run, cuts: [] });
      expect(eventOf(details)).toEqual({ ok: true, value: event });
    }
  });

  it('shorten a payload that is too long, and say which and how long it was', () => {
    const details = detailsOf(finishedWith('x'.repeat(MAX_PAYLOAD + 10)));
    expect(details.cuts).toEqual([{ path: 'data.output', length: MAX_PAYLOAD + 10 }]);
    const event = eventOf(details);
    expect(event.ok && event.value.type === 'tool.finished' && event.value.data.output).toBe('x'.repeat(MAX_PAYLOAD));
  });

  it('never cut a character in half', () => {
    const event = eventOf(detailsOf(finishedWith(`${'x'.repeat(MAX_PAYLOAD - 1)}🙂🙂`)));
    expect(event.ok && event.value.type === 'tool.finished' && event.value.data.output).toBe(
      'x'.repeat(MAX_PAYLOAD - 1),
    );
  });

  it('stay within bounds however many long payloads an event has', () => {
    const run = new RunWriter();
    const added = Array.from({ length: 8 }, () => ({ role: 'user' as const, content: 'y'.repeat(MAX_PAYLOAD) }));
    run.turn(1, '', [], added);
    const request = run.events.find((event) => event.type === 'model.requested');
    if (request === undefined) throw new Error('no request was written');
    const details = detailsOf(request);
    expect(details.event.length).toBeLessThan(MAX_EVENT + 10_000);
    expect(details.cuts.map((cut) => cut.path)).toContain('data.conversation.added.7.content');
    expect(eventOf(details).ok).toBe(true);
  });

  it('that are not an event are a value that says why', () => {
    const broken = { type: 'details' as const, runId: 'r', seq: 7, cuts: [] } satisfies Partial<
      HostMessageOf<'details'>
    >;
    expect(eventOf({ ...broken, event: '{' })).toEqual({ ok: false, error: 'event 7 is not JSON' });
    expect(eventOf({ ...broken, event: '{"type":"later"}' })).toMatchObject({ ok: false });
  });
});
