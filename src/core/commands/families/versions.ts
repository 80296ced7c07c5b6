/**
 * Version checks. Left out on purpose, because they run or fetch what files of the repository name: yarn (`yarnPath`),
 * pnpm (`packageManager`), cargo and rustc (a toolchain `path`), go (`toolchain`), dotnet (`sdk.paths`), mvn and gradle
 * (extensions, wrapper).
 */
import { doubtful, harmless, type Inspector } from '../inspection';

const LONG = ['--version'];
const SHORT = ['--version', '-v'];
const CAPITAL = ['--version', '-V'];

const VERSIONS: readonly (readonly [string, readonly string[]])[] = [
  ['node', SHORT],
  ['npm', SHORT],
  ['deno', CAPITAL],
  ['bun', SHORT],
  ['tsc', SHORT],
  ['python', CAPITAL],
  ['python3', CAPITAL],
  ['ruby', SHORT],
  ['perl', SHORT],
  ['php', SHORT],
  ['java', ['-version', '--version']],
  ['javac', ['-version', '--version']],
  ['gcc', LONG],
  ['g++', LONG],
  ['clang', LONG],
  ['make', SHORT],
  ['cmake', LONG],
  ['jq', CAPITAL],
  ['docker', SHORT],
  ['git', SHORT],
  ['rg', CAPITAL],
  ['grep', CAPITAL],
  ['find', LONG],
  ['ls', LONG],
  ['cat', LONG],
];

/** Whether the arguments ask for a version and nothing else. */
export function asksVersion(program: string, args: readonly string[]): boolean {
  const [first, ...more] = args;
  const known = VERSIONS.find(([name]) => name === program)?.[1];
  return first !== undefined && more.length === 0 && known?.includes(first) === true;
}

const onlyVersion: Inspector = () => doubtful('only its version is known to be harmless');

/** Programs of which nothing but the version is known. */
export const VERSIONED: readonly (readonly [string, Inspector])[] = VERSIONS.map(([name]) => [name, onlyVersion]);

export const VERSION = harmless([]);
