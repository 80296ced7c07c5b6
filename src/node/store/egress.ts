/** What left this machine in a run, read from its journal. Only the lines that tell of it are parsed; they are few. */
import { foldLedger, LEDGER_EVENTS, type RunLedger } from '../../core/events/ledger';
import { parseEvent } from '../../core/events/parseEvent';
import { messageOf } from '../../core/kernel/errors';
import { storedBatches } from './journal';

/** As lines are stored; inside of a string the quotes would be escaped. */
const MARKS = LEDGER_EVENTS.map((type) => Buffer.from(`"type":"${type}"`));

export type RunEgress = { readonly ledger: RunLedger; readonly problem: string | null };

/** Never rejects: of a journal that cannot be read to its end, `problem` says why, and the ledger is of what stands before. */
export async function readEgress(root: string, run: string): Promise<RunEgress> {
  const fold = foldLedger();
  try {
    for await (const lines of storedBatches(root, run)) {
      for (const { bytes, complete } of lines) {
        if (!complete || !MARKS.some((mark) => bytes.includes(mark))) continue;
        const parsed = parseEvent(JSON.parse(bytes.toString('utf8')));
        if (!parsed.success) throw parsed.error;
        fold.add(parsed.data);
      }
    }
  } catch (error) {
    return { ledger: fold.result(), problem: messageOf(error) };
  }
  return { ledger: fold.result(), problem: null };
}
