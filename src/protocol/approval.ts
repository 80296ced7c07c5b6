/** What a person is asked, as it travels to the webview: the exact call, what of the policy asks, and what would change. */
import { z } from 'zod';
import { count } from '../core/events/parts';
import { contextQuestionSchema } from './contextQuestion';

/** The most lines of a change that are sent, and the most characters of one of them. */
export const MAX_CHANGE_LINES = 400;
export const MAX_CHANGE_LINE = 2000;

export const changeLineSchema = z.strictObject({
  kind: z.enum(['plus', 'minus', 'hunk', 'head', 'same']),
  /** Number of the line in the file before and after, counted from 1; null where it has none, or where it is not known. */
  before: z.number().int().positive().nullable(),
  after: z.number().int().positive().nullable(),
  text: z.string().max(MAX_CHANGE_LINE),
});
export type ChangeLine = z.infer<typeof changeLineSchema>;

export const changeSchema = z.discriminatedUnion('kind', [
  /** A command line with the words that the program would get; null when it is not one plain command. */
  z.strictObject({
    kind: z.literal('command'),
    line: z.string(),
    argv: z.array(z.string()).nullable(),
    /** What the command is, or why it is not one; in words for a person. */
    why: z.string(),
  }),
  z.strictObject({
    kind: z.literal('file'),
    /** The path as the call names it; empty for a patch, whose lines name it. */
    path: z.string(),
    /** What would be done to it, and against what the lines were compared; in words for a person. */
    what: z.string(),
    lines: z.array(changeLineSchema).max(MAX_CHANGE_LINES),
    /** How many lines are not sent. */
    moreLines: count,
  }),
]);
export type Change = z.infer<typeof changeSchema>;

export const pendingApprovalSchema = z.strictObject({
  approval: z.string().min(1),
  title: z.string(),
  /** The exact arguments, or the diff, that the approval is bound to. */
  detail: z.string(),
  /** True when `detail` is a call's input as JSON text, which the person may change instead of approving it as it is. */
  editable: z.boolean(),
  /** True when the answer may stand for every call in the run that is this one word for word. */
  repeatable: z.boolean(),
  /** True when the model asks the person: the reason of the answer is what it is told. */
  question: z.boolean(),
  /** The files that would be sent, where that is what is asked; the answer may leave some of them out. */
  context: contextQuestionSchema.nullable(),
  /** Null where the blueprint itself asks, not over a call. */
  tool: z.string().nullable(),
  /** What of the policy asks; null where the blueprint does, or the record does not say. */
  asks: z.strictObject({ seq: count, rule: z.string(), layer: z.string(), reason: z.string() }).nullable(),
  /** Hash of the frozen policy that the answer is bound to. */
  snapshot: z.string(),
  /** What would be done, where that is more than the arguments say at a glance. */
  change: changeSchema.nullable(),
});
export type PendingApproval = z.infer<typeof pendingApprovalSchema>;

/** A question that another run asks in this window. */
export const waitingElsewhereSchema = z.strictObject({ runId: z.string().min(1), task: z.string(), title: z.string() });
export type WaitingElsewhere = z.infer<typeof waitingElsewhereSchema>;

export const scopeSchema = z.enum(['once', 'run']);

/** What a person answers. */
export type ApprovalAnswer = {
  readonly verdict: 'approved' | 'rejected';
  readonly reason: string;
  /** `run`, with `approved`: the same call, word for word, is not asked about again in this run. */
  readonly scope?: z.infer<typeof scopeSchema>;
  /** With `approved`: the input as the person wants it, as JSON text; the policy decides on it anew. */
  readonly edited?: string;
  /** With `approved`, of a question about the context: paths of the files that are not sent, nor shown later. */
  readonly leftOut?: string[];
};
