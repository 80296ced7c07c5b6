/** search: literal text in the repository's files, as `path:line: text`. */
import type { ToolInput } from '../../core/tools/contracts';
import { coverOf } from '../sandbox/cover';
import { answer, byCodeUnit, failure, type ToolAnswer, type ToolContext } from './context';
import { grep, listFiles } from './grep';
import { readOpened } from './opened';
import { type Place, ripgrep } from './ripgrep';
import { decode, FILE_LIMIT, isBinary, nameInLine } from './text';

const HITS = 200;
const LINE = 300;

type Hit = Place & { readonly text: string };

export async function search(
  context: ToolContext,
  input: ToolInput<'search'>,
  [path = '.']: readonly string[],
): Promise<ToolAnswer> {
  if (/[\r\n\0]/.test(input.query)) return failure('the text to look for must be one line');
  const files = await listFiles(context);
  // Folders of which nothing may be searched stand for what lies in them.
  const withheld = coverOf(files, new Set(files.filter((file) => context.excluded(file) !== null)));
  const found = await places(context, { text: input.query, path, files, withheld });
  if (found === null) return failure('too much of that folder is withheld by the policy; search a smaller folder');
  const hits = found.places
    .filter((hit) => context.excluded(hit.file) === null)
    .sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line);
  const { shown, left } = await readable(context, hits);
  if (shown.length === 0) return answer(`no match for ${JSON.stringify(input.query)}`);
  const lines = shown.map(({ file, line, text }) => `${nameInLine(file)}:${line}: ${shorten(text)}`);
  const cut =
    found.cut || left > 0
      ? [`[cut: ${found.cut ? 'many' : left} more matches are not shown; look for something rarer]`]
      : [];
  return answer([...lines, ...cut].join('\n'));
}

type Search = { text: string; path: string; files: readonly string[]; withheld: readonly string[] };

/** By ripgrep where there is one, else by git; null when more is withheld than can be named to either. */
async function places(context: ToolContext, search: Search) {
  const fast = await ripgrep(context, search);
  if (fast !== null) return fast;
  const found = await grep(context, { ...search, flags: ['-n'] });
  return found && { places: found.stdout.split('\n').flatMap(parse), cut: found.cut };
}

/**
 * The first hits with their lines, and how many are left. A line out of the middle of a private key looks like nothing by
 * itself, so each file is read as a whole; one that is not what it was listed as (a link, one of several names) is not.
 */
async function readable(context: ToolContext, hits: readonly Place[]): Promise<{ shown: Hit[]; left: number }> {
  const files = new Map<string, readonly string[] | null>();
  const shown: Hit[] = [];
  for (const [at, hit] of hits.entries()) {
    if (shown.length === HITS) return { shown, left: hits.length - at };
    if (!files.has(hit.file)) {
      context.signal.throwIfAborted();
      files.set(hit.file, await linesToShow(context, hit.file));
    }
    const lines = files.get(hit.file) ?? null;
    if (lines !== null) shown.push({ ...hit, text: lines[hit.line - 1] ?? '(it cannot be shown)' });
  }
  return { shown, left: 0 };
}

/** Null for what is no text file that may be read here. */
async function linesToShow(context: ToolContext, file: string): Promise<readonly string[] | null> {
  const opened = await readOpened(context.root, file, FILE_LIMIT);
  if (!opened.ok) return null;
  if (isBinary(opened.value.bytes)) return null;
  const text = decode(opened.value.bytes);
  return text.ok ? context.gate.redactLines(text.value).text.split('\n') : [];
}

function parse(record: string): Place[] {
  const match = /^([^\0]+)\0(\d+)[:\0]/s.exec(record);
  return match === null ? [] : [{ file: match[1] ?? '', line: Number(match[2]) }];
}

function shorten(text: string): string {
  const line = text.replace(/\r$/, '');
  return line.length > LINE ? `${line.slice(0, LINE)}[cut]` : line;
}
