/** Naming many files by few places: a folder stands for its files where all of them are meant. */

/**
 * The places that stand for exactly the `chosen` among `all` files: a folder when everything known below it is chosen,
 * else the file itself. Paths are relative with `/`; the answer is sorted, and no place lies below another. The root is
 * never one of them.
 */
export function coverOf(all: Iterable<string>, chosen: ReadonlySet<string>): string[] {
  if (chosen.size === 0) return [];
  const mixed = new Set<string>(['']);
  for (const file of all) if (!chosen.has(file)) for (const folder of foldersOf(file)) mixed.add(folder);
  const places = new Set<string>();
  for (const file of chosen) places.add(foldersOf(file).find((folder) => !mixed.has(folder)) ?? file);
  return [...places].sort();
}

/** The folders above a file, the outermost first. */
function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
