/** Looking things up in the events that belong together. */
import type { EventType, RunEvent } from '../../../src/protocol/events';

/** The first event of a type, as that type; undefined when it has not come (yet). */
export function firstOf<T extends EventType>(story: readonly RunEvent[], type: T): RunEvent<T> | undefined {
  return story.find((event): event is RunEvent<T> & RunEvent => event.type === type);
}

/** All events of a type. */
export function allOf<T extends EventType>(story: readonly RunEvent[], type: T): RunEvent<T>[] {
  return story.filter((event): event is RunEvent<T> & RunEvent => event.type === type);
}
