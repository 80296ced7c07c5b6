/** The sample run as a text for people to compare: what happened in which order, less what differs from run to run. */
import type { RunEvent } from '../../src/core/events/schema';
import { headerWriter } from '../../src/protocol/headers';

/** One line an event: type, node with its attempt, title; no times, ids or hashes. */
export function goldenText(events: readonly RunEvent[]): string {
  const headerOf = headerWriter();
  const lines = events.map((event) => {
    const place = event.node === undefined ? '-' : `${event.node}#${event.attempt ?? 1}`;
    return `${event.type} ${place} ${steady(headerOf(event).title)}\n`;
  });
  return lines.join('');
}

/** The hashes of commit and bundle and the end of the branch's name are the run's own. */
const steady = (title: string): string =>
  title
    .replace(/SHA-256 [0-9a-f]{12}\b/, 'SHA-256 <hash>')
    .replace(/\b[0-9a-f]{12}\b/g, '<commit>')
    .replace(/(openexec\/\S*?)-(?:\d-)?[0-9a-f]{6}\b/g, '$1-<run>');
