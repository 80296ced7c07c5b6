/**
 * Whether a call's arguments fit what its tool says of them: `type`, `enum`, `const`, `properties`, `required`,
 * `additionalProperties` and `items` alone. A schema is written by the server, so nothing of it is compiled, matched as a
 * pattern or followed: `pattern`, `format`, `$ref` and combinations are left to the server, which checks its input itself.
 */
import { canonicalize } from '../kernel/json';
import { own } from '../kernel/own';
import { oneLine } from '../kernel/text';

/** Comparisons after which a call is refused; real ones need some dozens. */
const STEPS = 100_000;
const DEPTH = 64;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: isRecord,
};

/** What is wrong with the arguments, in a line; null when nothing is. `inputSchema` is JSON text. Never throws; bounded. */
export function misfit(inputSchema: string, input: Record<string, unknown>): string | null {
  const found = fault(parsed(inputSchema), input, { at: '', depth: 0, left: { steps: STEPS } });
  return found === null ? null : oneLine(found, 300);
}

type Place = { readonly at: string; readonly depth: number; readonly left: { steps: number } };

const UNUSABLE = "the tool's own input schema cannot be used";

function fault(schema: unknown, value: unknown, place: Place): string | null {
  if (schema === true) return null;
  const name = place.at === '' ? 'the arguments' : place.at;
  if (schema === false) return `${name} must not be there`;
  if (!isRecord(schema)) return UNUSABLE;
  if (place.depth > DEPTH || spent(place, 1)) return 'they are too much to be checked';
  return (
    typeFault(own(schema, 'type'), value, name) ??
    valueFault(schema, value, name, place) ??
    (isRecord(value) ? membersFault(schema, value, place) : null) ??
    (Array.isArray(value) ? itemsFault(own(schema, 'items'), value, place) : null)
  );
}

function typeFault(type: unknown, value: unknown, name: string): string | null {
  if (type === undefined) return null;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const checks = types.map((each) => (typeof each === 'string' ? own(TYPES, each) : undefined));
  if (checks.includes(undefined)) return UNUSABLE;
  return checks.some((fits) => fits?.(value)) ? null : `${name} must be ${types.join(' or ')}`;
}

function valueFault(schema: Record<string, unknown>, value: unknown, name: string, place: Place): string | null {
  const allowed = own(schema, 'enum');
  if (allowed !== undefined) {
    if (!Array.isArray(allowed)) return UNUSABLE;
    if (spent(place, allowed.length)) return 'they are too much to be checked';
    if (!allowed.some((one) => same(one, value))) return `${name} must be one of the values that the tool names`;
  }
  if (Object.hasOwn(schema, 'const') && !same(own(schema, 'const'), value)) {
    return `${name} must be the value that the tool names`;
  }
  return null;
}

function membersFault(
  schema: Record<string, unknown>,
  value: Record<string, unknown>,
  { at, depth, left }: Place,
): string | null {
  const required = own(schema, 'required') ?? [];
  const properties = own(schema, 'properties') ?? {};
  if (!Array.isArray(required) || !isRecord(properties)) return UNUSABLE;
  if (spent({ left }, required.length)) return 'they are too much to be checked';
  for (const key of required) {
    if (typeof key !== 'string') return UNUSABLE;
    if (!Object.hasOwn(value, key)) return `${at === '' ? 'the arguments' : at} must have required property '${key}'`;
  }
  // Which members a pattern stands for is not known here, so that the others cannot be told either.
  const rest = Object.hasOwn(schema, 'patternProperties') ? undefined : own(schema, 'additionalProperties');
  for (const [key, member] of Object.entries(value)) {
    const inner = Object.hasOwn(properties, key) ? properties[key] : rest;
    const found = inner === undefined ? null : fault(inner, member, { at: `${at}/${key}`, depth: depth + 1, left });
    if (found !== null) return found;
  }
  return null;
}

function itemsFault(items: unknown, value: readonly unknown[], { at, depth, left }: Place): string | null {
  // A list of schemas is the old way to write a tuple; that is left to the server.
  if (items === undefined || Array.isArray(items)) return null;
  for (const [index, item] of value.entries()) {
    const found = fault(items, item, { at: `${at}/${index}`, depth: depth + 1, left });
    if (found !== null) return found;
  }
  return null;
}

function spent({ left }: Pick<Place, 'left'>, steps: number): boolean {
  left.steps -= steps;
  return left.steps < 0;
}

function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return canonicalize(one) === canonicalize(other);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
