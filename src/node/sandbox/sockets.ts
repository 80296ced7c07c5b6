/**
 * The sockets in the file system that somebody listens at: who may connect to one has that program act outside of the
 * confinement, although nothing can be written.
 */
import fs from 'node:fs/promises';
import path from 'node:path';

/** Where daemons that give root or another machine away keep theirs; for those that started in a namespace of their own. */
const KNOWN = ['/var/lib/lxd/unix.socket', '/var/lib/incus/unix.socket', '/var/snap/lxd/common/lxd/unix.socket'];

/** Absolute paths, of which some may be gone. Linux only; elsewhere the confinement denies them all. Never throws. */
export async function listeningSockets(): Promise<string[]> {
  const text = await fs.readFile('/proc/net/unix', 'utf8').catch(() => '');
  // Num RefCount Protocol Flags Type St Inode Path; a path with `@` is none in the file system.
  const paths = text.split('\n').flatMap((line) => /^(?:\S+\s+){6}\d+ (\/.*)$/.exec(line)?.[1] ?? []);
  return [...new Set([...KNOWN, ...paths])].filter((at) => path.isAbsolute(at));
}
