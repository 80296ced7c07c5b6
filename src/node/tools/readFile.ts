/** read_file: a text file, whole or a range of lines, bounded. */
import type { ToolInput } from '../../core/tools/contracts';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { readOpened } from './opened';
import { decode, excerpt, FILE_LIMIT } from './text';

const LIMIT = { lines: 400, bytes: 64 * 1024 };

export async function readFile(
  context: ToolContext,
  input: ToolInput<'read_file'>,
  [file = '']: readonly string[],
): Promise<ToolAnswer> {
  const rule = context.excluded(file);
  if (rule !== null) return failure(`${file}: withheld from prompts by the rule ${rule}`);
  const opened = await readOpened(context.root, file, FILE_LIMIT, context.linked.has(file));
  if (!opened.ok) return failure(`${file}: ${opened.error}`);
  const text = decode(opened.value.bytes);
  if (!text.ok) return failure(`${file}: ${text.error}`);
  const from = input.from ?? 1;
  const to = input.to ?? Number.MAX_SAFE_INTEGER;
  const shown = excerpt(context.gate.redactLines(text.value).text, { from, to }, LIMIT);
  if (shown.total === 0) return answer(`${file} (empty)`);
  if (shown.to === 0)
    return failure(`${file}: there are no lines ${from} to ${input.to ?? 'end'}; it has ${shown.total}`);
  const last = Math.min(to, shown.total);
  const cut =
    shown.to < last ? `\n[cut: lines ${shown.to + 1}-${last} are not shown; ask for them with "from" and "to"]` : '';
  return answer(`${file} (lines ${shown.from}-${shown.to} of ${shown.total})\n${shown.text}${cut}`);
}
