/** write_file, replace_in_file and delete_file. */
import type { ToolInput } from '../../core/tools/contracts';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { refuseIgnored } from './ignored';
import { readOpened, removeFile, replaceFile } from './opened';
import { decode, FILE_LIMIT, linesOf } from './text';

/** write_file: the whole content of a new or existing file. */
export async function writeFile(
  context: ToolContext,
  { content }: ToolInput<'write_file'>,
  [file = '']: readonly string[],
): Promise<ToolAnswer> {
  const ignored = await refuseIgnored(context, file);
  if (ignored !== null) return failure(ignored);
  const bytes = Buffer.from(content, 'utf8');
  const written = await replaceFile(context.root, file, bytes);
  if (!written.ok) return failure(`${file}: ${written.error}`);
  return answer(`wrote ${file} (${linesOf(content).length} lines, ${bytes.length} bytes)`);
}

/** replace_in_file: one passage that must occur exactly once. */
export async function replaceInFile(
  context: ToolContext,
  input: ToolInput<'replace_in_file'>,
  [file = '']: readonly string[],
): Promise<ToolAnswer> {
  const ignored = await refuseIgnored(context, file);
  if (ignored !== null) return failure(ignored);
  const opened = await readOpened(context.root, file, FILE_LIMIT);
  if (!opened.ok) return failure(`${file}: ${opened.error}`);
  const text = decode(opened.value.bytes);
  if (!text.ok) return failure(`${file}: ${text.error}`);
  const [old, fresh] = sameLineEnds(text.value, input.old, input.new);
  const times = text.value.split(old).length - 1;
  if (times !== 1)
    return failure(`${file}: the old text occurs ${times} times; it must occur exactly once, nothing was changed`);
  const at = text.value.indexOf(old);
  const changed = text.value.slice(0, at) + fresh + text.value.slice(at + old.length);
  const written = await replaceFile(context.root, file, Buffer.from(changed, 'utf8'));
  if (!written.ok) return failure(`${file}: ${written.error}`);
  return answer(`replaced 1 passage in ${file} (line ${linesOf(text.value.slice(0, at + 1)).length})`);
}

/** delete_file: one regular file. */
export async function deleteFile(
  context: ToolContext,
  _input: ToolInput<'delete_file'>,
  [file = '']: readonly string[],
): Promise<ToolAnswer> {
  const ignored = await refuseIgnored(context, file);
  if (ignored !== null) return failure(ignored);
  const removed = await removeFile(context.root, file);
  return removed.ok ? answer(`deleted ${file}`) : failure(`${file}: ${removed.error}`);
}

/** A file with Windows line ends is matched by text with plain ones, and keeps its own. */
function sameLineEnds(text: string, old: string, fresh: string): [string, string] {
  if (text.includes(old) || !text.includes('\r\n')) return [old, fresh];
  const windows = (value: string) => value.replace(/\r?\n/g, '\r\n');
  return [windows(old), windows(fresh)];
}
