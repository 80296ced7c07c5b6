/**
 * Options of a program as a table, and reading arguments by it, as getopt_long does. Only what the table names is
 * understood: an abbreviated long option, a value where none belongs or one that is missing is unknown, because a reader
 * that guesses differently from the program can be made to overlook an option.
 */
import { err, ok, type Result } from '../kernel/result';

/** flag: no value. value: one value. optional: a value only when it is attached. path: one value, a file that is read. */
type Kind = 'flag' | 'value' | 'optional' | 'path';

export type OptionTable = {
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Whether `-5` is a number of lines or commits. */
  readonly numeric: boolean;
  /** Whose separate value may begin with a dash; that of the others may be a negative number only. */
  readonly patterns: ReadonlySet<string>;
};

type Columns = Partial<Record<Kind, string>> & { readonly numeric?: boolean; readonly patterns?: string };

/** A table out of words separated by blanks: `{ flag: '-a --all', value: '-n' }`. */
export function optionTable({ numeric = false, patterns = '', ...columns }: Columns): OptionTable {
  const kinds = new Map<string, Kind>();
  for (const kind of ['flag', 'value', 'optional', 'path'] as const)
    for (const name of split(columns[kind] ?? '')) kinds.set(name, kind);
  return { kinds, numeric, patterns: new Set(split(patterns)) };
}

export const split = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

export type Given = { readonly name: string; readonly value: string | null };

export type Arguments = {
  readonly given: readonly Given[];
  /** Files that option values name. */
  readonly paths: readonly string[];
  /** What is no option, before and after `--`. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Whether `--` stands among them. */
  readonly dashes: boolean;
};

/** Reads the arguments after the program's name; the error names the option that the table does not know. */
export function readArguments(args: readonly string[], table: OptionTable): Result<Arguments, string> {
  const given: Given[] = [];
  const before: string[] = [];
  const end = args.indexOf('--');
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return ok(collected(table, given, before, args.slice(at + 1), true));
    if (arg === '-' || !arg.startsWith('-')) {
      before.push(arg);
      continue;
    }
    const options = arg.startsWith('--') ? readLong(arg, table) : readShort(arg, table);
    if (options === null) return err(`the option ${arg} is not known to be harmless`);
    const last = options.at(-1);
    if (last !== undefined && last.value === null && takesNext(table, last.name)) {
      const value = args[++at];
      const dashed = value !== undefined && /^-(?!\d+$)/.test(value) && !table.patterns.has(last.name);
      if (value === undefined || at === end || dashed) return err(`the option ${arg} has no value`);
      given.push(...options.slice(0, -1), { name: last.name, value });
    } else given.push(...options);
  }
  return ok(collected(table, given, before, [], false));
}

const takesNext = ({ kinds }: OptionTable, name: string): boolean =>
  kinds.get(name) === 'value' || kinds.get(name) === 'path';

function readLong(arg: string, { kinds }: OptionTable): Given[] | null {
  const equals = arg.indexOf('=');
  const name = equals < 0 ? arg : arg.slice(0, equals);
  const kind = kinds.get(name);
  if (kind === undefined || (kind === 'flag' && equals >= 0)) return null;
  return [{ name, value: equals < 0 ? null : arg.slice(equals + 1) }];
}

/** A cluster: flags, and at its end one option that may take the rest as its value. */
function readShort(arg: string, { kinds, numeric }: OptionTable): Given[] | null {
  if (numeric && /^-\d{1,9}$/.test(arg)) return [{ name: '-#', value: arg.slice(1) }];
  const options: Given[] = [];
  for (let at = 1; at < arg.length; at++) {
    const name = `-${arg.charAt(at)}`;
    const kind = kinds.get(name);
    if (kind === undefined) return null;
    const rest = arg.slice(at + 1);
    options.push({ name, value: kind === 'flag' || rest === '' ? null : rest });
    if (kind !== 'flag') break;
  }
  return options;
}

function collected(
  { kinds }: OptionTable,
  given: readonly Given[],
  before: readonly string[],
  after: readonly string[],
  dashes: boolean,
): Arguments {
  const paths = given.flatMap(({ name, value }) => (kinds.get(name) === 'path' && value !== null ? [value] : []));
  return { given, paths, before, after, dashes };
}

/** The values of an option, under any of its names. */
export const valuesOf = ({ given }: Arguments, ...names: string[]): string[] =>
  given.flatMap(({ name, value }) => (names.includes(name) && value !== null ? [value] : []));

export const hasOption = ({ given }: Arguments, ...names: string[]): boolean =>
  given.some(({ name }) => names.includes(name));
