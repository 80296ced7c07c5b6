/**
 * YAML at the boundary: parsed without custom tags or merge tricks, checked by a schema, every problem with its line.
 */
import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from './result';
import { oneLine } from './text';

export type Problem = {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
};

/** Characters above which a file is refused unread: nothing that a person writes by hand is longer. */
const SIZE_LIMIT = 256 * 1024;

/** Aliases above which a file is refused. */
const ALIAS_LIMIT = 50;

type Place = { line: number; column: number };
type Locate = (path: readonly PropertyKey[]) => Place;

export type ParsedYaml<T> = {
  readonly value: T;
  /** Where a member of the value stands: a plain value itself, a list or mapping at its key. */
  readonly locate: Locate;
};

/**
 * Parses YAML text with a schema. All problems are reported at once, in the order of their places. Never throws for
 * any text; time and memory are bounded by the size limit and by the number of aliases that may be followed.
 */
export function parseYaml<T>(text: string, schema: z.ZodType<T>): Result<ParsedYaml<T>, Problem[]> {
  if (text.length > SIZE_LIMIT) return err([at(1, 1, `the file is larger than ${SIZE_LIMIT / 1024} KiB`)]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    schema: 'core',
    logLevel: 'error',
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    if (document.errors.some((e) => e.code === 'RESOURCE_EXHAUSTION')) return err([at(1, 1, 'it is nested too deep')]);
    return err(
      document.errors.map((e) => {
        const { line, column } = place(e.pos[0]);
        return at(line, column, e.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? e.message);
      }),
    );
  }
  const locate: Locate = (path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsetOf(document, path.slice(0, depth));
      if (offset !== null) return place(offset);
    }
    return { line: 1, column: 1 };
  };
  const alias = badAlias(document);
  if (alias) return err([{ ...at(1, 1, alias.message), ...place(alias.offset) }]);
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch {
    return err([at(1, 1, 'anchors and aliases expand to more than is allowed')]);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok({ value: parsed.data, locate });
  return err(parsed.error.issues.flatMap((issue) => problemsOf(issue, locate)).sort(byPlace));
}

/** In the order in which one reads the file. */
export const byPlace = (a: Place, b: Place): number => a.line - b.line || a.column - b.column;

function problemsOf(issue: z.core.$ZodIssue, locate: Locate): Problem[] {
  const problem = (path: readonly PropertyKey[], message: string): Problem => {
    const { line, column } = locate(path);
    const member = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return at(line, column, oneLine(`${member}${message}`));
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem([...issue.path, key], `"${key}" is not known here`));
  }
  if (issue.code === 'invalid_key') return [problem(issue.path, issue.issues[0]?.message ?? issue.message)];
  return [problem(issue.path, issue.message)];
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | null {
  const node = document.getIn(path, true);
  if (isCollection(node)) {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
    if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  return isNode(node) && node.range ? node.range[0] : null;
}

/** The first alias that leads nowhere or into itself, or that is one too many. */
function badAlias(document: Document): { message: string; offset: number } | null {
  let seen = 0;
  let bad: { message: string; offset: number } | null = null;
  visit(document, {
    Alias(_key, node, path) {
      const source = ++seen > ALIAS_LIMIT ? null : node.resolve(document);
      if (source && !path.includes(source)) return undefined;
      const offset = node.range?.[0] ?? 0;
      if (source === null) bad = { message: `there are more than ${ALIAS_LIMIT} aliases`, offset };
      else if (source) bad = { message: `the alias *${node.source} points at what it is part of`, offset };
      else bad = { message: `there is no anchor &${node.source} before this alias`, offset };
      return visit.BREAK;
    },
  });
  return bad;
}

function at(line: number, column: number, message: string): Problem {
  return { line, column, severity: 'error', message };
}

/** `file:line:column message`, as compilers print it. */
export function problemLine(file: string, problem: Problem): string {
  return `${file}:${problem.line}:${problem.column} ${problem.message}`;
}
