/** What of a folder lies outside of the zones of a run: a command that is given the folder would name it. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { holdsAll, ruleAgainst } from '../../core/gatekeeper/bounds';
import { byCodeUnit } from './context';

/** Files and folders that are looked at. */
const ENTRIES = 20_000;

type Outside =
  | { readonly inside: string; readonly problem: null }
  | { readonly inside: null; readonly problem: string };

/** The first file below a folder that lies outside; null when there is none, or it is no folder. `start` is below `root`. */
export async function outsideBelow(root: string, start: string, zones: readonly string[]): Promise<Outside | null> {
  // The whole repository is refused by itself where the zones are not all of it.
  if (start === '.' || holdsAll(zones, start)) return null;
  const bounds = { zones, excluded: [] };
  const waiting = [start];
  let entries = 0;
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const found = await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of found.sort((a, b) => byCodeUnit(a.name, b.name))) {
      if (++entries > ENTRIES)
        return { inside: null, problem: 'it holds too much to look through; name a smaller folder' };
      const place = `${folder}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(place);
      else if (ruleAgainst(bounds, place.normalize('NFC')) !== null) return { inside: place, problem: null };
    }
  }
  return null;
}
