/**
 * The messages between the extension host and the page "Compare Runs", version 1. Both sides parse every message, and none
 * is larger than a megabyte: what is listed is bounded, and aligned columns are sent in pages, as they are asked for.
 *
 * Order: the webview says `ready`; the host answers `start`, then `compared` or `problem`. `ready` again starts over.
 */
import { z } from 'zod';
import {
  BEGINNINGS,
  comparedFileSchema,
  comparedNodeSchema,
  comparedPolicySchema,
  divergenceSchema,
  MAX_COMPARED,
  MIN_COMPARED,
  runMetricsSchema,
} from '../core/events/comparison';
import { EVENT_TYPES } from '../core/events/schema';
import { err, ok, type Result } from '../core/kernel/result';

export type { ComparedFile, ComparedNode, ComparedPolicy, Divergence, RunMetrics } from '../core/events/comparison';

export const COMPARE_PROTOCOL = 1;
/** Columns of a page, and the most that one message carries. */
export const PAGE = 200;
/** The most nodes, decisions and files that are listed; the command line lists all. */
export const MAX_LISTED = 200;
/** The longest name, path or title, in characters. */
export const MAX_WORDS = 300;

const count = z.number().int().nonnegative();
const words = z.string().max(MAX_WORDS);

/** The runs that the page is about; also what it keeps over a reload of the window. */
export const comparedIdsSchema = z.array(z.string().min(1)).min(MIN_COMPARED).max(MAX_COMPARED);

const cellSchema = z.strictObject({ seq: count, type: z.enum(EVENT_TYPES), node: words.nullable(), title: words });
export type CompareCell = z.infer<typeof cellSchema>;

/** A column of the alignment; a gap is null. */
const rowSchema = z.strictObject({
  state: z.enum(['same', 'changed', 'first', 'second']),
  cells: z.tuple([cellSchema.nullable(), cellSchema.nullable()]),
});
export type CompareRow = z.infer<typeof rowSchema>;

/** All columns, or those alone that are not the same in both runs. */
const viewSchema = z.enum(['all', 'different']);
export type CompareView = z.infer<typeof viewSchema>;

const comparedSchema = z.strictObject({
  type: z.literal('compared'),
  firstDivergence: divergenceSchema.nullable(),
  metrics: z.array(runMetricsSchema).min(MIN_COMPARED).max(MAX_COMPARED),
  beginnings: z.array(z.enum(BEGINNINGS)),
  nodes: z.array(comparedNodeSchema).max(MAX_LISTED),
  policy: z.array(comparedPolicySchema).max(MAX_LISTED),
  files: z.array(comparedFileSchema).max(MAX_LISTED),
  /** How many more there are than are listed. */
  more: z.strictObject({ nodes: count, policy: count, files: count }),
  /** Files that the runs have changed in the same way. */
  sameFiles: count,
  /** How many columns there are, in all and different ones, and the first different one; null for more than two runs. */
  columns: z.strictObject({ all: count, different: count, first: count.nullable() }).nullable(),
});
export type ComparedMessage = z.infer<typeof comparedSchema>;

const hostSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), protocol: z.literal(COMPARE_PROTOCOL), runs: comparedIdsSchema }),
  comparedSchema,
  z.strictObject({
    type: z.literal('rows'),
    view: viewSchema,
    /** Place of the first of them in the view. */
    from: count,
    rows: z.array(rowSchema).max(PAGE),
  }),
  z.strictObject({ type: z.literal('problem'), message: z.string().max(1000) }),
]);
export type CompareHostMessage = z.infer<typeof hostSchema>;

const webviewSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), protocol: z.literal(COMPARE_PROTOCOL) }),
  z.strictObject({ type: z.literal('rows'), view: viewSchema, from: count }),
  z.strictObject({ type: z.literal('openEvent'), runId: z.string().min(1), seq: count.nullable() }),
  /** The file at a place of the list: in the first run against another one, by its place. */
  z.strictObject({ type: z.literal('openDiff'), file: count, run: count }),
]);
export type CompareWebviewMessage = z.infer<typeof webviewSchema>;

export const parseCompareHost = (raw: unknown): Result<CompareHostMessage, string> => parsed(hostSchema, raw);
export const parseCompareWebview = (raw: unknown): Result<CompareWebviewMessage, string> => parsed(webviewSchema, raw);

function parsed<T>(schema: z.ZodType<T>, raw: unknown): Result<T, string> {
  const result = schema.safeParse(raw);
  if (result.success) return ok(result.data);
  const [issue] = result.error.issues;
  return err(`a message of the comparison is not understood: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
