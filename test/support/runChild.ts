/**
 * A process that runs the engine on a real store, made to be killed. It says on standard output, one line each and
 * written before it goes on: `ack SEQ HASH` once an event is durable, `act WHAT` just before something is done, `end`.
 *
 *   run WORKER ROOT RUN SEED SEGMENT      begins a run of the story of the seed; a journal file takes SEGMENT events
 *   resume WORKER ROOT RUN SEED SEGMENT   takes it up again, after marking it as broken off if need be; what is in doubt
 *                                         is repeated
 *   claim WORKER ROOT                     for every line `RUN` on standard input tries to write that run and says
 *                                         `won` or `lost CODE`; `free` gives it back, and says `freed`
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { EMPTY_HEAD, headAfter, seal } from '../../src/core/events/chain';
import type { RunEvent } from '../../src/core/events/schema';
import { isOpenExecError } from '../../src/core/kernel/errors';
import { inDoubt } from '../../src/core/run/resume';
import { NOTHING_YET, type Recalled, recall, resumeSession, runSession } from '../../src/core/run/session';
import { openStore, type RunStore, type RunWriter } from '../../src/node/store/store';
import { sha256 } from '../../src/node/system/sha256';
import { random } from './random';
import { longStory } from './stories';
import { beginning, type World, worldOf } from './world';

const NEVER = new AbortController().signal;

/** Synchronously, so that the line has left the process before anything else is done. */
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const acknowledging = (writer: RunWriter) => ({
  append: async (event: RunEvent) => {
    await writer.append(event);
    say(`ack ${event.seq} ${event.hash}`);
  },
});

async function run(store: RunStore, id: string, seed: number): Promise<void> {
  const story = longStory(random(seed));
  const writer = await store.create(id);
  const ports = worldFor(seed).ports(acknowledging(writer), store.blobs);
  await runSession(id, beginning(story), ports, NEVER);
  await writer.close();
}

const worldFor = (seed: number): World => worldOf(longStory(random(seed)), ({ what }) => say(`act ${what}`));

async function resume(store: RunStore, id: string, seed: number): Promise<void> {
  const writer = await store.continue(id);
  const world = worldFor(seed);
  const log = acknowledging(writer);
  const { head, state } = await past(store, id);
  if (state.phase === 'active') {
    const data = { reason: 'the process was killed', inDoubt: null };
    await log.append(seal({ type: 'run.interrupted', data }, { run: id, at: world.clock.now(), head, hash: sha256 }));
  }
  const before = await past(store, id);
  if (before.state.phase === 'halted') {
    const doubt = inDoubt(before.state);
    const settled = doubt && { kind: doubt.kind, id: doubt.id, decision: 'repeat' as const };
    const data = { by: 'test', inDoubt: settled, tree: before.state.run.tree ?? 't0', openexec: 'test' };
    await resumeSession(id, before, { type: 'run.resumed', data }, world.ports(log, store.blobs), NEVER);
  }
  await writer.close();
}

async function past(store: RunStore, id: string): Promise<Recalled> {
  let told = NOTHING_YET;
  for await (const event of store.read(id)) told = recall(told, await store.inline(event));
  return told;
}

async function claim(store: RunStore): Promise<void> {
  let writer: RunWriter | null = null;
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'free') {
      await writer?.close();
      writer = null;
      say('freed');
      continue;
    }
    try {
      writer = await store.continue(line);
      const { events } = writer.head;
      const body = {
        type: 'budget.exceeded',
        data: { limit: `claimed by ${process.pid}`, allowed: 0, used: 0 },
      } as const;
      const head = events === 0 ? EMPTY_HEAD : writer.head;
      const event = seal(body, { run: line, at: new Date().toISOString(), head, hash: sha256 });
      await writer.append(event);
      say(`won ${headAfter(event).events}`);
    } catch (error) {
      say(`lost ${isOpenExecError(error) ? error.code : String(error)}`);
    }
  }
}

async function main(): Promise<void> {
  const [what, workerPath = '', root = '', id = '', seed = '0', segment = '50000'] = process.argv.slice(2);
  const store = await openStore({
    root,
    workerPath,
    // An index that is missing after a kill is told of here, which is as it should be.
    log: () => undefined,
    segment: { events: Number(segment), bytes: 50 * 1024 * 1024 },
  });
  if (what === 'run') await run(store, id, Number(seed));
  else if (what === 'resume') await resume(store, id, Number(seed));
  else await claim(store);
  await store.close();
  say('end');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
