/**
 * Lock files: one writer a run, among processes and, over a shared folder, among machines.
 *
 * A lock is held as long as its process lives; on another machine or in another container, as long as its heartbeat (the
 * file's time of change) is fresh. A process is told from a later one with the same number by its start time, where the
 * system shows it.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, readlink, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import { diskFailure, errnoOf } from '../system/durable';

const HEARTBEAT_MS = 5_000;
/** Age of the last heartbeat above which the holder of a lock on another machine counts as gone. */
const STALE_MS = 30_000;

const holderSchema = z.strictObject({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When the process started, in the system's own terms; null where that cannot be found out. */
  start: z.string().nullable(),
  /** Since when the machine runs, and among which processes the number counts; null where that cannot be found out. */
  space: z.string().nullable().default(null),
  nonce: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

export interface Lock {
  /** Gives the lock back; a lock that was taken over in the meantime is left alone. */
  release(): Promise<void>;
}

/** Takes a lock, or answers null when somebody holds it. Takes over a stale one. Throws `disk_failure`. */
export async function tryLock(file: string): Promise<Lock | null> {
  const [start, space] = await Promise.all([startOf(process.pid), spaceOf()]);
  const own: Holder = { pid: process.pid, host: hostname(), start, space, nonce: randomUUID() };
  for (let round = 0; round < 3; round += 1) {
    if (await create(file, own)) return hold(file, own);
    const found = await look(file);
    if (found === null) continue;
    if (found.held) return null;
    await removeStale(file, found.text);
  }
  return null;
}

/** Takes the lock of a run. Throws `run_locked` when another writer holds it. */
export async function lockRun(file: string, run: string): Promise<Lock> {
  const lock = await tryLock(file);
  if (lock !== null) return lock;
  const holder = (await look(file))?.holder;
  const who = holder === undefined || holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  throw new OpenExecError(
    'run_locked',
    `run ${run} is being written by ${who}; wait for it to end, or look at it read-only`,
  );
}

/** True when somebody who is alive holds the lock. */
export async function isLocked(file: string): Promise<boolean> {
  return (await look(file))?.held ?? false;
}

async function create(file: string, own: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(JSON.stringify(own));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw diskFailure('the lock', file, error);
  }
}

function hold(file: string, own: Holder): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      const found = await look(file);
      if (found?.holder?.nonce === own.nonce) await rm(file, { force: true });
    },
  };
}

type Found = { readonly text: string; readonly holder: Holder | null; readonly held: boolean };

/** What the lock file says; null when there is none. */
async function look(file: string): Promise<Found | null> {
  try {
    const text = await readFile(file, 'utf8');
    const age = Date.now() - (await stat(file)).mtimeMs;
    const holder = parseHolder(text);
    return { text, holder, held: await isHeld(holder, age) };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function isHeld(holder: Holder | null, age: number): Promise<boolean> {
  // An unreadable lock is one that is being written just now, or was torn by a crash: its age tells which.
  if (holder === null || holder.host !== hostname()) return age < STALE_MS;
  // The number says nothing in another container of the same name, nor after the machine was started anew.
  if (holder.space !== (await spaceOf())) return age < STALE_MS;
  if (!isAlive(holder.pid)) return false;
  const start = await startOf(holder.pid);
  if (start !== null && holder.start !== null) return start === holder.start;
  return holder.pid !== process.pid || age < STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** Linux's id of this start of the machine, and its name for the process numbers that are seen here; null elsewhere. */
async function spaceOf(): Promise<string | null> {
  try {
    const [boot, numbers] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
    ]);
    return `${boot.trim()} ${numbers}`;
  } catch {
    return null;
  }
}

/** Field 22 of Linux's /proc/PID/stat, counted after the command's name in parentheses; null elsewhere. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/**
 * Removes a lock that was judged stale. Only one process at a time may, under a guard of its own, and it looks once
 * more: a fresh lock that somebody took in between is left alone. Nobody else ever removes another's lock.
 */
async function removeStale(file: string, judged: string): Promise<void> {
  const guard = `${file}.takeover`;
  try {
    await (await open(guard, 'wx')).close();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw diskFailure('the lock', guard, error);
    await removeAbandoned(guard);
    return;
  }
  try {
    const found = await look(file);
    if (found !== null && !found.held && found.text === judged) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** A guard is held for an instant; one that is older was left behind by a crash. */
async function removeAbandoned(guard: string): Promise<void> {
  const since = await stat(guard).catch(() => null);
  if (since !== null && Date.now() - since.mtimeMs > STALE_MS) await rm(guard, { force: true });
}
