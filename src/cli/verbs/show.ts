import { EVENT_TYPES, type RunEvent } from '../../core/events/schema';
import { headerWriter } from '../../protocol/headers';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { choice, parseFlags, text, whole } from '../flags';
import { deniedWords, print, table } from '../output';

/** `show`: a run's events as they are stored. */
export async function show(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'show', 1);
  const from = whole(flags, 'from');
  const to = whole(flags, 'to');
  const type = text(flags, 'type') === undefined ? null : choice(flags, 'type', EVENT_TYPES, EVENT_TYPES[0]);
  const { store } = await openRuntime(flags, 'existing');
  try {
    const events: RunEvent[] = [];
    const headerOf = headerWriter();
    const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    for await (const event of store.read(flags.names[0] ?? '', range)) {
      if (type === null || event.type === type) events.push(event);
    }
    const summary = await store.summary(flags.names[0] ?? '');
    print(flags, events, (list) => {
      const rows = list.map((event) => [
        String(event.seq),
        event.at,
        event.node ?? '',
        event.type,
        headerOf(event).title,
      ]);
      return `${table(rows)}\n\nRun ${summary.runId}: ${summary.status}, ${deniedWords(summary)}`;
    });
    return EXIT.ok;
  } finally {
    await store.close();
  }
}
