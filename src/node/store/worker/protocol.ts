/**
 * What the store says to its worker thread and what the worker answers. Parsed on both sides. Errors are values.
 */
import { z } from 'zod';
import { runSummarySchema } from '../../../core/events/summary';

/** A row of the index: a run's summary, and how long the journal was that it was folded from. */
export const indexRowSchema = z.strictObject({
  summary: runSummarySchema,
  journalBytes: z.number().int().nonnegative(),
});
export type IndexRow = z.infer<typeof indexRowSchema>;

const run = z.string().min(1);
const path = z.string().min(1);

const requestSchema = z.discriminatedUnion('kind', [
  /** Puts events, as lines of the journal, into the run's database in memory. */
  z.strictObject({ kind: z.literal('events'), run, lines: z.array(z.string()) }),
  /** Writes the run's database to a file. */
  z.strictObject({ kind: z.literal('checkpoint'), run, path }),
  /** Forgets the run's database in memory. */
  z.strictObject({ kind: z.literal('drop'), run }),
  z.strictObject({ kind: z.literal('readIndex'), path }),
  /** Merges rows into the index file; with `replace`, the file's own rows are not looked at. */
  z.strictObject({ kind: z.literal('writeIndex'), path, rows: z.array(indexRowSchema), replace: z.boolean() }),
]);
export type WorkerRequest = z.infer<typeof requestSchema>;

export const requestEnvelope = z.strictObject({ id: z.number().int(), request: requestSchema });

/** `state` is how the index file was found. An unreadable one is never overwritten without `replace`. */
const indexStateSchema = z.enum(['ok', 'missing', 'unreadable']);

const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({ kind: z.literal('index'), state: indexStateSchema, rows: z.array(indexRowSchema) }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type WorkerAnswer = z.infer<typeof answerSchema>;

export const answerEnvelope = z.strictObject({ id: z.number().int(), answer: answerSchema });
