/** Flags, parsed strictly: an unknown flag or a bad value is wrong use, said in one line. */
import { parseArgs } from 'node:util';
import { messageOf, OpenExecError } from '../core/kernel/errors';
import { COMMON_FLAGS, GRAMMAR, type Kind, type VerbPath } from './grammar';

export type Flags = {
  readonly values: Readonly<Record<string, string | true | undefined>>;
  readonly names: readonly string[];
};

/**
 * Parses a verb's arguments by its grammar; `names` are the positional ones, `positionals` of them are wanted (a number, or
 * the least and the most) and `meaning` says what one is. Throws `usage`.
 */
export function parseFlags(
  args: readonly string[],
  verb: VerbPath,
  positionals: number | readonly [number, number],
  meaning = 'the id of a run',
): Flags {
  const known = Object.entries<Kind>({ ...COMMON_FLAGS, ...GRAMMAR[verb].flags });
  const options = Object.fromEntries(
    known.map(([name, kind]) => [name, { type: kind === 'switch' ? 'boolean' : 'string' }] as const),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const allowed = Object.keys(options).map((name) => `--${name}`);
    throw new OpenExecError(
      'usage',
      `${(messageOf(cause).split('. ', 1)[0] ?? '').replace(/\.$/, '')}; allowed: ${allowed.join(', ')}`,
      {
        cause,
      },
    );
  }
  const [least, most] = typeof positionals === 'number' ? [positionals, positionals] : positionals;
  const { length } = parsed.positionals;
  if (length < least || length > most) {
    const one = most === 0 ? 'no argument besides flags is' : `one argument, ${meaning} is`;
    const wanted = least === most ? one : `${least} to ${most} arguments, each ${meaning}, are`;
    throw new OpenExecError('usage', `${wanted} wanted here, got ${length}`);
  }
  return { values: parsed.values as Flags['values'], names: parsed.positionals };
}

/** The text of a flag, or undefined when it is not given. An empty text is wrong use. */
export function text(flags: Flags, name: string): string | undefined {
  const value = flags.values[name];
  if (typeof value !== 'string') return undefined;
  if (value.trim() === '') throw new OpenExecError('usage', `--${name} is empty`);
  return value;
}

/** The text of a flag that must be given. */
export function required(flags: Flags, name: string): string {
  const value = text(flags, name);
  if (value === undefined) throw new OpenExecError('usage', `--${name} is missing`);
  return value;
}

/** One of a few words. */
export function choice<T extends string>(flags: Flags, name: string, allowed: readonly T[], otherwise: T): T {
  const value = text(flags, name);
  if (value === undefined) return otherwise;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new OpenExecError('usage', `--${name} ${value}: allowed are ${allowed.join(', ')}`);
  return found;
}

/** A whole number from 0. */
export function whole(flags: Flags, name: string): number | undefined {
  const value = text(flags, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value))
    throw new OpenExecError('usage', `--${name} ${value}: a whole number from 0 is wanted`);
  return Number(value);
}
