/** docs/reference/events.md: every type of event of a record, of the schema that reads it. */
import { z } from 'zod';
import * as parts from '../../src/core/events/parts';
import { payloadSchema } from '../../src/core/events/payload';
import * as planParts from '../../src/core/events/planParts';
import { EVENT_TYPES, EVENT_VERSION, eventSchema } from '../../src/core/events/schema';
import { fieldRows, type Schema, typeOf } from './fields';
import { code, madeOf, page, table } from './markdown';
import type { Page } from './page';

/** What several events are made of has a name, which is that of its export, and is told once. */
const named = z.registry<{ id: string }>();
for (const [id, part] of Object.entries({ ...parts, ...planParts, payload: payloadSchema }))
  if ((part instanceof z.ZodObject || part instanceof z.ZodUnion) && part !== parts.runOrigin) named.add(part, { id });

const whole = z.toJSONSchema(eventSchema, { metadata: named }) as Schema & {
  readonly $defs?: Readonly<Record<string, Schema>>;
};
const events = whole.oneOf ?? whole.anyOf ?? [];
const HEAD = ['field', 'type', ''];
const rowsOf = (schema: Schema): string[][] => fieldRows(schema).map((row) => row.slice(0, HEAD.length));

function dataOf(type: string): Schema {
  const event = events.find(({ properties }) => properties?.type?.const === type);
  if (event?.properties?.data === undefined) throw new Error(`the schema of the events has no ${type}`);
  return event.properties.data;
}

/** All fields around an event's data, which every type has. */
function envelopeRows(): string[][] {
  const [first] = events;
  const { data: _, type: __, ...properties } = first?.properties ?? {};
  const own = [
    [code('type'), 'one of those below', 'required'],
    [code('data'), 'by the type, below', 'required'],
  ];
  return [...rowsOf({ properties, required: first?.required ?? [] }), ...own];
}

const sectionOf = (type: string): string => `### ${type}\n\n${table(HEAD, rowsOf(dataOf(type)))}`;

function partOf([name, part]: [string, Schema]): string {
  const rows = fieldRows({ properties: { '': part } }).slice(1);
  const members = rows.map((row) => row.slice(0, HEAD.length).map((cell) => cell.replace(/^`\./, '`')));
  const type = typeOf(part);
  const what = type === 'object' ? '' : `${type.charAt(0).toUpperCase()}${type.slice(1)}. The fields of the object:`;
  return page(`### ${name}`, what, members.length === 0 ? '' : table(HEAD, members)).trimEnd();
}

/** The reference of the events. */
export function eventsPage(): Page {
  const anchors = EVENT_TYPES.map((type) => `[${code(type)}](#${type.replaceAll('.', '')})`);
  const text = page(
    '# Events',
    madeOf('src/core/events/schema.ts'),
    `The record of a run is a chain of events, version ${EVENT_VERSION}, one JSON object a line. How they are chained and how to check that: [auditing.md](../auditing.md). What a person sees of them: [timeline.md](../timeline.md). \`openexec show RUN --json\` prints them; [cli.md](../cli.md).`,
    'A *sha256* is 64 hexadecimal digits. `a.b` is the member `b` of the object `a`, `a[].b` that of each object in the list `a`. An object has no members beside those listed. What a field means stands beside it in [schema.ts](../../src/core/events/schema.ts), [parts.ts](../../src/core/events/parts.ts) and [planParts.ts](../../src/core/events/planParts.ts).',
    '## Every event',
    table(HEAD, envelopeRows()),
    '## Types of events',
    `The fields below are those of \`data\`: ${anchors.join(', ')}.`,
    ...EVENT_TYPES.map(sectionOf),
    '## Parts',
    'What the fields above are made of.',
    ...Object.entries(whole.$defs ?? {})
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(partOf),
  );
  return { path: 'docs/reference/events.md', text };
}
