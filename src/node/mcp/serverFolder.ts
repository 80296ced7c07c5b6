/** Where a server of the person's own is started, and what it finds there of any repository: nothing. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeFolder } from '../system/durable';

export type ServerFolder = {
  readonly cwd: string;
  /** Never rejects. */
  remove(): Promise<void>;
};

/**
 * An empty folder that only the person can look into, beside their list of servers: package runners also look into the
 * folders above for what to run, and those above it are the person's own (those of the temporary folder are anybody's).
 */
export async function ownFolder(userFile: string | null): Promise<ServerFolder> {
  const parent = userFile === null ? os.tmpdir() : path.dirname(userFile);
  if (userFile !== null) await makeFolder(parent);
  const cwd = await realpath(await mkdtemp(path.join(parent, 'mcp-server-')));
  return {
    cwd,
    remove: () => rm(cwd, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined),
  };
}

/** The folders as they are named, and as they truly are. */
export async function truePlaces(folders: readonly string[]): Promise<string[]> {
  const found = folders.map(async (folder) => [folder, await realpath(folder).catch(() => folder)]);
  return [...new Set((await Promise.all(found)).flat())];
}

/** The folders of a PATH that are absolute and lead into none of the places. */
export async function pathOutside(value: string, outside: readonly string[]): Promise<string> {
  const kept = value.split(path.delimiter).map(async (folder) => {
    if (!path.isAbsolute(folder)) return [];
    const places = await truePlaces([folder]);
    return places.some((place) => outside.some((out) => isBelow(out, place))) ? [] : [folder];
  });
  return (await Promise.all(kept)).flat().join(path.delimiter);
}

/** Whether `file` is `folder` or lies below it; both absolute. */
export function isBelow(folder: string, file: string): boolean {
  const inside = path.relative(folder, file);
  return !/^\.\.(?:[/\\]|$)/.test(inside) && !path.isAbsolute(inside);
}
