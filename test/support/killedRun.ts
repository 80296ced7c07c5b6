/** Running test/support/runChild.ts, killing it, and looking at what it has left on the disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/core/events/schema';
import { segmentNumber } from '../../src/node/store/layout';

/** When a process is killed: once it has acknowledged so many events, or so many milliseconds after its first. */
export type Moment = { readonly acks: number } | { readonly ms: number };

/** What a process had said until it was gone. */
export type Said = {
  readonly killed: boolean;
  /** `SEQ HASH` of the events that it acknowledged. */
  readonly acks: readonly string[];
  /** What it did, each with the number of events that it had acknowledged by then. */
  readonly acts: readonly { readonly what: string; readonly acked: number }[];
  readonly ended: boolean;
};

/** Runs the program and kills it at that moment; null lets it come to its end. */
export async function killedAt(program: string, args: readonly string[], moment: Moment | null): Promise<Said> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const acks: string[] = [];
  const acts: Said['acts'][number][] = [];
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, ...rest] = line.split(' ');
    if (word === 'ack') acks.push(rest.join(' '));
    if (word === 'act') acts.push({ what: rest.join(' '), acked: acks.length });
    if (word === 'end') ended = true;
    if (moment === null) continue;
    if ('acks' in moment && acks.length >= moment.acks) kill();
    if ('ms' in moment) timer ??= setTimeout(kill, moment.ms);
  }
  const [code, signal] = await closed;
  clearTimeout(timer);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? signal}`);
  return { killed: signal === 'SIGKILL', acks, acts, ended };
}

/** The files of a run's journal, in order. */
export function segmentsOf(root: string, run: string): string[] {
  const folder = path.join(root, 'runs', run);
  if (!fs.existsSync(folder)) return [];
  const numbers = fs.readdirSync(folder).flatMap((name) => segmentNumber(name) ?? []);
  return numbers.sort((a, b) => a - b).map((n) => path.join(folder, n === 1 ? 'journal.jsonl' : `journal-${n}.jsonl`));
}

/** The bytes of a run's journal, over all of its files. */
export const bytesOf = (root: string, run: string): Buffer =>
  Buffer.concat(segmentsOf(root, run).map((file) => fs.readFileSync(file)));

/**
 * The whole events of a journal as they lie on the disk. Expects that nothing is holed: every file but the last ends with
 * a whole line, and the events count up from 0, each linked to the one before.
 */
export function wholeEvents(root: string, run: string): RunEvent[] {
  const files = segmentsOf(root, run);
  for (const file of files.slice(0, -1)) expect(fs.readFileSync(file).at(-1), `the end of ${file}`).toBe(10);
  const text = bytesOf(root, run).toString('utf8');
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  let prev = '0'.repeat(64);
  for (const [at, event] of events.entries()) {
    expect({ run: event.run, seq: event.seq, prev: event.prev }).toEqual({ run, seq: at, prev });
    prev = event.hash;
  }
  return events;
}

/** Expects that what was acknowledged is there. */
export function expectAcknowledged(events: readonly RunEvent[], { acks }: Said): void {
  const stored = new Map(events.map(({ seq, hash }) => [`${seq}`, hash]));
  for (const ack of acks) {
    const [seq = '', hash] = ack.split(' ');
    expect(stored.get(seq), `event ${seq}`).toBe(hash);
  }
}

const ANNOUNCING = ['policy.decided', 'approval.resolved', 'run.resumed'];

/** Expects that nothing was done before the event was acknowledged that says so. */
export function expectAnnounced(events: readonly RunEvent[], { acks, acts }: Said): void {
  for (const { what, acked } of acts) {
    const seq = Number(acks[acked - 1]?.split(' ')[0]);
    const type = events[seq]?.type ?? 'nothing';
    if (what === 'model') expect(type).toBe('model.requested');
    else expect(ANNOUNCING, `${what} after ${type}`).toContain(type);
  }
}
