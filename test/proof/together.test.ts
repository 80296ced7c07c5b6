/** Several processes on one store: nothing is lost, and a run is written by one of them at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import initSqlJs from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../src/core/events/chain';
import { chain, collect, longRun, origin } from '../support/eventChain';
import { writeRun } from '../support/goldenStore';
import { wholeEvents } from '../support/killedRun';
import { cases, patience } from '../support/random';
import { type StoreBench, storeBench } from '../support/storeWorker';

const EVENTS = 400;

let bench: StoreBench;
let program: string;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  bench = await storeBench();
  program = await bench.program('runChild');
});
afterEach(() => bench.closeAll());
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.dispose();
});

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  return child;
}

async function acknowledgedBy(child: ChildProcess): Promise<string[]> {
  if (child.stdout === null) throw new Error('no pipe');
  const closed = once(child, 'close');
  const acks: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) acks.push(line);
  const [code] = await closed;
  expect(code).toBe(0);
  return acks;
}

describe('two processes on one store', () => {
  it(`lose nothing of ${EVENTS} events each, in journals, index and databases`, {
    timeout: patience(120_000),
  }, async () => {
    const root = bench.root();
    const runs = ['run-a', 'run-b'];
    const acks = await Promise.all(
      runs.map((run) => acknowledgedBy(start([bench.childPath, bench.workerPath, root, run, `${EVENTS}`, 'end']))),
    );
    for (const said of acks) expect(said).toHaveLength(EVENTS);
    const sql = await initSqlJs();
    const index = new sql.Database(await readFile(path.join(root, 'index.sqlite')));
    expect(index.exec('SELECT run_id, status, events FROM runs ORDER BY run_id')[0]?.values).toEqual(
      runs.map((run) => [run, 'succeeded', EVENTS + 1]),
    );
    const { store } = await bench.open({ root });
    for (const run of runs) {
      const events = await collect(store.read(run));
      expect(events.slice(0, EVENTS).map(lineOf)).toEqual(longRun(run, EVENTS).map(lineOf));
      const heads = [{ hash: events.at(-1)?.hash ?? '', events: EVENTS + 1, from: 'the test' }];
      expect(await store.verify(run, { heads })).toMatchObject({ sound: true, findings: [], events: EVENTS + 1 });
      const database = new sql.Database(await readFile(path.join(root, 'runs', run, 'run.sqlite')));
      expect(database.exec('SELECT count(*), max(seq) FROM events')[0]?.values).toEqual([[EVENTS + 1, EVENTS]]);
    }
  });
});

/** A process that tries to write runs when it is told to. */
class Claimant {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(root: string) {
    this.child = start([program, 'claim', bench.workerPath, root]);
    if (this.child.stdout === null) throw new Error('no pipe');
    const lines: Interface = createInterface({ input: this.child.stdout });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async hears(): Promise<string> {
    const { value, done } = await this.#lines.next();
    return done === true ? 'gone' : value;
  }

  ask(line: string): Promise<string> {
    this.child.stdin?.write(`${line}\n`);
    return this.hears();
  }
}

describe('processes that want to write the same run', () => {
  const rounds = cases(40, 600);

  it(`are never two at once, in ${rounds} rounds, a lock that a dead process left included`, {
    timeout: patience(120_000),
  }, async () => {
    const root = bench.root();
    for (let round = 0; round < rounds; round += 1) {
      const run = `run-${round}`;
      writeRun(root, run, chain(run, [origin()]));
    }
    const three = [0, 1, 2].map(() => new Claimant(root));
    expect(await Promise.all(three.map((one) => one.hears()))).toEqual(['ready', 'ready', 'ready']);
    let [loser] = three;
    for (let round = 0; round < rounds; round += 1) {
      const run = `run-${round}`;
      const live = three.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      const answers = await Promise.all(live.map((one) => one.ask(run)));
      expect([...answers].sort().reverse(), run).toEqual([
        'won 2',
        ...Array<string>(live.length - 1).fill('lost run_locked'),
      ]);
      const winner = live[answers.indexOf('won 2')];
      loser = live.find((one) => one !== winner);
      expect(wholeEvents(root, run)).toHaveLength(2);
      // In the last round the winner dies with the lock in its hand: one of the others takes it over, and only one.
      if (round < rounds - 1) expect(await winner?.ask('free')).toBe('freed');
      else winner?.child.kill('SIGKILL');
      if (round === rounds - 1 && winner !== undefined) await once(winner.child, 'close');
    }
    expect(loser).toBeDefined();
    const left = three.filter(({ child }) => child.signalCode === null);
    const last = await Promise.all(left.map((one) => one.ask(`run-${rounds - 1}`)));
    expect(last.sort()).toEqual(['lost run_locked', 'won 3']);
  });
});
