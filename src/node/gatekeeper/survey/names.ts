/** The names of a repository's files and folders, to be found again by what somebody calls them. */

export type Names = {
  /**
   * The files and folders that are meant, in the order of code units; none where too many could be. An exact path counts
   * before one without regard to case, and both before a path that ends like that.
   */
  find(called: string): readonly string[];
};

/** More than this many are no answer to what was meant. */
const MOST_MEANT = 10;

export function namesOf(files: readonly string[]): Names {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  const all = new Set([...files, ...folders]);
  const byBase = new Map<string, string[]>();
  for (const path of all) {
    const base = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    const known = byBase.get(base);
    if (known === undefined) byBase.set(base, [path]);
    else known.push(path);
  }
  return {
    find(called) {
      if (all.has(called)) return [called];
      const low = called.toLowerCase();
      const same = byBase.get(low.slice(low.lastIndexOf('/') + 1)) ?? [];
      const exact = same.filter((path) => path.toLowerCase() === low);
      const meant = exact.length > 0 ? exact : same.filter((path) => path.toLowerCase().endsWith(`/${low}`));
      return meant.length > MOST_MEANT ? [] : [...meant].sort();
    },
  };
}
