/** Runs that are broken off: by Ctrl-C, by a kill, by a full disk. Nothing that was recorded is lost. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  blueprint,
  cli,
  defaultStore,
  journalOf,
  jsonOf,
  only,
  onlyRunOf,
  project,
  sampleFolder,
  startCli,
  temporaryFolder,
} from '../../support/cli';
import { withoutConfinement } from '../../support/confinement';
import { makeGate } from '../../support/gate';

const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }) };
const run = (folder: string, ...more: string[]): string[] => [
  'run',
  ...['--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json'],
  ...more,
];

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('a run that is broken off', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s is cancelled: recorded, exit code 1, no process left',
    async (signal) => {
      const gate = makeGate();
      const folder = sampleFolder({ ...MINE, ...gate.files });
      const { child, end } = startCli(run(folder));
      const pid = await gate.reached(end);
      child.kill(signal);
      const ended = await end;
      expect([ended.code, ended.signal, jsonOf(ended).status]).toEqual([1, null, 'cancelled']);
      expect(isAlive(pid)).toBe(false);
      const events = journalOf(defaultStore(folder));
      expect(events.map((event) => event.type).slice(-2)).toEqual(['tool.finished', 'run.cancelled']);
      expect(events.at(-2)?.data).toMatchObject({ outcome: 'cancelled' });
      const { runId } = jsonOf<{ runId: string }>(ended);
      const replayed = await cli(['replay', runId, '--workspace', folder, '--json']);
      expect(jsonOf(replayed)).toMatchObject({ identical: true, events: events.length });
    },
  );

  it('by SIGKILL is shown as interrupted, with the call in doubt; what was recorded is there and sound, and the next run works', async () => {
    const gate = makeGate();
    const folder = sampleFolder({ ...MINE, ...gate.files });
    const { child, end } = startCli(run(folder));
    const pid = await gate.reached(end);
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');
    const store = defaultStore(folder);
    const left = journalOf(store);
    expect(left.at(-1)).toMatchObject({ type: 'policy.decided', data: { decision: 'allow' } });
    const runId = onlyRunOf(store);
    const rows = jsonOf<Record<string, unknown>[]>(await cli(['runs', '--workspace', folder, '--json']));
    expect(rows).toMatchObject([{ runId, status: 'interrupted', events: left.length + 1 }]);
    expect(journalOf(store).slice(0, -1)).toEqual(left);
    expect(journalOf(store).at(-1)).toMatchObject({ type: 'run.interrupted', data: { inDoubt: 'test.1' } });
    const verified = await cli(['verify', runId, '--workspace', folder, '--json']);
    expect(jsonOf(verified)).toMatchObject({ ok: true, events: left.length + 1 });
    // The command had a process group of its own and could not be taken along; it ends by itself.
    gate.open();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
    const again = await cli(run(folder));
    expect([again.code, jsonOf(again).status]).toEqual([0, 'succeeded']);
    expect(journalOf(store, runId).slice(0, left.length)).toEqual(left);
  });
});

/** A store with one folder on a disk of its own of two megabytes; null where none can be mounted. */
function storeWithSmall(name: 'runs' | 'blobs'): string | null {
  const store = temporaryFolder();
  const folder = path.join(store, name);
  fs.mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
  return store;
}

/** A command that fills that disk to the last byte, says something of this length, and fails. */
const FILL = (name: string, length: number): string => `import crypto from 'node:crypto';
import fs from 'node:fs';
const file = fs.openSync('../../${name}/filler', 'a');
for (let size = 65536; size >= 1; ) {
  try {
    fs.writeSync(file, Buffer.alloc(size));
  } catch {
    size = Math.floor(size / 2);
  }
}
console.log(crypto.randomBytes(${length} / 2).toString('hex'));
process.exitCode = 1;
`;

describe('a disk that fills up during a run', () => {
  it.for([
    ['the journal', 'runs', 7800],
    ['a blob', 'blobs', 60_000],
  ] as const)(
    'at %s ends it with one clear line; what was recorded before is there and sound',
    async ([_what, name, length], { skip }) => {
      const store = storeWithSmall(name);
      if (store === null) return skip('a small disk can be mounted by root on Linux only');
      withoutConfinement();
      const folder = sampleFolder({
        // Repeated, because a database that is given up for want of space gives some back.
        '.openexec/blueprints/mine.yaml': blueprint('mine', { test: { ...only('run_tests'), retry: 5 } }),
        '.openexec/project.yaml': project({ test: 'node tools/fill.mjs' }),
        'tools/fill.mjs': FILL(name, length),
      });
      const end = await cli(run(folder, '--store', store));
      expect(end.code).toBe(1);
      // Where its end can still be recorded there is a result to print; where not, there is none.
      expect(end.stdout === '' ? 'none' : jsonOf<{ status: string }>(end).status).toBe(
        name === 'runs' ? 'none' : 'interrupted',
      );
      const where = name === 'runs' ? /journal\.jsonl: the disk is full/ : /blobs\/.*: the disk is full/;
      const last = end.stderr
        .trimEnd()
        .split('\n')
        .findLast((line) => /^openexec: (?!the run)/.test(line));
      expect(last).toMatch(where);
      expect(last).toMatch(/^openexec: .*; free some space and try again \(ENOSPC\)$/);
      fs.rmSync(path.join(store, name, 'filler'));
      const left = journalOf(store);
      expect(left.some((event) => event.type === 'policy.decided')).toBe(true);
      const verified = await cli(['verify', onlyRunOf(store), '--store', store, '--json']);
      expect(jsonOf(verified)).toMatchObject({ ok: true, events: left.length });
      const rows = jsonOf(await cli(['runs', '--store', store, '--json']));
      expect(rows).toMatchObject([{ runId: onlyRunOf(store), status: 'interrupted' }]);
      expect(journalOf(store).slice(0, left.length)).toEqual(left);
    },
  );
});
