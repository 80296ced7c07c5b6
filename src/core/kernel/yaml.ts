/**
 * YAML at the boundary: parsed without custom tags or merge tricks, checked by a schema, every problem with its line.
 */
import { type Document, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from './nearest';
import { err, ok, type Result } from './result';
import { oneLine } from './text';
import { badAlias, badKeys, nameOf, nestedTooDeep, type Spot, strangeCharacter, TOO_DEEP } from './yamlTraps';

export type Problem = {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
};

/** Bytes, and characters, above which a file is refused unread: nothing that a person writes by hand is longer. */
export const SIZE_LIMIT = 256 * 1024;

/** Aliases above which a file is refused. */
const ALIAS_LIMIT = 50;

/** Collections in collections above which a file is refused. */
const DEPTH_LIMIT = 32;

/** Problems that are told; a file that is no blueprint at all would have as many as it has lines. */
export const PROBLEM_LIMIT = 100;

type Place = { line: number; column: number };
export type Locate = (path: readonly PropertyKey[], isKey?: boolean) => Place;

/** Words for a key that the schema does not know, when there is more to say than that; else null. */
export type ExplainKey = (issue: z.core.$ZodIssueUnrecognizedKeys, key: string) => string | null;

export type ParsedYaml<T> = {
  readonly value: T;
  /** Where a member of the value stands: a plain value itself, a list or mapping at its key. */
  readonly locate: Locate;
};

/** The one problem of a file that is too large to be read. */
export const TOO_LARGE: Problem = at({ line: 1, column: 1 }, `the file is larger than ${SIZE_LIMIT / 1024} KiB`);

/**
 * Parses YAML text with a schema. All problems are reported at once, in the order of their places, the first hundred of
 * them. Never throws for any text; time and memory are bounded by the size limit and by the number of aliases that may
 * be followed.
 */
export function parseYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  explainKey: ExplainKey = () => null,
): Result<ParsedYaml<T>, Problem[]> {
  if (text.length > SIZE_LIMIT) return err([TOO_LARGE]);
  const lines = new LineCounter();
  // The parser's own check for keys that are there twice compares each with each; `badKeys` does not.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    merge: false,
    schema: 'core',
    logLevel: 'error',
  });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const spots = trapsOf(text, document);
  if (spots.length > 0) return err(told(spots.map(({ offset, message }) => at(place(offset), message))));
  const locate: Locate = (path, isKey = false) => {
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsetOf(document, path.slice(0, depth), isKey);
      if (offset !== null) return place(offset);
    }
    return { line: 1, column: 1 };
  };
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch {
    return err([at({ line: 1, column: 1 }, 'anchors and aliases expand to more than is allowed')]);
  }
  const parsed = schema.safeParse(raw, { reportInput: true, error: inWords });
  if (parsed.success) return ok({ value: parsed.data, locate });
  if (raw === null || raw === undefined) return err([at({ line: 1, column: 1 }, 'the file is empty')]);
  const { issues } = parsed.error;
  // Each place is looked up, so no more problems are made than are told.
  const problems = issues.slice(0, PROBLEM_LIMIT).flatMap((issue) => problemsOf(issue, locate, explainKey));
  return err(
    told(
      problems,
      issues.reduce((n, issue) => n + countOf(issue), 0),
    ),
  );
}

/** What stands in the way before there is a value: a broken text first, then what the text would grow to. */
function trapsOf(text: string, document: Document): Spot[] {
  const strange = strangeCharacter(text);
  if (strange) return [strange];
  const tooDeep = document.errors.find((e) => e.code === 'RESOURCE_EXHAUSTION');
  if (tooDeep) return [{ offset: tooDeep.pos[0], message: TOO_DEEP }];
  if (document.errors.length > 0) {
    return document.errors.map((e) => {
      const [line = e.message] = e.message.split('\n', 1);
      return { offset: e.pos[0], message: line.replace(/ at line \d+, column \d+:?$/, '') };
    });
  }
  const deep = nestedTooDeep(document, DEPTH_LIMIT);
  if (deep) return [deep];
  const keys = badKeys(document);
  if (keys.length > 0) return keys;
  const alias = badAlias(document, ALIAS_LIMIT);
  return alias ? [alias] : [];
}

/** In the order in which one reads the file. */
const byPlace = (a: Place, b: Place): number => a.line - b.line || a.column - b.column;

/** The problems that are told, in the order of the file; `all` is how many there are. */
export function told(problems: readonly Problem[], all = problems.length): Problem[] {
  const first = [...problems].sort(byPlace).slice(0, PROBLEM_LIMIT);
  const last = first.at(-1);
  return all > first.length && last
    ? [...first, { ...last, message: `and ${all - first.length} more problems` }]
    : first;
}

/** The problems that an issue comes to. */
const countOf = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);

/** Words for what schemas say nothing better about. */
const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'is missing' : undefined;
  if (issue.code !== 'invalid_value' || issue.values.length < 2) return undefined;
  const allowed = issue.values.map(String);
  if (issue.input === undefined) return `is missing; allowed: ${allowed.join(', ')}`;
  if (typeof issue.input !== 'string') return `allowed: ${allowed.join(', ')}`;
  const near = didYouMean(issue.input, allowed);
  return `"${issue.input}" is not allowed here${near}${near ? '' : ';'} allowed: ${allowed.join(', ')}`;
};

function problemsOf(issue: z.core.$ZodIssue, locate: Locate, explainKey: ExplainKey): Problem[] {
  const problem = (path: readonly PropertyKey[], message: string, isKey = false): Problem => {
    const member = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return at(locate(path, isKey), oneLine(`${member}${message}`));
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, PROBLEM_LIMIT)
      .map((key) => problem([...issue.path, key], explainKey(issue, key) ?? `"${key}" is not known here`, true));
  }
  if (issue.code === 'invalid_key') return [problem(issue.path, issue.issues[0]?.message ?? issue.message)];
  return [problem(issue.path, issue.message)];
}

/** Where a member of the document begins: a list or a mapping at its key. Null when there is none. */
function offsetOf(document: Document, path: readonly PropertyKey[], isKey: boolean): number | null {
  let node: unknown = document.contents;
  let key: unknown = null;
  for (const step of path) {
    key = null;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && nameOf(key) === String(step));
      key = pair?.key ?? null;
      node = pair?.value;
    } else {
      node = isSeq(node) ? node.items[Number(step)] : undefined;
    }
  }
  const begins = (isKey || isCollection(node)) && isNode(key) ? key : node;
  return isNode(begins) && begins.range ? begins.range[0] : null;
}

function at({ line, column }: Place, message: string): Problem {
  return { line, column, severity: 'error', message };
}

/** `file:line:column message`, as compilers print it. */
export function problemLine(file: string, problem: Problem): string {
  return `${file}:${problem.line}:${problem.column} ${problem.message}`;
}
