/**
 * What child processes get to know of this process's environment: an allow-list, so that a key or a token that happens
 * to be exported never reaches a project command or git.
 */
import path from 'node:path';

/** Environment variables as a process has them; never read from `process.env` here, always handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PASSED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_CONFIG_HOME',
  // Windows: without these, programs find neither the system's libraries nor the person's folder.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
]);

/** Where toolchains were installed; without them their programs do not start (rustup, wrappers of Java). Folders only. */
const FOLDERS = new Set([
  'ANDROID_HOME',
  'CARGO_HOME',
  'DOTNET_ROOT',
  'GOPATH',
  'GOROOT',
  'JAVA_HOME',
  'PYENV_ROOT',
  'RUSTUP_HOME',
  'VOLTA_HOME',
]);

const FIXED = { TERM: 'dumb', CI: '1', NO_COLOR: '1' } as const;

/**
 * The environment of a child process: the variables of the allow-list (names compared without case, as Windows does),
 * `LC_*`, absolute folders of toolchains, and fixed values that ask programs for plain output. Nothing else is passed:
 * no key, and none of the variables that make a program load or run something (LD_*, NODE_OPTIONS, PYTHON*, GIT_*,
 * BASH_ENV).
 */
export function minimalEnvironment(environment: Environment): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (value === undefined) continue;
    const isFolder = FOLDERS.has(upper) && path.isAbsolute(value);
    if (isFolder || PASSED.has(upper) || upper.startsWith('LC_')) passed[name] = value;
  }
  return { ...passed, ...FIXED };
}

/** The value of a variable, its name compared without case (Windows writes `Path`); undefined when there is none. */
export function variable(environment: Environment, name: string): string | undefined {
  const exact = environment[name];
  if (exact !== undefined) return exact;
  const key = Object.keys(environment).find((candidate) => candidate.toUpperCase() === name);
  return key === undefined ? undefined : environment[key];
}
