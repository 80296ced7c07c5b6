/**
 * What the store says to its worker thread and what the worker answers. Parsed on both sides. Errors are values.
 */
import { z } from 'zod';
import { runLedgerSchema } from '../../../core/events/ledger';
import { runSummarySchema } from '../../../core/events/summary';
import { denialSchema } from '../denials';

/** A row of the index: a run's summary, and how long the journal was that it was folded from. */
export const indexRowSchema = z.strictObject({
  summary: runSummarySchema,
  journalBytes: z.number().int().nonnegative(),
});
export type IndexRow = z.infer<typeof indexRowSchema>;

const run = z.string().min(1);
const root = z.string().min(1);

const requestSchema = z.discriminatedUnion('kind', [
  /**
   * Brings a run's database up to its journal and writes it to its file, if that changed anything. `fresh` builds it anew,
   * whatever is there; `keep` holds it in memory for the next time.
   */
  z.strictObject({ kind: z.literal('database'), root, run, fresh: z.boolean(), keep: z.boolean() }),
  /** Folds a run's journal, after `row` if that is given. */
  z.strictObject({ kind: z.literal('fold'), root, run, row: indexRowSchema.nullable() }),
  /** What left for models in a run. */
  z.strictObject({ kind: z.literal('egress'), root, run }),
  /** The blobs that a run refers to and no other run of the root does. */
  z.strictObject({ kind: z.literal('blobs'), root, run }),
  /** With `migrate`, an index of an older schema is written back in the newest. */
  z.strictObject({ kind: z.literal('readIndex'), root, migrate: z.boolean() }),
  /**
   * Takes the runs in `removed` out of the index file, merges rows and denials into it, and puts the deletions of the root
   * into it; with `replace`, the file's own rows are not looked at.
   */
  z.strictObject({
    kind: z.literal('writeIndex'),
    root,
    rows: z.array(indexRowSchema),
    denials: z.array(denialSchema),
    removed: z.array(run),
    replace: z.boolean(),
  }),
]);
export type WorkerRequest = z.infer<typeof requestSchema>;

export const requestEnvelope = z.strictObject({ id: z.number().int(), request: requestSchema });

/** How a run's database was found. `strange`: it holds what its journal does not. A newer one is never touched. */
const databaseStateSchema = z.enum(['ok', 'missing', 'unreadable', 'older', 'strange', 'newer']);
export type DatabaseState = z.infer<typeof databaseStateSchema>;

/** How the index file was found. An unreadable one is overwritten with `replace` alone, a newer one never. */
const indexStateSchema = z.enum(['ok', 'missing', 'unreadable', 'older', 'newer']);
export type IndexState = z.infer<typeof indexStateSchema>;

const answerSchema = z.discriminatedUnion('kind', [
  /** `problem` says why the journal could not be read to its end. */
  z.strictObject({ kind: z.literal('database'), found: databaseStateSchema, problem: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('fold'),
    row: indexRowSchema.nullable(),
    denials: z.array(denialSchema),
    problem: z.string().nullable(),
  }),
  /** `problem` says why the journal could not be read to its end. */
  z.strictObject({ kind: z.literal('egress'), ledger: runLedgerSchema, problem: z.string().nullable() }),
  z.strictObject({ kind: z.literal('blobs'), addresses: z.array(z.string()) }),
  /** `partial` names the runs whose denials are not all in the index. */
  z.strictObject({
    kind: z.literal('index'),
    state: indexStateSchema,
    rows: z.array(indexRowSchema),
    partial: z.array(run),
  }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type WorkerAnswer = z.infer<typeof answerSchema>;

export const answerEnvelope = z.strictObject({ id: z.number().int(), answer: answerSchema });
