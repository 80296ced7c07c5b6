/**
 * Measures what the store, verification, replay, decisions and the local model cost, each against its limit, in one run on one machine. Started by
 * `npm run bench`, which bundles it: `node --expose-gc bench.js FOLDER WORKER SQLITE_NODE PEER` prints rows as JSON.
 */
import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { lineOf } from '../../src/core/events/chain';
import { replayRun } from '../../src/node/runs/replayRun';
import { openStore, type RunStore } from '../../src/node/store/store';
import { headerWriter } from '../../src/protocol/headers';
import { measureAnswers } from './classifier';
import { measureDecisions } from './decisions';
import { busyMilliseconds, heapInUse, longestBlock, median, seconds } from './measure';
import { measureRedaction } from './redaction';
import { measureRetrieval } from './retrieval';
import { eventsOf, storeReplayable } from './runs';

const [folder = '', workerPath = '', sqliteNode = '', peer = ''] = process.argv.slice(2);

const checkout = path.resolve(path.dirname(peer), '../..');

type Row = { what: string; measured: string; limit: string; kept: boolean | null };
const rows: Row[] = [];

const MEGABYTE = 1024 * 1024;
const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
const ms = (time: number): string => `${time.toFixed(1)} ms`;

const rate = (count: number): string => `${whole(count)} events/s`;

function atLeast(what: string, measured: number, limit: number, text = rate, more = ''): void {
  rows.push({ what, measured: `${text(measured)}${more}`, limit: `≥ ${text(limit)}`, kept: measured >= limit });
}

function atMost(what: string, measured: number, limit: number, text: (value: number) => string): void {
  rows.push({ what, measured: text(measured), limit: `≤ ${text(limit)}`, kept: measured <= limit });
}

/** A figure that is compared and has no limit. */
function told(what: string, measured: string): void {
  rows.push({ what, measured, limit: 'none', kept: true });
}

const opened = (root: string): Promise<RunStore> => openStore({ root, workerPath, log: (line) => console.error(line) });

const APPENDS = 1_000;
const APPEND_ROUNDS = 9;
const ROUNDS = 5;
const WARMING = 5_000;

/** So many events that the code which checks them is compiled, as it is in a window that has been open for a while. */
async function warmUp(store: RunStore): Promise<void> {
  const writer = await store.create('warming');
  let waiting: Promise<void>[] = [];
  for (const event of eventsOf('warming', WARMING)) {
    waiting.push(writer.append(event));
    if (waiting.length < 100) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  await writer.close();
}

/**
 * Three ways to make the same number of events durable, one by one. Disks get slower and faster from one second to the
 * next: only what was measured side by side is compared, in rounds, every other one in the opposite order.
 */
async function append(): Promise<void> {
  const store = await opened(path.join(folder, 'append'));
  await warmUp(store);
  const rounds: Record<'bare' | 'ours' | 'sqlite', number>[] = [];
  for (let round = 0; round < APPEND_ROUNDS; round += 1) {
    const events = [...eventsOf(`run-${round}`, APPENDS)];
    const lines = events.map((event) => Buffer.from(lineOf(event)));
    const bytes = Math.round(lines.reduce((sum, line) => sum + line.length, 0) / APPENDS);
    const writer = await store.create(`run-${round}`);
    const ways = [
      ['bare', () => bare(round, lines)],
      [
        'ours',
        () =>
          seconds(async () => {
            for (const event of events) await writer.append(event);
          }),
      ],
      ['sqlite', () => sqlite(round, bytes)],
    ] as const;
    const times = { bare: 0, ours: 0, sqlite: 0 };
    for (const [way, measure] of round % 2 === 0 ? ways : ways.toReversed()) times[way] = await measure();
    rounds.push(times);
    await writer.close();
  }
  await store.close();
  const to = (other: 'bare' | 'sqlite'): number => median(rounds.map((times) => times.ours / times[other]));
  atMost(
    'append, durable, against a bare write + fdatasync of the same bytes',
    to('bare'),
    1.5,
    (r) => `${r.toFixed(2)} ×`,
  );
  const rates = (['ours', 'sqlite'] as const).map((way) => whole(APPENDS / median(rounds.map((times) => times[way]))));
  atLeast(
    'append, durable, in events per second against node:sqlite (WAL, synchronous FULL)',
    1 / to('sqlite'),
    1,
    (r) => `${r.toFixed(2)} ×`,
    ` (${rates.join(' and ')} events/s)`,
  );
}

async function bare(round: number, lines: readonly Buffer[]): Promise<number> {
  const file = await open(path.join(folder, `bare-${round}`), 'ax');
  const time = await seconds(async () => {
    for (const line of lines) {
      await file.write(line);
      await file.datasync();
    }
  });
  await file.close();
  return time;
}

async function sqlite(round: number, bytes: number): Promise<number> {
  const args = [peer, path.join(folder, `peer-${round}.sqlite`), String(APPENDS), String(bytes)];
  const { status, stdout, stderr } = spawnSync(sqliteNode, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node:sqlite could not be measured: ${stderr}`);
  return APPENDS / Number(stdout);
}

const LONG = 100_000;

/** Appended as fast as the disk takes it; the run is then opened, verified and measured. */
async function longRun(root: string): Promise<void> {
  const store = await opened(root);
  const writer = await store.create('long');
  let heap = 0;
  let waiting: Promise<void>[] = [];
  for (const event of eventsOf('long', LONG)) {
    waiting.push(writer.append(event));
    if (waiting.length < 200) continue;
    await Promise.all(waiting);
    waiting = [];
    if (event.seq + 1 === 10_000) heap = heapInUse();
    if (event.seq + 1 !== 60_000) continue;
    const grown = Math.max(0, heapInUse() - heap) / MEGABYTE;
    atMost(
      'memory of the main thread: growth from event 10,000 to 60,000',
      grown,
      4,
      (size) => `${size.toFixed(1)} MB`,
    );
  }
  await Promise.all(waiting);
  await writer.close();
  await store.close();
}

async function firstScreen(store: RunStore): Promise<number> {
  const { events } = await store.summary('long');
  const header = headerWriter();
  let shown = 0;
  for await (const event of store.read('long', { to: 499 })) if (header(event).title !== '') shown += 1;
  if (events !== LONG || shown !== 500) throw new Error(`${events} events and ${shown} headers`);
  return events;
}

async function opening(root: string): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const store = await opened(root);
    times.push(await busyMilliseconds(() => firstScreen(store)));
    await store.close();
  }
  atMost('a run of 100,000 events to its first 500 rows (main thread)', median(times), 300, ms);
}

async function verifying(store: RunStore): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push(
      await seconds(async () => {
        const { sound, events } = await store.verify('long');
        if (!sound || events !== LONG) throw new Error('the run is not sound');
      }),
    );
  }
  atLeast('verify, events of 1 KB', LONG / Math.min(...times), 50_000);
}

async function replaying(): Promise<void> {
  const root = path.join(folder, 'replay');
  const events = await storeReplayable(root, 'run-1');
  const store = await opened(root);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push(
      await seconds(async () => {
        const verdict = await replayRun(store, 'run-1');
        if (!verdict.identical || verdict.events !== events) throw new Error(JSON.stringify(verdict));
      }),
    );
  }
  await store.close();
  atLeast(`exact replay, a run of ${whole(events)} events`, events / Math.min(...times), 20_000);
}

/** The least of several: what else the machine does can only add. */
async function blocks(store: RunStore, root: string): Promise<void> {
  const least = async (work: (round: number) => Promise<unknown>): Promise<number> => {
    const all: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) all.push(await longestBlock(() => work(round)));
    return Math.min(...all);
  };
  const appending = await least(async (round) => {
    const events = [...eventsOf(`block-${round}`, 400)];
    const writer = await store.create(`block-${round}`);
    for (const event of events) await writer.append(event);
    await writer.close();
  });
  atMost('main thread blocked while appending', appending, 16, ms);
  atMost('main thread blocked while verifying 100,000 events', await least(() => store.verify('long')), 16, ms);
  const opening = await least(async () => {
    const other = await opened(root);
    await firstScreen(other);
    await other.close();
  });
  atMost('main thread blocked while opening 100,000 events', opening, 16, ms);
}

/** Before everything else: what the store leaves behind for the garbage collector is not to be measured here. */
function decisions(): void {
  const found = measureDecisions(checkout);
  const micro = (time: number): string => `${time.toFixed(1)} µs`;
  atMost(`a decision over a path (median; ${whole(found.paths)} paths)`, found.path, 50, micro);
  atMost(`a decision over a command line (median; ${whole(found.lines)} lines)`, found.command, 300, micro);
  const against = (ratio: number, cedar: number): string => `${ratio.toFixed(2)} × (Cedar ${micro(cedar)})`;
  told('a decision over a path, against @cedar-policy/cedar-wasm', against(found.pathRatio, found.cedarPath));
  told(
    'a decision over a command line, against Cedar on what our analysis found',
    against(found.commandRatio, found.cedarCommand),
  );
}

async function redaction(): Promise<void> {
  const { ours, secretlint, megabytes, masked, maskedBySecretlint } = await measureRedaction(checkout);
  const speed = (rate: number): string => `${rate.toFixed(1)} MB/s`;
  const kept = ours >= 5;
  rows.push({
    what: `redaction of ${megabytes.toFixed(1)} MB of mixed text`,
    measured: speed(ours),
    limit: 'at least 5 MB/s',
    kept,
  });
  told('the same by secretlint, which looks for tokens of services alone', speed(secretlint));
  const score = (of: typeof masked): string =>
    `${of.positives} of ${of.of} masked, ${of.innocentsChanged} of ${of.innocents} innocent texts changed`;
  told('redaction of the corpus', score(masked));
  told('redaction of the corpus by secretlint', score(maskedBySecretlint));
}

async function answers(): Promise<void> {
  const found = await measureAnswers(checkout, path.dirname(workerPath));
  atMost('the local model, first answer of a new thread (median of 9)', found.cold, 300, ms);
  atMost(`the local model, every further answer (median; ${whole(found.tasks)} tasks)`, found.warm, 5, ms);
  atMost('the local model, a task of 2,640 characters (median)', found.long, 5, ms);
  atMost('main thread blocked while the local model is loaded', found.blocked, 16, ms);
  told('memory of the process: growth by the local model', `${found.grown.toFixed(0)} MB`);
}

async function retrieval(): Promise<void> {
  const found = await measureRetrieval(path.join(folder, 'retrieval'), path.resolve(path.dirname(peer), '../..'));
  const what = `the context of a task out of ${whole(found.files)} files`;
  atMost(`${what}, the first of a process`, found.cold, 2000, ms);
  atMost(`${what}, again`, found.warm, 300, ms);
  atMost(`${what}, again after a change`, found.changed, 300, ms);
  told(`${what}, another task in another run`, ms(found.other));
  atMost(`${what}: memory that stays in use`, found.kept / MEGABYTE, 128, (size) => `${size.toFixed(0)} MB`);
}

async function main(): Promise<void> {
  decisions();
  await retrieval();
  await answers();
  const root = path.join(folder, 'long');
  await append();
  await longRun(root);
  await opening(root);
  const store = await opened(root);
  await verifying(store);
  await blocks(store, root);
  await store.close();
  await replaying();
  // Last, and nothing is waited for after it: secretlint's profiler goes through all that it has marked, for minutes, on this thread.
  await redaction();
  console.log(JSON.stringify(rows));
  process.exit();
}

await main();
