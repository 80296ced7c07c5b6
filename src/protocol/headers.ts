/**
 * The header of an event: what the list shows, one English line for people. Pure; what a call was about is known only
 * from its request, so a writer that reads a run from the start remembers it.
 */
import type { RunEvent } from '../core/events/schema';
import { oneLine } from './format';
import { type About, lineOf, subjectOf } from './headerLines';
import { type EventHeader, MAX_TITLE, RULE_MARK } from './messages';

const NOTHING_KNOWN: About = () => ({ subject: '' });

/**
 * A function that gives the header of each event of one run, to be called with the events in their order: it remembers
 * what calls are about, and which model was asked.
 */
export function headerWriter(): (event: RunEvent) => EventHeader {
  const calls = new Map<string, ReturnType<About>>();
  let model = '';
  return (event) => {
    if (event.type === 'tool.requested') remember(calls, event);
    if (event.type === 'model.requested') model = event.data.model;
    return headerOf(event, (call) => calls.get(call) ?? { subject: '' }, model);
  };
}

/** Calls are made one after another: what is said of one comes soon after it. */
const MAX_CALLS = 1000;

function remember(calls: Map<string, ReturnType<About>>, event: RunEvent<'tool.requested'>): void {
  calls.set(event.data.call, { subject: subjectOf(event), path: pathOf(event) });
  const [oldest] = calls.keys();
  if (calls.size > MAX_CALLS && oldest !== undefined) calls.delete(oldest);
}

/** The header of one event. */
export function headerOf(event: RunEvent, about: About = NOTHING_KNOWN, model = ''): EventHeader {
  const line = lineOf(event, about);
  const { title, tone, outcome, next, route, ms, call, approval } = line;
  const rule = line.rule === undefined ? undefined : oneLine(line.rule, MAX_RULE);
  const ref = { ...(call ? { call } : {}), ...(approval === undefined ? {} : { approval }) };
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    ...(event.node === undefined ? {} : { node: event.node }),
    ...(event.attempt === undefined ? {} : { attempt: event.attempt }),
    ...(event.cause === undefined ? {} : { cause: event.cause }),
    title: rule === undefined ? oneLine(title, MAX_TITLE) : withRule(title, rule),
    tone,
    ...(rule === undefined ? {} : { rule }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(next === undefined ? {} : { next }),
    ...(route ? { route } : {}),
    ...(ms === undefined ? {} : { ms }),
    ...placeOf(event, about),
    ...(event.type === 'budget.charged' ? { spent: spentIn(event, model) } : {}),
    ...(Object.keys(ref).length === 0 ? {} : { ref }),
  };
}

/** The tool and the path that an event is about, as far as it says so or its call is known. */
function placeOf(event: RunEvent, about: About): Pick<EventHeader, 'tool' | 'path'> {
  switch (event.type) {
    case 'tool.requested':
      return placed(event.data.tool, pathOf(event));
    case 'policy.decided':
    case 'tool.finished':
      return placed(event.data.tool, about(event.data.call).path);
    case 'file.changed':
      return placed(undefined, event.data.path);
    default:
      return {};
  }
}

const placed = (tool: string | undefined, path: string | undefined): Pick<EventHeader, 'tool' | 'path'> => ({
  ...(tool === undefined ? {} : { tool }),
  ...(path === undefined ? {} : { path }),
});

const spentIn = ({ data }: RunEvent<'budget.charged'>, model: string): EventHeader['spent'] => ({
  model,
  input: data.usage.input,
  output: data.usage.output,
  costUsd: data.costUsd,
});

function pathOf({ data }: RunEvent<'tool.requested'>): string | undefined {
  const [first] = data.facts.paths;
  return first === undefined ? undefined : (first.inside ?? first.asked);
}

/** The longest name of a rule that a title ends with, in characters. */
const MAX_RULE = 80;

/** A title that ends with the rule, whatever has to be cut of it. */
function withRule(title: string, rule: string): string {
  const end = `${RULE_MARK}${rule}`;
  return `${oneLine(title, MAX_TITLE - end.length)}${end}`;
}
