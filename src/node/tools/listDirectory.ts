/** list_directory: names in a folder, folders with a slash, links marked; git's own folder is not shown. */
import type { ToolInput } from '../../core/tools/contracts';
import { answer, byCodeUnit, failure, type ToolAnswer, type ToolContext } from './context';
import { type Entry, readFolder } from './opened';

const LIMIT = 500;
const MARK: Readonly<Record<Entry['kind'], string>> = { folder: '/', file: '', link: ' (link)', other: ' (special)' };

export async function listDirectory(
  context: ToolContext,
  _input: ToolInput<'list_directory'>,
  [folder = '.']: readonly string[],
): Promise<ToolAnswer> {
  const entries = await readFolder(context.root, folder);
  if (!entries.ok) return failure(`${folder}: ${entries.error}`);
  const names = entries.value
    .filter((entry) => entry.name.toLowerCase() !== '.git')
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map((entry) => entry.name + MARK[entry.kind]);
  if (names.length === 0) return answer(`${folder} (empty)`);
  const cut = names.length > LIMIT ? [`[cut: ${names.length - LIMIT} more names are not shown]`] : [];
  return answer([`${folder} (${names.length} entries)`, ...names.slice(0, LIMIT), ...cut].join('\n'));
}
