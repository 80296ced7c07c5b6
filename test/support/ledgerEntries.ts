/** What left in made-up runs, for tests of the ledger. */
import { foldLedger } from '../../src/core/events/ledger';
import type { EgressPart } from '../../src/core/events/parts';
import type { EventBody } from '../../src/core/events/schema';
import type { LedgerEntry } from '../../src/protocol/ledger';
import { chain, origin } from './eventChain';

const HASH = '0'.repeat(64);

/** A part of what is sent. */
export const part = (source: string, bytes: number, more: Partial<EgressPart> = {}): EgressPart => ({
  source,
  bytes,
  sha256: HASH,
  redactions: {},
  ...more,
});

/** A request with these parts, and with so many bytes carried again. */
export function sent(
  parts: readonly EgressPart[],
  carried = 0,
  destination = 'api.example.org',
): EventBody<'egress.sent'> {
  const fresh = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const to = { provider: 'openai', model: 'small', destination };
  return {
    type: 'egress.sent',
    data: {
      ...to,
      parts: [...parts],
      carried: { parts: carried === 0 ? 0 : 1, bytes: carried },
      bytes: fresh + carried,
    },
  };
}

/** The beginning of a run of an engine. */
export function begun(engine = 4, local = false): EventBody<'run.started'> {
  const { data } = origin();
  const model = { ...data.model, local };
  return { type: 'run.started', data: { ...data, model, flags: { ...data.flags, engine } } };
}

/** The ledger of a run of these events. */
export function ledgerOf(...bodies: EventBody[]): LedgerEntry['ledger'] {
  const fold = foldLedger();
  for (const event of chain('run-1', bodies)) fold.add(event);
  return fold.result();
}

/** A run in a ledger. */
export const entry = (runId: string, ledger: LedgerEntry['ledger'], more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  runId,
  task: 'Mend the discount',
  blueprint: 'quick_fix',
  startedAt: '2026-11-22T10:00:00.000Z',
  imported: false,
  ledger,
  problem: null,
  ...more,
});
