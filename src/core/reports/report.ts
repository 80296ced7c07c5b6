/**
 * What the output of a project's command says, in one form for all tools. A report is made from text that a program
 * printed: whatever cannot be read as a known format gives no report, never a good one.
 */
import { z } from 'zod';

const count = z.number().int().nonnegative();
const line = count.nullable();

export const findingsReportSchema = z.strictObject({
  kind: z.literal('findings'),
  /** The tool whose format was recognised; null when none was: then there are no counts to rely on. */
  tool: z.string().nullable(),
  errors: count,
  warnings: count,
  findings: z.array(
    z.strictObject({
      file: z.string(),
      line,
      column: line,
      severity: z.enum(['error', 'warning', 'info']),
      rule: z.string().nullable(),
      message: z.string(),
    }),
  ),
  /** Findings that are counted but not listed. */
  omitted: count,
});
export type FindingsReport = z.infer<typeof findingsReportSchema>;

export const testReportSchema = z.strictObject({
  kind: z.literal('tests'),
  /** The tool whose format was recognised; null when no test run was found in the output. */
  tool: z.string().nullable(),
  passed: count,
  failed: count,
  skipped: count,
  failures: z.array(z.strictObject({ name: z.string(), file: z.string().nullable(), line, message: z.string() })),
  /** Failures that are counted but not listed. */
  omitted: count,
});
export type TestReport = z.infer<typeof testReportSchema>;

export const reportSchema = z.discriminatedUnion('kind', [findingsReportSchema, testReportSchema]);
export type Report = z.infer<typeof reportSchema>;
