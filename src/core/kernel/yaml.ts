/**
 * YAML at the boundary: parsed without custom tags or merge tricks, checked by a schema, every problem with its line.
 */
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from './result';

export type Problem = {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
};

/** Characters above which a file is refused unread: nothing that a person writes by hand is longer. */
const SIZE_LIMIT = 256 * 1024;

type Locate = (path: readonly PropertyKey[]) => { line: number; column: number };

export type ParsedYaml<T> = { readonly value: T /** Where a member of the value stands. */; readonly locate: Locate };

/**
 * Parses YAML text with a schema. All problems are reported at once, in the order of their places. Never throws for
 * any text; time and memory are bounded by the size limit and by the number of aliases that may be followed.
 */
export function parseYaml<T>(text: string, schema: z.ZodType<T>): Result<ParsedYaml<T>, Problem[]> {
  if (text.length > SIZE_LIMIT) return err([at(1, 1, `the file is larger than ${SIZE_LIMIT / 1024} KiB`)]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, schema: 'core' });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    return err(
      document.errors.map((e) => {
        const { line, column } = place(e.pos[0]);
        return at(line, column, e.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? e.message);
      }),
    );
  }
  const locate: Locate = (path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return place(node.range[0]);
    }
    return { line: 1, column: 1 };
  };
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 50 });
  } catch {
    return err([at(1, 1, 'anchors and aliases expand to more than is allowed, or point at themselves')]);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok({ value: parsed.data, locate });
  return err(
    parsed.error.issues.map((issue) => {
      const { line, column } = locate(issue.path);
      const member = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
      return at(line, column, `${member}${issue.message}`);
    }),
  );
}

function at(line: number, column: number, message: string): Problem {
  return { line, column, severity: 'error', message };
}

/** `file:line:column message`, as compilers print it. */
export function problemLine(file: string, problem: Problem): string {
  return `${file}:${problem.line}:${problem.column} ${problem.message}`;
}
