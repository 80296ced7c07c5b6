/** Which blobs belong to one run alone. */
import { readdir } from 'node:fs/promises';
import { storedLines } from '../journal';
import { isRunId, runsFolder } from '../layout';
import { journalLength } from '../segments';

/** What looks like the address of a blob, wherever it stands: one too many only keeps a blob, one too few would lose it. */
const ADDRESS = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** The addresses that a run's journal names and no other journal of the root does, sorted. */
export async function blobsOfRunAlone(root: string, run: string): Promise<string[]> {
  const alone = new Set<string>();
  for await (const { bytes } of storedLines(root, run)) {
    for (const [address] of bytes.toString('latin1').matchAll(ADDRESS)) alone.add(address);
  }
  for (const other of (await readdir(runsFolder(root))).filter(isRunId)) {
    if (other === run || alone.size === 0 || (await journalLength(root, other)) === null) continue;
    for await (const { bytes } of storedLines(root, other)) {
      for (const [address] of bytes.toString('latin1').matchAll(ADDRESS)) alone.delete(address);
    }
  }
  return [...alone].sort();
}
