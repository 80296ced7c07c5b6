/** The in-memory twin of a run's journal; held to the same contract as the one on disk. */
import { EMPTY_HEAD, type Head, headAfter } from '../../src/core/events/chain';
import type { RunEvent } from '../../src/core/events/schema';
import { OpenExecError } from '../../src/core/kernel/errors';
import type { EventLog } from '../../src/core/ports/eventLog';

export type MemoryEventLog = EventLog & { readonly events: RunEvent[] };

/** A log of one run that takes `room` events, and then is full for good. */
export function memoryEventLog(run: string, room = Number.POSITIVE_INFINITY): MemoryEventLog {
  const events: RunEvent[] = [];
  let head: Head = EMPTY_HEAD;
  let full = false;
  return {
    events,
    async append(event) {
      if (full) throw new OpenExecError('disk_failure', 'there is no room');
      if (event.run !== run || event.seq !== head.events || event.prev !== head.hash) {
        throw new OpenExecError('internal', `event ${event.seq} does not continue the run`);
      }
      full = events.length >= room;
      if (full) throw new OpenExecError('disk_failure', 'there is no room');
      events.push(event);
      head = headAfter(event);
    },
  };
}
