/** search: literal text in the repository's files, as `path:line: text`. */
import { redactLines } from '../../core/gatekeeper/redact';
import type { ToolInput } from '../../core/tools/contracts';
import { answer, byCodeUnit, failure, type ToolAnswer, type ToolContext } from './context';
import { grep, listFiles } from './grep';
import { readOpened } from './opened';
import { decode, FILE_LIMIT } from './text';

const HITS = 200;
const LINE = 300;

type Hit = { readonly file: string; readonly line: number; readonly text: string };

export async function search(
  context: ToolContext,
  input: ToolInput<'search'>,
  [path = '.']: readonly string[],
): Promise<ToolAnswer> {
  if (/[\r\n\0]/.test(input.query)) return failure('the text to look for must be one line');
  const withheld = (await listFiles(context)).filter((file) => context.excluded(file) !== null);
  const found = await grep(context, { text: input.query, flags: ['-n'], path, withheld });
  if (found === null) return failure('too much of that folder is withheld by the policy; search a smaller folder');
  const hits = found.stdout
    .split('\n')
    .flatMap(parse)
    .filter((hit) => context.excluded(hit.file) === null)
    .sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line);
  if (hits.length === 0) return answer(`no match for ${JSON.stringify(input.query)}`);
  const shown = await masked(context, hits.slice(0, HITS));
  const lines = shown.map(({ file, line, text }) => `${file}:${line}: ${shorten(text)}`);
  const rest = hits.length - lines.length;
  const cut =
    found.cut || rest > 0
      ? [`[cut: ${found.cut ? 'many' : rest} more matches are not shown; look for something rarer]`]
      : [];
  return answer([...lines, ...cut].join('\n'));
}

/** A line out of the middle of a private key looks like nothing by itself: each file is looked through as a whole. */
async function masked(context: ToolContext, hits: readonly Hit[]): Promise<Hit[]> {
  const files = new Map<string, string[]>();
  for (const { file } of hits) {
    if (files.has(file)) continue;
    context.signal.throwIfAborted();
    const opened = await readOpened(context.root, file, FILE_LIMIT);
    const text = opened.ok ? decode(opened.value.bytes) : opened;
    files.set(file, text.ok ? redactLines(text.value).split('\n') : []);
  }
  return hits.map((hit) => ({ ...hit, text: files.get(hit.file)?.[hit.line - 1] ?? '(it cannot be shown)' }));
}

function parse(record: string): Hit[] {
  const match = /^([^\0]+)\0(\d+)[:\0](.*)$/s.exec(record);
  if (match === null) return [];
  const [, file = '', line = '', text = ''] = match;
  return [{ file, line: Number(line), text }];
}

function shorten(text: string): string {
  const line = text.replace(/\r$/, '');
  return line.length > LINE ? `${line.slice(0, LINE)}[cut]` : line;
}
