/**
 * Stores of other windows on the same folder: a second VS Code window on a folder gets a storage folder of its own,
 * `<id>-1` beside `<id>`.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The store roots beside the one of `storage` (`…/<id>/<extension>`), whether or not anything is in them. */
export async function siblingStores(storage: string): Promise<string[]> {
  const extension = path.basename(storage);
  const own = path.basename(path.dirname(storage));
  const all = path.dirname(path.dirname(storage));
  const id = own.replace(/-\d+$/, '');
  const names = await readdir(all).catch(() => []);
  return names
    .filter(
      (name) => name !== own && (name === id || (name.startsWith(`${id}-`) && /^-\d+$/.test(name.slice(id.length)))),
    )
    .sort()
    .map((name) => path.join(all, name, extension, 'store'));
}
