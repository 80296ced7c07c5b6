/**
 * The external head: count and hash of every run, kept in the editor's own state, outside the folder that holds the record.
 * Only a head that was kept elsewhere shows that the end of a record was cut off or written anew.
 *
 * Invariant: a head is replaced only by one that was seen to follow from it. Where events are appended that do not follow
 * from the kept head (it was written a moment before a crash, or the record was changed meanwhile), both are kept, and a
 * verification looks for both; one that finds the record sound leaves the newest alone.
 */
import { z } from 'zod';
import type { RunEvent } from '../core/events/schema';
import type { ExternalHead, VerifyReport } from '../core/events/verify';
import { messageOf, OpenExecError } from '../core/kernel/errors';
import { type Sha256, sha256Schema } from '../core/kernel/hash';

/** What `vscode.Memento` is, as far as heads need it. */
export type Memory = {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
};

type Head = { readonly events: number; readonly hash: string };
type Kept = { readonly heads: readonly Head[]; readonly missed: boolean };

const keptSchema = z.strictObject({
  heads: z
    .array(z.strictObject({ events: z.int().positive(), hash: sha256Schema }))
    .min(1)
    .readonly(),
  /** The record was not there any more, and the person has been told. */
  missed: z.boolean(),
});

const FROM = 'kept by this editor';
const PREFIX = 'openexec.head:';
/** While a run goes on, its head is written this often at most: the whole state of the extension is written every time. */
const WAIT_MS = 1000;

/** What is worth an immediate write: after it, nothing may come for a long time. */
const HALTS: readonly RunEvent['type'][] = [
  'run.finished',
  'run.paused',
  'run.cancelled',
  'run.interrupted',
  'result.finished',
];

/** Throws `journal_corrupt` for a record that is not sound with the heads that are kept of it. */
export function refuseContradicted({ sound, findings }: VerifyReport): void {
  if (sound) return;
  const [first] = findings;
  const what = first === undefined ? '' : ` (event ${first.seq}: expected ${first.expected}, found ${first.found})`;
  throw new OpenExecError(
    'journal_corrupt',
    `The record of this run is not sound${what}. Verify it; nothing is built on it.`,
  );
}

export class KeptHeads {
  readonly #memory: Memory;
  readonly #hash: Sha256;
  readonly #log: (line: string) => void;
  /** What this window wrote or will write, by key. */
  readonly #own = new Map<string, Kept>();
  readonly #dirty = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(memory: Memory, hash: Sha256, log: (line: string) => void) {
    this.#memory = memory;
    this.#hash = hash;
    this.#log = log;
  }

  /** An event of a run of the store at `root` is durable. */
  note(root: string, event: RunEvent): void {
    const key = this.#key(root, event.run);
    const heads = this.#read(key)?.heads ?? [];
    const last = heads.at(-1);
    if (last !== undefined && last.events > event.seq) {
      this.#log(
        `The run ${event.run} goes on at event ${event.seq}, and ${last.events} are known: its end was cut off.`,
      );
    }
    const follows = last !== undefined && last.events === event.seq && last.hash === event.prev;
    const next = { events: event.seq + 1, hash: event.hash };
    this.#set(key, { heads: follows ? [...heads.slice(0, -1), next] : [...heads, next], missed: false });
    if (HALTS.includes(event.type)) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), WAIT_MS);
  }

  /** The heads that are kept of a run; none when this editor never saw it written. */
  of(root: string, runId: string): ExternalHead[] {
    const kept = this.#read(this.#key(root, runId));
    return (kept?.heads ?? []).map(({ events, hash }) => ({ events, hash, from: FROM }));
  }

  /** The record was found sound with every head that is kept of it: earlier ones are part of the newest. */
  async confirm(root: string, runId: string): Promise<void> {
    const key = this.#key(root, runId);
    const newest = this.#read(key)?.heads.at(-1);
    if (newest === undefined) return;
    this.#set(key, { heads: [newest], missed: false });
    await this.flush();
  }

  /** Keeps the head of a record that came from elsewhere, beside those that are known already. */
  async add(root: string, runId: string, head: Head): Promise<void> {
    const key = this.#key(root, runId);
    const known = (this.#read(key)?.heads ?? []).filter(({ hash }) => hash !== head.hash);
    this.#set(key, { heads: [...known, head], missed: false });
    await this.flush();
  }

  /**
   * The runs of a store whose head is kept and whose record is gone. `news` are those that no person has been told of yet;
   * they count as told from now on. `deleted` are those whose deletion is recorded, by another window or by whoever wrote
   * that file: a person is told, and only then are they forgotten.
   */
  async missing(
    root: string,
    present: ReadonlySet<string>,
    deletions: ReadonlyMap<string, string>,
  ): Promise<{
    readonly all: readonly string[];
    readonly news: readonly string[];
    readonly deleted: readonly string[];
  }> {
    const prefix = this.#key(root, '');
    const all: string[] = [];
    const news: string[] = [];
    const deleted: string[] = [];
    for (const key of this.#memory.keys().filter((candidate) => candidate.startsWith(prefix))) {
      const runId = key.slice(prefix.length);
      if (present.has(runId)) continue;
      if (deletions.has(runId)) {
        deleted.push(runId);
        await this.forget(root, runId);
        continue;
      }
      const kept = this.#read(key);
      all.push(runId);
      if (kept === null || kept.missed) continue;
      news.push(runId);
      this.#set(key, { ...kept, missed: true });
    }
    await this.flush();
    return { all, news, deleted };
  }

  /** A run was deleted on purpose. */
  async forget(root: string, runId: string): Promise<void> {
    const key = this.#key(root, runId);
    this.#own.delete(key);
    this.#dirty.delete(key);
    await this.#memory.update(key, undefined);
  }

  /** Writes what was not written yet; that it cannot be is for the log, and is tried again with the next event. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [key, kept] of this.#own) {
      // Another window writes the same state as a whole, and may have written it without this head.
      if (!this.#dirty.has(key) && this.#memory.get(key) !== undefined) continue;
      this.#dirty.delete(key);
      try {
        await this.#memory.update(key, kept);
      } catch (error) {
        this.#dirty.add(key);
        this.#log(`The head of a run could not be kept in the editor's state: ${messageOf(error)}`);
      }
    }
  }

  #set(key: string, kept: Kept): void {
    this.#own.set(key, kept);
    this.#dirty.add(key);
  }

  #read(key: string): Kept | null {
    const own = this.#own.get(key);
    if (own) return own;
    const raw = this.#memory.get(key);
    if (raw === undefined) return null;
    const parsed = keptSchema.safeParse(raw);
    if (parsed.success) return parsed.data;
    this.#log(`The head under ${key} cannot be read and is not used.`);
    return null;
  }

  #key(root: string, runId: string): string {
    return `${PREFIX}${this.#hash(root).slice(0, 16)}:${runId}`;
  }
}
