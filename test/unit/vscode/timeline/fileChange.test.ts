/** What a recorded change did to its file, on a real store with a recorded run. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileVersion } from '../../../../src/core/events/parts';
import type { RunEvent } from '../../../../src/core/events/schema';
import { textByHash } from '../../../../src/node/runs/textByHash';
import { sha256 } from '../../../../src/node/system/sha256';
import { MAX_CHANGE_LINE, MAX_CHANGE_LINES } from '../../../../src/protocol/approval';
import { parseHostMessage } from '../../../../src/protocol/messages';
import { fileChange } from '../../../../src/vscode/timeline/fileChange';
import { copyRecordedRun, recordedEvents } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
let root: string;
beforeAll(async () => {
  bench = await storeBench();
});
beforeEach(() => {
  root = bench.root();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

/** What is told of the event of a run; it always fits the message that it travels in. */
async function told(seq: number, runs: Parameters<typeof fileChange>[1]) {
  const found = await fileChange({ runId: 'run', seq }, runs);
  const message = { type: 'change', runId: 'run', seq, ...found };
  expect(parseHostMessage(message)).toEqual({ ok: true, value: message });
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(1_000_000);
  if (found.change !== null && found.change.kind !== 'file') throw new Error('no change of a file');
  return { problem: found.problem, ...found.change };
}

/** A change of `a.txt` between two texts; null for no file. */
function between(before: string | null, after: string | null, kept = true) {
  const version = (text: string | null): FileVersion | null =>
    text === null ? null : { sha256: sha256(text), bytes: Buffer.byteLength(text), kept };
  const data = { call: 'c', path: 'a.txt', before: version(before), after: version(after), how: 'write_file' };
  const texts = new Map([before, after].map((text) => [sha256(text ?? ''), text ?? undefined]));
  return told(3, {
    event: async () => ({ type: 'file.changed', data }) as RunEvent<'file.changed'>,
    textByHash: async (_run, hash) => texts.get(hash),
  });
}

describe('a recorded change of a file', () => {
  it('is told line by line out of the contents that the run kept', async () => {
    const run = copyRecordedRun('v5', root);
    const { store } = await bench.open({ root });
    const events = recordedEvents('v5');
    const seq = events.findIndex(({ type }) => type === 'file.changed');
    const found = await told(seq, {
      event: async () => events[seq] as RunEvent,
      textByHash: (_run, hash) => textByHash(store, run, hash),
    });
    expect(found).toMatchObject({ problem: '', path: 'src/allocate.js', moreLines: 0 });
    expect(found.what).toMatch(/^Changed the content: \d+ lines? added, \d+ lines? removed$/);
    expect(found.lines?.filter(({ kind }) => kind === 'plus').length).toBeGreaterThan(0);
  });

  it('is a file that came, that went, or that is as it was', async () => {
    expect(await between(null, 'one\ntwo\n')).toMatchObject({ what: 'Created the file with 2 lines' });
    expect(await between('one\n', null)).toMatchObject({ what: 'Deleted the file with 1 line' });
    expect(await between('one\n', 'one\n')).toMatchObject({ what: 'Wrote what was there already', lines: [] });
  });

  it('says of which side the content cannot be shown, and why', async () => {
    expect(await between('A=1\n', 'A=2\n', false)).toEqual({
      problem: 'the content before the change is not kept, because it holds what looks like a secret or is protected',
    });
    const gone = await fileChange(
      { runId: 'run', seq: 3 },
      {
        event: async () =>
          ({
            type: 'file.changed',
            data: { path: 'a', before: null, after: { sha256: 'x', bytes: 1, kept: true } },
          }) as never,
        textByHash: async () => undefined,
      },
    );
    expect(gone.problem).toBe('the content after the change is no text, or its bytes are gone');
  });

  it('does not compare what is very large', async () => {
    const { problem } = await between('', 'x'.repeat(5 * 1024 * 1024));
    expect(problem).toBe('the content after the change is too large to be compared here (5 MB)');
  });

  it('never makes a message of a megabyte, and says how many lines are left out', async () => {
    const control = '\u0001'.repeat(MAX_CHANGE_LINE);
    const lines = Array.from({ length: 1000 }, (_, at) => `${at}${control}`);
    const found = await between(null, `${lines.join('\n')}\n`);
    expect(found.lines?.length).toBeGreaterThan(10);
    expect((found.lines?.length ?? 0) + (found.moreLines ?? 0)).toBe(1000);
    const plain = await between(null, `${Array.from({ length: 1000 }, (_, at) => `line ${at}`).join('\n')}\n`);
    expect(plain).toMatchObject({ moreLines: 1000 - MAX_CHANGE_LINES });
  });

  it('is told of nothing else, and of no event that cannot be read', async () => {
    const event = async () => ({ type: 'run.cancelled', data: { by: 'user' } }) as never;
    const textByHash = async () => undefined;
    expect(await told(3, { event, textByHash })).toEqual({ problem: 'event 3 is no change of a file' });
    const broken = { event: () => Promise.reject(new Error('the journal is damaged')), textByHash };
    expect(await told(3, broken)).toEqual({ problem: 'the journal is damaged' });
  });
});
