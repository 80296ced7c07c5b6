/**
 * The recorded runs of test/replay/recorded, one folder a version of the engine: `journal.jsonl` and `blobs`, in the
 * store's own format. A test gets a copy of a whole store, for opening one writes an index into it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EMPTY_HEAD, type Head, headAfter, lineOf, seal } from '../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { sha256 } from '../../src/node/system/sha256';

export const RECORDED = path.resolve(import.meta.dirname, '../replay/recorded');

/** The events of the recorded run of a version. */
export function recordedEvents(version: string): RunEvent[] {
  const text = fs.readFileSync(path.join(RECORDED, version, 'journal.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Makes a store at `root` that holds the recorded run; answers the run's id. */
export function copyRecordedRun(version: string, root: string): string {
  const run = recordedEvents(version)[0]?.run ?? '';
  const folder = path.join(root, 'runs', run);
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(RECORDED, version, 'journal.jsonl'), path.join(folder, 'journal.jsonl'));
  fs.cpSync(path.join(RECORDED, version, 'blobs'), path.join(root, 'blobs'), { recursive: true });
  return run;
}

/** Puts a run of these events into a store. */
export function writeRun(root: string, run: string, events: readonly RunEvent[]): void {
  const folder = path.join(root, 'runs', run);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'journal.jsonl'), events.map(lineOf).join(''));
}

/** The same contents in a chain of their own: what a forger makes who knows the format. Causes follow what moved. */
export function rechain(run: string, events: readonly RunEvent[]): RunEvent[] {
  const placeOf = new Map(events.map((event, place) => [event.seq, place]));
  const chained: RunEvent[] = [];
  let head: Head = EMPTY_HEAD;
  for (const { type, data, node, attempt, cause, at } of events) {
    const moved = cause === undefined ? undefined : (placeOf.get(cause) ?? 0);
    const place = Object.entries({ node, attempt, cause: moved }).filter(([, value]) => value !== undefined);
    const body = { type, data, ...Object.fromEntries(place) } as EventBody;
    const event = seal(body, { run, at, head, hash: sha256 });
    chained.push(event);
    head = headAfter(event);
  }
  return chained;
}
