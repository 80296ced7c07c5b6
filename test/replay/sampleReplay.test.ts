/** Exact replay of the run that version 1 recorded: for ever the same events, wherever and whenever it is replayed. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/core/events/payload';
import type { RunEvent } from '../../src/core/events/schema';
import { replayRun } from '../../src/node/runs/replayRun';
import type { RunStore } from '../../src/node/store/store';
import { cli, jsonOf, temporaryFolder } from '../support/cli';
import { copyRecordedRun, rechain, recordedEvents, writeRun } from '../support/goldenStore';
import { type StoreBench, storeBench } from '../support/storeWorker';

const recorded = recordedEvents('v1');
const head = recorded.at(-1)?.hash ?? '';
const heads = [{ hash: head, events: recorded.length, from: 'the golden journal' }];

describe('the run recorded by version 1', () => {
  let bench: StoreBench;
  let store: RunStore;
  let root: string;
  let run: string;

  beforeAll(async () => {
    bench = await storeBench();
    root = bench.root();
    run = copyRecordedRun('v1', root);
    ({ store } = await bench.open({ root }));
  });
  afterAll(() => bench.dispose());

  it('is sound to its last event and blob', async () => {
    expect(await store.verify(run, { heads })).toMatchObject({
      sound: true,
      events: recorded.length,
      head,
      findings: [],
    });
  });

  it('replays twice into the same events, hash for hash', async () => {
    const first = await replayRun(store, run);
    const second = await replayRun(store, run);
    expect(first).toMatchObject({ identical: true, events: recorded.length, head: { hash: head }, divergence: null });
    expect(second).toEqual(first);
  });

  it('replays the same in another chain of its own, which the removals below rest on', async () => {
    const copy = forge('copy', recorded);
    expect(await replayRun(store, copy)).toMatchObject({ identical: true, events: recorded.length });
  });

  /** Stores these events as a run whose chain is in order. */
  function forge(name: string, events: readonly RunEvent[]): string {
    writeRun(root, name, rechain(name, events));
    return name;
  }

  const outcomes = recorded.filter((event) => event.type === 'model.responded' || event.type === 'tool.finished');

  it('has replies and results to remove', () => {
    expect(outcomes.filter((event) => event.type === 'model.responded').length).toBeGreaterThan(5);
    expect(outcomes.filter((event) => event.type === 'tool.finished').length).toBeGreaterThan(5);
  });

  it.each(outcomes.map((event) => [event.seq, event.type] as const))(
    'fails at event %i when its %s is taken out, though the chain is in order',
    async (seq) => {
      const forged = forge(
        `without-${seq}`,
        recorded.filter((event) => event.seq !== seq),
      );
      const { identical, divergence } = await replayRun(store, forged);
      expect(identical).toBe(false);
      expect(divergence?.seq).toBe(seq);
    },
  );

  it.each([
    ['a reply with other arguments', 'model.responded', 'tool.requested'],
    ['a tool result with another output', 'tool.finished', 'egress.sent'],
  ] as const)('finds %s, and names the next event that rests on it', async (_what, type, follows) => {
    const victim = recorded.find((event) => event.type === type && event.node === 'implement') as RunEvent;
    const forged = forge(
      `other-${type}`,
      recorded.map((event) => (event === victim ? altered(event) : event)),
    );
    const { identical, divergence } = await replayRun(store, forged);
    expect(identical).toBe(false);
    expect(divergence?.seq).toBeGreaterThan(victim.seq);
    expect(recorded[divergence?.seq ?? 0]?.type).toBe(follows);
    expect(divergence?.path).toMatch(/^data\./);
    expect(divergence?.replayed).not.toEqual(divergence?.recorded);
  });

  it('refuses a record of an engine that this version does not know, rather than guess', async () => {
    const [first, ...rest] = recorded as [RunEvent<'run.started'>, ...RunEvent[]];
    const later = { ...first, data: { ...first.data, flags: { engine: 99, prompt: first.data.flags.prompt } } };
    const forged = forge('later', [later, ...rest]);
    await expect(replayRun(store, forged)).rejects.toMatchObject({ code: 'replay_impossible' });
  });
});

function altered(event: RunEvent): RunEvent {
  if (event.type === 'model.responded') {
    const toolCalls = event.data.toolCalls.map((call) => ({
      ...call,
      arguments: textOf(call.arguments).replace('src/', 'lib/'),
    }));
    return { ...event, data: { ...event.data, toolCalls } };
  }
  if (event.type === 'tool.finished') return { ...event, data: { ...event.data, output: 'another output' } };
  return event;
}

/** Loaded into the command line before anything else: whoever reaches for the network or a program ends the process. */
const NO_WORLD = `
const refuse = (what) => () => { console.error('reached for ' + what); process.exit(99); };
require('net').Socket.prototype.connect = refuse('the network');
require('dgram').createSocket = refuse('the network');
globalThis.fetch = refuse('the network');
const processes = require('child_process');
for (const name of ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync']) processes[name] = refuse('a program');
`;

describe('the same run replayed on the command line', () => {
  it('is identical twice over', async () => {
    const root = temporaryFolder();
    const run = copyRecordedRun('v1', root);
    const ends = await Promise.all([1, 2].map(() => cli(['replay', run, '--store', root, '--json'])));
    for (const end of ends) {
      expect(jsonOf(end)).toEqual({
        identical: true,
        events: recorded.length,
        head,
        recordedHead: head,
        divergence: null,
      });
      expect(end.code).toBe(0);
    }
  });

  it('is identical in another time zone, language and folder, with no program and no network to be had', async () => {
    const root = temporaryFolder();
    const run = copyRecordedRun('v1', root);
    const guard = path.join(root, 'no-world.cjs');
    fs.writeFileSync(guard, NO_WORLD);
    const end = await cli(['replay', run, '--store', root, '--json'], {
      cwd: path.parse(root).root,
      env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', PATH: '', HOME: '/nonexistent' },
      node: ['--require', guard],
    });
    expect(end.code, end.stderr).toBe(0);
    expect(jsonOf(end)).toMatchObject({ identical: true, head });
  });

  it('diverges after a recorded reply was tampered with, says where, and ends with exit code 1', async () => {
    const root = temporaryFolder();
    copyRecordedRun('v1', root);
    const victim = recorded.findIndex((event) => event.type === 'model.responded' && event.node === 'implement');
    writeRun(
      root,
      'forged',
      rechain(
        'forged',
        recorded.map((event, at) => (at === victim ? altered(event) : event)),
      ),
    );
    const end = await cli(['replay', 'forged', '--store', root, '--json']);
    expect(end.code).toBe(1);
    const { identical, divergence } = jsonOf<{ identical: boolean; divergence: { seq: number } }>(end);
    expect(identical).toBe(false);
    expect(Object.keys(divergence)).toEqual(['seq', 'path', 'recorded', 'replayed']);
    expect(recorded[divergence.seq]).toMatchObject({ type: 'tool.requested', node: 'implement' });
    const spoken = await cli(['replay', 'forged', '--store', root]);
    expect(spoken.stdout).toMatch(new RegExp(`^Diverged at event ${divergence.seq} in data\\.`));
  });
});
