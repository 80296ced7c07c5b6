import type { EventBody } from '../events/schema';

/** What may come from outside between two effects, or between two events of one effect. */
export type Intervention =
  | { readonly kind: 'none' }
  /** Something that happened outside of the engine, such as a cancellation. */
  | { readonly kind: 'inject'; readonly body: EventBody }
  /** The session ends here, without an event. */
  | { readonly kind: 'stop' };

/** `halted`: the run was paused or broke off; only a record that is replayed has more to say then. */
export type Moment = 'before effect' | 'before event' | 'halted';
