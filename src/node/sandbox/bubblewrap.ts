/**
 * Confinement by bubblewrap: namespaces of Linux in which the whole machine is read only except for the work tree, what
 * is secret is mounted over, and there is no network but a loopback of its own.
 *
 * A folder that is hidden is an empty one, a file that is hidden reads as empty. What is covered by a mount can neither be
 * replaced nor removed. Processes end with the first one of the namespace, whatever session they moved to.
 */
import type { Bounds } from './bounds';

/** The file descriptor to which bubblewrap says what became of the command. */
export const STATUS_FD = 3;

const NAMESPACES = ['--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts'];
/** Root would otherwise keep its rights to mount and to read everybody's files. */
const BOUND = ['--die-with-parent', '--new-session', '--cap-drop', 'ALL'];
/** Root could set the kernel through a /proc that can be written, and have it start programs outside. */
const MACHINE = ['--ro-bind', '/', '/', '--proc', '/proc', '--remount-ro', '/proc', '--dev', '/dev'];
/** What the trial runs: it fails where the settings of the machine could be written. */
export const TRIAL = [
  '/bin/sh',
  '-c',
  'for at in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /sys/kernel/uevent_helper /sys/kernel/mm; do if test -w "$at"; then echo "$at can be written" >&2; exit 1; fi; done',
];
/** NixOS keeps the programs of the system below /run. */
const RUNNING = ['--ro-bind-try', '/run/current-system', '/run/current-system'];

/** The flags that every command gets, and by which bubblewrap is tried; `folders` are those that are there. */
export function commonFlags(folders: readonly string[]): string[] {
  const empty = folders.flatMap((folder) => ['--tmpfs', folder]);
  return [...NAMESPACES, ...BOUND, ...MACHINE, ...empty, ...(folders.includes('/run') ? RUNNING : [])];
}

/** The arguments in front of the command: everything that bubblewrap is told, up to `--`. */
export function bubblewrapFlags(bounds: Bounds, folders: readonly string[], cwd: string): string[] {
  const hidden = bounds.filter(({ as }) => as === 'hide-folder').map(({ at }) => at);
  // Only now: the mount points below them had to be made first. What is written there would be lost without a word.
  const closed = [...hidden, ...folders.filter((folder) => folder === '/run')];
  return [
    ...commonFlags(folders),
    ...bounds.flatMap(mount),
    ...closed.flatMap((folder) => ['--remount-ro', folder]),
    ...['--chdir', cwd, '--json-status-fd', String(STATUS_FD), '--'],
  ];
}

function mount({ at, as }: Bounds[number]): string[] {
  switch (as) {
    case 'hide-folder':
      return ['--tmpfs', at];
    case 'hide-file':
      return ['--dev-bind', '/dev/null', at];
    case 'write':
      return ['--bind', at, at];
    default:
      return ['--ro-bind', at, at];
  }
}

/** Whether the command was started, by what bubblewrap said; otherwise it could not be confined and nothing ran. */
export const hasStarted = (status: string): boolean => /"exit-code"\s*:/.test(status);
