/**
 * Golden journals: a run that each version of the engine recorded is kept and replays for ever after. A version that is
 * kept is pinned here by the hash of its journal, so that nobody makes a replay pass by recording the run anew.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayRun } from '../../src/node/runs/replayRun';
import { sha256 } from '../../src/node/system/sha256';
import { copyRecordedRun, RECORDED, recordedEvents } from '../support/goldenStore';
import { type StoreBench, storeBench } from '../support/storeWorker';

const PINNED: Readonly<Record<string, string>> = {
  v1: 'eacd6f4ad081f939b1deb68388051bdb766e0773795db9dcec0641eaab9f45a7',
  v2: 'b62fcb7fd66b4d1e5cb0ea2899b058c72a61c23291f5bcb7f3f5c560bde70d92',
  v3: '04dc5d127f850b824caed68a23be2599eea9245a63bd085fb94e57fc2e230a58',
  v4: '8e019c3fc9ca6d753dd71a034b895e57b4355d45d92ad2151de4d0544ae707de',
  v5: '77188b5c717dedf27ab76e1cbd8ff5185b5333deb1c8a8701a186ce53da83582',
};

describe('the golden journals', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await storeBench();
  });
  afterAll(() => bench.dispose());

  it('are those that are pinned, none more and none less', () => {
    const folders = fs.readdirSync(RECORDED, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(PINNED).sort());
  });

  it.each(Object.entries(PINNED))(
    '%s: unchanged, sound and replayed into the same events',
    async (version, journal) => {
      expect(sha256(fs.readFileSync(path.join(RECORDED, version, 'journal.jsonl')))).toBe(journal);
      const root = bench.root();
      const run = copyRecordedRun(version, root);
      const events = recordedEvents(version);
      const head = { events: events.length, hash: events.at(-1)?.hash ?? '' };
      const { store } = await bench.open({ root });
      const report = await store.verify(run, { heads: [{ ...head, from: 'the test' }] });
      expect(report).toMatchObject({ sound: true, findings: [], events: head.events });
      const verdict = await replayRun(store, run);
      expect(verdict).toMatchObject({ identical: true, divergence: null, head, recordedHead: head, ended: true });
    },
  );
});
