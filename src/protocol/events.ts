/** What the webview needs of the core; it imports nothing of it directly. */
export type { FileMoment } from '../core/events/changedFiles';
export type { NodeMoment, RunMoment } from '../core/events/moment';
export type { Message } from '../core/events/parts';
export type { Payload } from '../core/events/payload';
export { EVENT_TYPES, type EventType, type RunEvent } from '../core/events/schema';
export { assertNever } from '../core/kernel/assertNever';
