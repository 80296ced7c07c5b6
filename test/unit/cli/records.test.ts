/** `runs`, `show` and `verify` on a recorded run: what they print, and what tampering they find. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { cli, journalFileOf, jsonOf, temporaryFolder } from '../../support/cli';
import { copyRecordedRun, recordedEvents } from '../../support/goldenStore';

const recorded = recordedEvents('v1');
const head = recorded.at(-1)?.hash;

function recordedStore(): { root: string; run: string } {
  const root = temporaryFolder();
  return { root, run: copyRecordedRun('v1', root) };
}

describe('runs', () => {
  it('lists what the contract names, and an empty store as an empty list', async () => {
    const { root } = recordedStore();
    const listed = await cli(['runs', '--store', root, '--json']);
    expect(listed.code).toBe(0);
    const [row] = jsonOf<Record<string, unknown>[]>(listed);
    expect(Object.keys(row ?? {})).toEqual([
      'runId',
      'status',
      'task',
      'blueprint',
      'model',
      'startedAt',
      'endedAt',
      'events',
      'head',
    ]);
    expect(row).toMatchObject({
      status: 'succeeded',
      blueprint: 'quick_fix',
      model: 'recorded:sample',
      events: recorded.length,
      head,
      startedAt: recorded[0]?.at,
      endedAt: recorded.at(-1)?.at,
    });
    const empty = temporaryFolder();
    fs.mkdirSync(path.join(empty, 'runs'));
    expect(jsonOf(await cli(['runs', '--store', empty, '--json']))).toEqual([]);
    expect((await cli(['runs', '--store', empty])).stdout).toBe('No runs yet.\n');
  });
});

describe('show', () => {
  it('prints the events as they are stored, all or those of a range or a type', async () => {
    const { root, run } = recordedStore();
    const show = async (...more: string[]) =>
      jsonOf<RunEvent[]>(await cli(['show', run, '--store', root, '--json', ...more]));
    expect(await show()).toEqual(recorded);
    expect(await show('--from', '3', '--to', '5')).toEqual(recorded.slice(3, 6));
    expect(await show('--from', '100000')).toEqual([]);
    const replies = recorded.filter((event) => event.type === 'model.responded');
    expect(await show('--type', 'model.responded')).toEqual(replies);
    expect(await show('--type', 'model.responded', '--to', String(replies[0]?.seq))).toEqual(replies.slice(0, 1));
  });

  it('prints one line an event for people, and how the run stands', async () => {
    const { root, run } = recordedStore();
    const { stdout } = await cli(['show', run, '--store', root]);
    const [events = '', summary] = stdout.trimEnd().split('\n\n');
    expect(events.split('\n')).toHaveLength(recorded.length);
    expect(summary).toBe(`Run ${run}: succeeded, 1 denied`);
    expect(stdout).toMatch(/policy\.decided +Denied read_file config\/production\.env — secrets-never-read/);
  });
});

type Report = {
  ok: boolean;
  events: number;
  blobs: number;
  head: string;
  firstBad: null | { seq: number; problem: string };
};

describe('verify', () => {
  const verify = async (root: string, run: string, ...more: string[]): Promise<Report & { code: number | null }> => {
    const end = await cli(['verify', run, '--store', root, '--json', ...more]);
    return { ...jsonOf<Report>(end), code: end.code };
  };

  it('says that an untouched run is sound, and what it could not check', async () => {
    const { root, run } = recordedStore();
    const blobs = fs.readdirSync(path.join(root, 'blobs')).length;
    const { code, ...report } = await verify(root, run);
    expect(code).toBe(0);
    const notChecked = [
      expect.stringMatching(/no external head was given/),
      expect.stringMatching(/signatures come with/),
    ];
    const sound = { ok: true, events: recorded.length, blobs, head, firstBad: null, findings: [], notChecked };
    expect(report).toEqual(sound);
  });

  it('is content with the head that was kept elsewhere, and finds that a sound chain was cut short of it', async () => {
    const { root, run } = recordedStore();
    expect(await verify(root, run, '--head', String(head))).toMatchObject({
      code: 0,
      ok: true,
      notChecked: [expect.stringMatching(/signatures come with/)],
    });
    const lines = fs.readFileSync(journalFileOf(root), 'utf8').trimEnd().split('\n');
    fs.writeFileSync(journalFileOf(root), `${lines.slice(0, -1).join('\n')}\n`);
    expect(await verify(root, run)).toMatchObject({ code: 0, ok: true, events: recorded.length - 1 });
    const cut = await verify(root, run, '--head', String(head));
    expect(cut).toMatchObject({ code: 1, ok: false, firstBad: { seq: recorded.length - 1 } });
    expect(cut.firstBad?.problem).toMatch(/its end was cut or rewritten/);
  });

  it('finds one tampered byte, at its event', async () => {
    const { root, run } = recordedStore();
    const text = fs.readFileSync(journalFileOf(root), 'utf8');
    const lines = text.split('\n');
    const at = recorded.findIndex((event) => event.type === 'policy.decided' && event.data.decision === 'deny');
    lines[at] = (lines[at] ?? '').replace('"decision":"deny"', '"decision":"dany"');
    fs.writeFileSync(journalFileOf(root), lines.join('\n'));
    expect(await verify(root, run)).toMatchObject({ code: 1, ok: false, firstBad: { seq: at } });
    lines[at] = text.split('\n')[at]?.replace('secrets-never-read', 'secrets-never-reax') ?? '';
    fs.writeFileSync(journalFileOf(root), lines.join('\n'));
    const { firstBad } = await verify(root, run);
    expect(firstBad).toEqual({ seq: at, problem: expect.stringMatching(/hash/) });
  });

  it('finds a line that was taken out, where it is missing', async () => {
    const { root, run } = recordedStore();
    const lines = fs.readFileSync(journalFileOf(root), 'utf8').split('\n');
    fs.writeFileSync(journalFileOf(root), [...lines.slice(0, 40), ...lines.slice(41)].join('\n'));
    expect(await verify(root, run)).toMatchObject({ code: 1, ok: false, firstBad: { seq: 40 } });
  });

  it('finds a blob that is gone and one that was altered, at the first event that needs it', async () => {
    const { root, run } = recordedStore();
    const at = recorded.findIndex(
      (event) => event.type === 'artifact.created' && typeof event.data.content !== 'string',
    );
    const event = recorded[at] as RunEvent<'artifact.created'>;
    const address = typeof event.data.content === 'string' ? '' : event.data.content.blob;
    const file = path.join(root, 'blobs', address.slice(0, 2), address);
    const bytes = fs.readFileSync(file);
    fs.rmSync(file);
    expect(await verify(root, run)).toMatchObject({ code: 1, ok: false, firstBad: { seq: at } });
    fs.writeFileSync(
      file,
      bytes.map((byte, place) => (place === 20 ? byte ^ 1 : byte)),
    );
    const { code, firstBad } = await verify(root, run);
    expect([code, firstBad?.seq]).toEqual([1, at]);
    const replayed = await cli(['replay', run, '--store', root, '--json']);
    expect([replayed.code, replayed.stdout]).toEqual([1, '']);
    expect(replayed.stderr).toContain(address);
  });

  it('says in words what is wrong and what was not looked at', async () => {
    const { root, run } = recordedStore();
    fs.appendFileSync(journalFileOf(root), 'not an event\n');
    const { code, stdout } = await cli(['verify', run, '--store', root]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^NOT SOUND: .*\nevent ${recorded.length}: not_an_event: expected .*\nNOT CHECKED: no external head`),
    );
  });
});
