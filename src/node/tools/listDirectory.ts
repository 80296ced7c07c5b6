/** list_directory: names in a folder, folders with a slash, links marked; not shown are git's own folder and what is out of bounds. */

import { mayHold } from '../../core/gatekeeper/bounds';
import type { ToolInput } from '../../core/tools/contracts';
import { answer, byCodeUnit, failure, type ToolAnswer, type ToolContext } from './context';
import { type Entry, readFolder } from './opened';
import { nameInLine } from './text';

const LIMIT = 500;
const MARK: Readonly<Record<Entry['kind'], string>> = { folder: '/', file: '', link: ' (link)', other: ' (special)' };

/** Why the name of an entry is not shown, or null. Folders that lead to a zone of the run are, and what lies in one. */
function leftOut({ bounds, withheld, excluded }: ToolContext, folder: string, { name, kind }: Entry): string | null {
  const place = (folder === '.' ? name : `${folder}/${name}`).normalize('NFC');
  if (withheld(place) !== null) return 'kept out of this run';
  const isOutside = kind === 'folder' ? bounds !== null && !mayHold(bounds.zones, place) : excluded(place) !== null;
  return isOutside ? 'outside of its zones' : null;
}

export async function listDirectory(
  context: ToolContext,
  _input: ToolInput<'list_directory'>,
  [folder = '.']: readonly string[],
): Promise<ToolAnswer> {
  const entries = await readFolder(context.root, folder);
  if (!entries.ok) return failure(`${folder}: ${entries.error}`);
  const left = new Map<string, number>();
  const names = entries.value
    .filter((entry) => {
      if (entry.name.toLowerCase() === '.git') return false;
      const why = leftOut(context, folder, entry);
      if (why !== null) left.set(why, (left.get(why) ?? 0) + 1);
      return why === null;
    })
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map((entry) => nameInLine(entry.name) + MARK[entry.kind]);
  const said = [...left].sort(([a], [b]) => byCodeUnit(a, b)).map(([why, count]) => `[left out: ${count} ${why}]`);
  if (names.length === 0) return answer([`${folder} (${left.size === 0 ? 'empty' : '0 entries'})`, ...said].join('\n'));
  const cut = names.length > LIMIT ? [`[cut: ${names.length - LIMIT} more names are not shown]`] : [];
  return answer([`${folder} (${names.length} entries)`, ...names.slice(0, LIMIT), ...cut, ...said].join('\n'));
}
