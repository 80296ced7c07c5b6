/**
 * A quick yes for values that a zod schema takes. Parsing with zod copies what it reads and collects what is wrong with it;
 * most values that are read are right, and a plain look at them takes a fraction of that. Invariant: "true" is certain;
 * "false" only means that the schema must say, as it does for every kind of schema that is not known here.
 */
import type { z } from 'zod';

/** For a value as JSON.parse makes them: true only if the schema takes it and gives back an equal one. */
export type Guard = (value: unknown) => boolean;

const UNSURE: Guard = () => false;

/** The guard of a schema, made once and used often. */
export function guardOf(schema: z.core.$ZodType): Guard {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return textGuard(def);
    case 'number':
      return numberGuard(def);
    case 'object':
      return plain(def) ? objectGuard(def) : UNSURE;
    case 'array':
      return listGuard(def);
    case 'tuple':
      return plain(def) && def.rest === null ? tupleGuard(def.items.map(guardOf)) : UNSURE;
    case 'record':
      return plain(def) ? recordGuard(def) : UNSURE;
    case 'union':
      return plain(def) ? unionGuard(def) : UNSURE;
    case 'enum':
      return plain(def) ? oneOf(Object.values(def.entries)) : UNSURE;
    case 'literal':
      return plain(def) ? oneOf(def.values) : UNSURE;
    case 'boolean':
      return plain(def) && !def.coerce ? (value) => typeof value === 'boolean' : UNSURE;
    case 'nullable': {
      const inner = plain(def) ? guardOf(def.innerType) : UNSURE;
      return (value) => value === null || inner(value);
    }
    case 'optional':
      // One that is there; objects see to those that are not.
      return plain(def) ? guardOf(def.innerType) : UNSURE;
    default:
      return UNSURE;
  }
}

/** True for a schema without checks of its own. */
const plain = ({ checks }: z.core.$ZodTypeDef): boolean => checks === undefined || checks.length === 0;

type Check<T> = (value: T) => boolean;

/** The checks of a schema; null when one of them is not known here. */
function checksOf<T>(
  { checks = [] }: z.core.$ZodTypeDef,
  known: (def: z.core.$ZodChecks['_zod']['def']) => Check<T> | null,
): readonly Check<T>[] | null {
  const found: Check<T>[] = [];
  for (const check of checks) {
    const made = known((check as z.core.$ZodChecks)._zod.def);
    if (made === null) return null;
    found.push(made);
  }
  return found;
}

function textGuard(def: z.core.$ZodStringDef & { readonly format?: string; readonly pattern?: RegExp }): Guard {
  const checks = checksOf<string>(def, textCheck);
  if (checks === null || def.coerce) return UNSURE;
  // A format that is the schema itself, a date for instance, is a check by the schema's own pattern.
  const own = def.format === undefined ? ANY_TEXT : KNOWN_FORMATS.has(def.format) ? patternCheck(def.pattern) : null;
  if (own === null) return UNSURE;
  const all = own === ANY_TEXT ? checks : [own, ...checks];
  if (all.length === 0) return (value) => typeof value === 'string';
  return (value) => typeof value === 'string' && holds(all, value);
}

const ANY_TEXT: Check<string> = () => true;

/** Formats that their pattern says in full. */
const KNOWN_FORMATS: ReadonlySet<string> = new Set(['datetime', 'regex']);

function patternCheck(pattern: RegExp | undefined): Check<string> | null {
  // Such patterns remember where they ended.
  if (pattern === undefined || pattern.global || pattern.sticky) return null;
  return (text) => pattern.test(text);
}

function textCheck(def: z.core.$ZodChecks['_zod']['def']): Check<string> | null {
  switch (def.check) {
    case 'string_format':
      return def.format === 'regex' ? patternCheck(def.pattern) : null;
    default:
      return lengthCheck(def);
  }
}

function lengthCheck(def: z.core.$ZodChecks['_zod']['def']): Check<{ readonly length: number }> | null {
  switch (def.check) {
    case 'min_length':
      return ({ length }) => length >= def.minimum;
    case 'max_length':
      return ({ length }) => length <= def.maximum;
    default:
      return null;
  }
}

function numberGuard(def: z.core.$ZodNumberDef): Guard {
  const checks = checksOf<number>(def, numberCheck);
  if (checks === null || def.coerce) return UNSURE;
  return (value) => typeof value === 'number' && Number.isFinite(value) && holds(checks, value);
}

function numberCheck(def: z.core.$ZodChecks['_zod']['def']): Check<number> | null {
  switch (def.check) {
    case 'number_format':
      return def.format === 'safeint' ? Number.isSafeInteger : null;
    case 'greater_than': {
      const least = def.value;
      if (typeof least !== 'number') return null;
      return def.inclusive ? (number) => number >= least : (number) => number > least;
    }
    case 'less_than': {
      const most = def.value;
      if (typeof most !== 'number') return null;
      return def.inclusive ? (number) => number <= most : (number) => number < most;
    }
    default:
      return null;
  }
}

function holds<T>(checks: readonly Check<T>[], value: T): boolean {
  for (const check of checks) if (!check(value)) return false;
  return true;
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectGuard(def: z.core.$ZodObjectDef): Guard {
  // Others leave members out or let them through unseen.
  if (def.catchall?._zod.def.type !== 'never') return UNSURE;
  // Canonical text has its members in this order, so that they are met one after the other without looking any up.
  const shape = Object.entries(def.shape).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = shape.map(([name]) => name);
  const guards = shape.map(([, member]) => guardOf(member));
  const isOptional = shape.map(([, member]) => member._zod.def.type === 'optional');
  return (value) => {
    if (!isObject(value)) return false;
    let place = 0;
    for (const name in value) {
      while (names[place] !== name) if (isOptional[place++] !== true) return false;
      if (guards[place++]?.(value[name]) !== true) return false;
    }
    while (isOptional[place] === true) place += 1;
    return place === names.length;
  };
}

function recordGuard(def: z.core.$ZodRecordDef): Guard {
  const key = def.keyType._zod.def;
  if (key.type !== 'string' || !plain(key) || 'format' in key) return UNSURE;
  const member = guardOf(def.valueType);
  return (value) => {
    if (!isObject(value)) return false;
    // The schema leaves a member of this name out.
    for (const name in value) if (name === '__proto__' || !member(value[name])) return false;
    return true;
  };
}

function listGuard(def: z.core.$ZodArrayDef): Guard {
  const checks = checksOf<readonly unknown[]>(def, lengthCheck);
  if (checks === null) return UNSURE;
  const item = guardOf(def.element);
  return (value) => {
    if (!Array.isArray(value) || !holds(checks, value)) return false;
    // Not by `every`, which skips holes.
    for (let place = 0; place < value.length; place += 1) if (!item(value[place])) return false;
    return true;
  };
}

function tupleGuard(items: readonly Guard[]): Guard {
  return (value) =>
    Array.isArray(value) && value.length === items.length && items.every((item, place) => item(value[place]));
}

function oneOf(values: readonly unknown[]): Guard {
  const known = new Set(values);
  return (value) => known.has(value);
}

function unionGuard(def: z.core.$ZodUnionDef & { readonly discriminator?: string }): Guard {
  const { discriminator } = def;
  if (discriminator === undefined) {
    const options = def.options.map(guardOf);
    return (value) => options.some((option) => option(value));
  }
  const options = new Map<unknown, Guard>();
  for (const option of def.options) {
    const object = (option as z.core.$ZodTypes)._zod.def;
    const named = object.type === 'object' ? (object.shape[discriminator] as z.core.$ZodTypes | undefined) : undefined;
    if (named?._zod.def.type !== 'literal') return UNSURE;
    const guard = guardOf(option);
    for (const value of named._zod.def.values) options.set(value, guard);
  }
  return (value) => isObject(value) && (options.get(value[discriminator])?.(value) ?? false);
}
