/** What a family of programs says about one command that it knows: harmless, and what it reads; or why not. */
import { err, ok, type Result } from '../kernel/result';
import type { Arguments } from './options';

/**
 * Which files below a folder a program reads, as far as its options prove it. Patterns are those of names, of the form
 * `*.ts`; a pattern that is not as simple as that must not narrow anything and is left out by whoever builds this.
 */
export type Below = {
  readonly hidden: boolean;
  /** Whether symbolic links that are met below are followed. */
  readonly follow: boolean;
  /** Only files of these names, where there are any. */
  readonly only: readonly string[];
  readonly not: readonly string[];
  readonly notFolders: readonly string[];
};

/**
 * A path that a command reads; `deep` when it reads what lies below it as well, `below` says what of that. A `literal` one
 * is a name in the history: what is a link today was a file of its own there.
 */
export type CommandOperand = {
  readonly path: string;
  readonly deep: boolean;
  readonly below?: Below;
  readonly literal?: true;
};

/**
 * A question to the program itself, harmless as well: which files would be shown. Its answer counts, because only the
 * program knows its ignore files and its history.
 */
export type Shows =
  /** Prints the files below the places that are added after `--`, separated by NUL. */
  | { readonly by: 'rg'; readonly args: readonly string[] }
  | {
      readonly by: 'git';
      /** Prints the names, separated by NUL; null when only names are shown anyway. */
      readonly args: readonly string[] | null;
      /** Revisions that have to be commits: anything else would be content without a path. */
      readonly commits: readonly string[];
    };

export type Inspection = {
  readonly operands: readonly CommandOperand[];
  readonly shows?: Shows;
};

/** The arguments of a known program; the error is why they are not known to be harmless. */
export type Inspector = (args: readonly string[]) => Result<Inspection, string>;

/** Operands that are read by themselves, or whose names are listed; `-` is the standard input, which is empty. */
export const shallow = (paths: readonly string[]): CommandOperand[] =>
  paths.filter((path) => path !== '-').map((path) => ({ path, deep: false }));

export const positional = ({ before, after }: Arguments): string[] => [...before, ...after];

export const harmless = (operands: readonly CommandOperand[], shows?: Shows): Result<Inspection, string> =>
  ok(shows === undefined ? { operands } : { operands, shows });

export const doubtful = (why: string): Result<Inspection, string> => err(why);

/** Whether a pattern means the same to every program: letters, digits and simple marks, and at most two `*`. */
export const isSimplePattern = (pattern: string): boolean => /^(?=.)[\w.+@-]*(\*[\w.+@-]*){0,2}$/.test(pattern);
