/**
 * The question what of a repository may be sent: the files that a context shows, each as one or more ranges of its lines.
 * A file is left out as a whole, whatever its ranges. Pure.
 */
import { z } from 'zod';
import { count } from '../core/events/parts';
import { formatCount } from './format';

/** The most ranges that are shown to a person, and the longest path. */
const MAX_RANGES = 5000;
const filePath = z.string().min(1).max(4096);

export const contextQuestionSchema = z.strictObject({
  files: z
    .array(z.strictObject({ path: filePath, lines: z.tuple([count, count]), bytes: count, why: z.string() }))
    .max(MAX_RANGES),
  /** Of all files together. */
  bytes: count,
  /** Where they would be sent. */
  destination: z.string(),
});
export type ContextQuestion = z.infer<typeof contextQuestionSchema>;

/** Paths of files that are left out. */
export const leftOutSchema = z.array(filePath).min(1).max(MAX_RANGES);

/** The question out of an approval's detail; null when that is none. */
export function contextQuestionOf(detail: string): ContextQuestion | null {
  try {
    return contextQuestionSchema.safeParse(JSON.parse(detail)).data ?? null;
  } catch {
    return null;
  }
}

/** A file that would be sent, with all its ranges. */
export type AskedFile = {
  readonly path: string;
  /** `lines 1–40, 80–95`. */
  readonly lines: string;
  readonly bytes: number;
  /** Why it is needed, each reason once. */
  readonly why: string;
};

/** The files of a question in its order, each once. */
export function askedFiles({ files }: ContextQuestion): AskedFile[] {
  const byPath = new Map<string, ContextQuestion['files']>();
  for (const file of files) byPath.set(file.path, [...(byPath.get(file.path) ?? []), file]);
  return [...byPath].map(([path, ranges]) => ({
    path,
    lines: `lines ${ranges.map(({ lines: [from, to] }) => `${from}–${to}`).join(', ')}`,
    bytes: ranges.reduce((sum, { bytes }) => sum + bytes, 0),
    why: [...new Set(ranges.map(({ why }) => why))].join('; '),
  }));
}

/** What of the files would be sent without those that are left out: how many there are, and their bytes together. */
export function remaining(files: readonly AskedFile[], leftOut: ReadonlySet<string>): { files: number; bytes: number } {
  const kept = files.filter(({ path }) => !leftOut.has(path));
  return { files: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What sends that many files; a context may have found none. */
export const sendLabel = (files: number): string =>
  files === 0 ? 'Go On Without Files' : `Send ${formatCount(files, 'File')}`;

/** What ends the run instead. */
export const STOP_LABEL = 'Send Nothing, Stop the Run';

/** Why files cannot be left out of a question in this way, in a line; null when they can. */
export function leftOutProblem(question: ContextQuestion | null, leftOut: readonly string[]): string | null {
  if (question === null) return 'This approval is not about files that are sent; none can be left out.';
  const asked = new Set(question.files.map(({ path }) => path));
  const strange = leftOut.find((path) => !asked.has(path));
  if (strange !== undefined) return `The file ${strange} is not among those that were asked about.`;
  if (new Set(leftOut).size === asked.size) return 'Every file is left out. Stop the run instead, or keep one of them.';
  return null;
}
