/**
 * A cassette: the replies of one recorded task, each under the signature of the request it answered.
 *
 * Invariant: no two entries share a signature, so that a request has one reply or none.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../../core/kernel/errors';
import { sha256Schema } from '../../../core/kernel/hash';
import { err, ok, type Result } from '../../../core/kernel/result';
import { modelReplySchema } from '../../../core/ports/model';

const entrySchema = z.strictObject({
  signature: sha256Schema,
  /** What a reader of the file should know about this reply. */
  note: z.string().optional(),
  reply: modelReplySchema.pick({ text: true, toolCalls: true, usage: true, stop: true }),
});

export const cassetteSchema = z
  .strictObject({
    version: z.literal(1),
    title: z.string().min(1),
    task: z.string().min(1),
    entries: z.array(entrySchema),
  })
  .superRefine(({ entries }, context) => {
    const seen = new Map<string, number>();
    for (const [index, { signature }] of entries.entries()) {
      const first = seen.get(signature);
      if (first === undefined) seen.set(signature, index);
      else {
        const message = `the same signature as entries[${first}]`;
        context.addIssue({ code: 'custom', path: ['entries', index, 'signature'], message });
      }
    }
  });
export type Cassette = z.infer<typeof cassetteSchema>;

type CassetteProblem = { readonly code: 'config_invalid'; readonly message: string };

/** Reads a cassette from a file. The problem is one line: which file, where in it, what is wrong. */
export async function loadCassette(path: string): Promise<Result<Cassette, CassetteProblem>> {
  const problem = (what: string) => err({ code: 'config_invalid' as const, message: `The recording ${path} ${what}` });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? problem('does not exist: check the name in openexec.model or --model.')
      : problem(`cannot be read: ${messageOf(error)}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return problem(`is not JSON: ${messageOf(error)}.`);
  }
  const parsed = cassetteSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return problem(
    `is not a cassette: ${issue === undefined ? 'unknown shape' : `${pathOf(issue.path)}: ${issue.message}`}.`,
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'at the top';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}
