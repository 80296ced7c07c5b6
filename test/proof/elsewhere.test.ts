/**
 * Replay in other places and at other times: clock, time zone, language, environment, folder and the order in which
 * folders are listed make no difference to a single hash.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayVerdict } from '../../src/core/replay/exact';
import { runSession } from '../../src/core/run/session';
import { copyRecordedRun, recordedEvents } from '../support/goldenStore';
import { random, SEED } from '../support/random';
import { type StoreBench, storeBench } from '../support/storeWorker';
import { longStory } from '../support/stories';
import { beginning, worldOf } from '../support/world';

/** Loaded before anything else: the clock stands so many years off, dice always fall alike, folders list backwards. */
const OTHER_WORLD = `
const years = Number(process.env.PROOF_YEARS);
const RealDate = Date;
const shift = years * 365.25 * 24 * 3600 * 1000;
globalThis.Date = class extends RealDate {
  constructor(...args) { if (args.length === 0) super(RealDate.now() + shift); else super(...args); }
  static now() { return RealDate.now() + shift; }
};
Math.random = () => 0.25;
const fs = require('node:fs');
const backwards = (names) => [...names].sort().reverse();
const { readdir, readdirSync } = fs;
const promised = fs.promises.readdir;
fs.promises.readdir = async (...args) => backwards(await promised.apply(fs.promises, args));
fs.readdirSync = (...args) => backwards(readdirSync.apply(fs, args));
fs.readdir = (...args) => {
  const done = args.pop();
  readdir.call(fs, ...args, (error, names) => done(error, names && backwards(names)));
};
`;

type Elsewhere = { readonly env: Readonly<Record<string, string>>; readonly cwd: string };

const PLACES: readonly (readonly [name: string, Elsewhere])[] = [
  ['ten years later on the other side of the date line', place('Pacific/Kiritimati', 'tr_TR.UTF-8', '10', '/')],
  ['fifty years earlier, in a language that sorts otherwise', place('America/St_Johns', 'lt_LT.UTF-8', '-50', '/usr')],
  ['after the year 9999, where dates are longer', place('Asia/Kathmandu', 'ar_EG.UTF-8', '8000', '/etc')],
];

function place(TZ: string, language: string, years: string, cwd: string): Elsewhere {
  const env = { TZ, LANG: language, LC_ALL: language, HOME: '/nonexistent', PATH: '', USER: 'nobody', CI: '1' };
  return { env: { ...env, PROOF_YEARS: years, OPENEXEC_MODEL: 'other', NODE_ENV: 'production' }, cwd };
}

type Told = {
  readonly verdicts: readonly ReplayVerdict[];
  readonly world: {
    year: number;
    offset: number;
    random: number;
    names: string[];
    folder: string;
    home: string | null;
  };
};

describe('a replay elsewhere', () => {
  let bench: StoreBench;
  let root: string;
  let program: string;
  let heads: { events: number; hash: string }[];
  let told: Told[];
  const runs: string[] = [];

  beforeAll(async () => {
    bench = await storeBench();
    program = await bench.program('replayChild');
    root = bench.root();
    runs.push(copyRecordedRun('v1', root), 'scripted');
    const { store } = await bench.open({ root });
    const writer = await store.create('scripted');
    const story = longStory(random(SEED));
    const ports = worldOf(story).ports(writer, store.blobs);
    const scripted = await runSession('scripted', beginning(story), ports, new AbortController().signal);
    await writer.close();
    await bench.closeAll();
    const golden = recordedEvents('v1');
    heads = [{ events: golden.length, hash: golden.at(-1)?.hash ?? '' }, scripted.head];
    told = [];
    for (const [, elsewhere] of PLACES) told.push(await replayThere(elsewhere));
  });
  afterAll(() => bench.dispose());

  /** Replays in a process of its own, on a copy of the store in a folder of another name. */
  async function replayThere({ env, cwd }: Elsewhere): Promise<Told> {
    const copy = fs.mkdtempSync(path.join(bench.folder, 'ü b-'));
    fs.cpSync(root, copy, { recursive: true });
    const preload = path.join(copy, 'other-world.cjs');
    fs.writeFileSync(preload, OTHER_WORLD);
    const args = ['--require', preload, program, bench.workerPath, copy, ...runs];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: { ...env } });
    return JSON.parse(stdout) as Told;
  }

  it.each(PLACES)('gives the same events, hash for hash: %s', (name, elsewhere) => {
    const { verdicts, world } = told[PLACES.findIndex(([other]) => other === name)] as Told;
    expect(verdicts).toMatchObject(
      heads.map((head) => ({ identical: true, divergence: null, head, recordedHead: head })),
    );
    // The other world is worth something only when it is one.
    const years = Number(elsewhere.env.PROOF_YEARS);
    expect(Math.abs(world.year - new Date().getFullYear() - years)).toBeLessThanOrEqual(1);
    expect(world).toMatchObject({ random: 0.25, folder: elsewhere.cwd, home: '/nonexistent' });
    expect(world.names).toEqual([...world.names].sort().reverse());
  });

  it('stands in another time zone in each of them', () => {
    expect(new Set(told.map(({ world }) => world.offset)).size).toBe(PLACES.length);
  });
});
