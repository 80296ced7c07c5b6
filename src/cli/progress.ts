/** The live timeline in a terminal: one line an event, indented by what belongs to what. */
import type { RunEvent } from '../core/events/schema';
import { headerWriter } from '../protocol/headers';

const MARKS = { neutral: ' ', good: '+', bad: '!', warn: '?', active: '>' } as const;
/** Bookkeeping that a reader of a terminal can do without; `show` has it all. */
const QUIET: readonly RunEvent['type'][] = ['egress.sent', 'budget.charged', 'model.requested', 'tool.requested'];

/** A function that gives the line of each event of a run, in order; null for one that only `show` needs. */
export function progressWriter(): (event: RunEvent) => string | null {
  const headerOf = headerWriter();
  return (event) => {
    const { title, tone } = headerOf(event);
    if (QUIET.includes(event.type)) return null;
    const time = event.at.slice(11, 19);
    const indent = event.node && event.type !== 'node.started' && event.type !== 'node.finished' ? '    ' : '  ';
    return `${time} ${String(event.seq).padStart(4)} ${MARKS[tone]}${indent}${title}`;
  };
}
