/**
 * Where events begin in journals, every 256th, so that reading from a late event on need not parse what comes before it.
 * In memory only, and bounded: a few runs, eight bytes for each 256 events.
 */
import { storedLines } from './journal';

const EVERY = 256;
const RUNS = 32;

/** Where a reader starts: byte `offset`, at which event `seq` begins. */
export type ReadFrom = { readonly offset: number; readonly seq: number };

export interface Offsets {
  /** Where event `seq` begins, or where the journal ends if it has no such event. Throws `run_unknown`. */
  find(root: string, run: string, seq: number): Promise<ReadFrom>;
  /** Event `seq` begins at `offset`. */
  note(root: string, run: string, seq: number, offset: number): void;
  /** The run's journal is another one now. */
  forget(root: string, run: string): void;
}

export function journalOffsets(): Offsets {
  /** For each run, the offset of event 256 × the place in the list; the run that was used last comes last. */
  const tables = new Map<string, number[]>();

  const tableOf = (root: string, run: string): number[] => {
    const key = `${root}\0${run}`;
    const table = tables.get(key) ?? [0];
    tables.delete(key);
    tables.set(key, table);
    const [oldest] = tables.keys();
    if (tables.size > RUNS && oldest !== undefined) tables.delete(oldest);
    return table;
  };
  const note = (table: number[], seq: number, offset: number): void => {
    if (seq % EVERY === 0 && seq / EVERY === table.length) table.push(offset);
  };

  return {
    async find(root, run, wanted) {
      const table = tableOf(root, run);
      const place = Math.min(Math.floor(wanted / EVERY), table.length - 1);
      let seq = place * EVERY;
      let offset = table[place] ?? 0;
      if (seq === wanted) return { offset, seq };
      for await (const line of storedLines(root, run, offset)) {
        if (!line.complete) break;
        seq += 1;
        offset = line.end;
        note(table, seq, offset);
        if (seq === wanted) break;
      }
      return { offset, seq };
    },
    note: (root, run, seq, offset) => {
      if (seq % EVERY === 0) note(tableOf(root, run), seq, offset);
    },
    forget: (root, run) => void tables.delete(`${root}\0${run}`),
  };
}
