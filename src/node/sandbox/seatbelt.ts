/**
 * Confinement by seatbelt, the sandbox of macOS, in its profile language: everything is denied but what is named, and of
 * two rules that speak of the same thing the later one counts.
 */
import type { Bounds } from './bounds';

/** What a program needs to start, to tell the time and to know who it runs for. */
const PROGRAMS = `(allow process-exec)
(allow process-fork)
(allow process-info* (target same-sandbox))
(allow signal (target same-sandbox))
(allow sysctl-read)
(allow user-preference-read)
(allow ipc-posix-sem)
(allow ipc-posix-shm)
(allow pseudo-tty)
(allow mach-lookup
  (global-name "com.apple.system.logger")
  (global-name "com.apple.system.notification_center")
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.opendirectoryd.membership")
  (global-name "com.apple.bsd.dirhelper"))`;

const DEVICES = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/dtracehelper', '/dev/ptmx'];

/**
 * The text of a profile. `temporary` is a folder of the command's own, the one place besides the work tree that it may
 * write. There is no network at all: the loopback here is the machine's own, on which other programs listen.
 */
export function seatbeltProfile(bounds: Bounds, temporary: string): string {
  return [
    '(version 1)',
    '(deny default)',
    PROGRAMS,
    '(allow file-read*)',
    `(allow file-write* ${DEVICES.map((device) => `(literal ${quoted(device)})`).join(' ')} (regex #"^/dev/fd/"))`,
    '(allow file-ioctl (subpath "/dev"))',
    `(allow file-write* (subpath ${quoted(temporary)}))`,
    ...bounds.flatMap(rules),
    '',
  ].join('\n');
}

function rules({ at, as }: Bounds[number]): string[] {
  const place = `(subpath ${quoted(at)})`;
  switch (as) {
    case 'hide-folder':
    case 'hide-file':
      // Paths that lead through it must still resolve, so that it is there is no secret.
      return [`(deny file-read* file-write* ${place})`, `(allow file-read-metadata ${place})`];
    case 'write':
      return [`(allow file-read* file-write* ${place})`];
    case 'read':
      return [`(allow file-read* ${place})`];
    case 'keep':
      return [`(deny file-write* ${place})`];
  }
}

/** A string of the profile language. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
