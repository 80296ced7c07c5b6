/** A JSON schema as rows of a table: every member under its path, with type, need or default, and description. */
import { code } from './markdown';

/** What the makers of the pages read of a JSON schema. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** `only` says with which variants of its object a member goes; empty when with all of them. */
type Row = { readonly path: string; readonly schema: Schema; readonly needed: boolean; readonly only: string };

/** Patterns of texts that have a name; a page that shows one says what it is. */
const IDS: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9_]{0,62}$': 'id',
  '^[a-z][a-z0-9_-]*$': 'id',
  '^[0-9a-f]{64}$': 'sha256',
};

const variantsOf = ({ anyOf, oneOf }: Schema): readonly Schema[] | undefined => anyOf ?? oneOf;
const isOneSchema = (items: Schema['items']): items is Schema => items !== undefined && !Array.isArray(items);
const nameOfRef = (ref: string): string => ref.split('/').at(-1) ?? ref;

/** The type in words; a part that has a section of its own is a link to it. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `[${nameOfRef(schema.$ref)}](#${nameOfRef(schema.$ref).toLowerCase()})`;
  if ('const' in schema) return code(String(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  const variants = variantsOf(schema);
  if (variants !== undefined) return unionOf(variants);
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => typeOf({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return `whole number${rangeOf(schema)}`;
    case 'number':
      return `number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return listOf(schema);
    case 'object':
      return isMap(schema) ? `map of ${namesOf(schema)} to ${typeOf(valuesOf(schema))}` : 'object';
    default:
      return schema.type === undefined ? 'anything' : String(schema.type);
  }
}

function unionOf(variants: readonly Schema[]): string {
  const between = variants.every((variant) => 'const' in variant) ? ', ' : ' or ';
  return [...new Set(variants.map(typeOf))].join(between);
}

function textOf({ pattern, format, maxLength }: Schema): string {
  if (format === 'date-time') return 'time (ISO 8601)';
  if (pattern !== undefined) return IDS[pattern] ?? `text like ${code(pattern)}`;
  return maxLength === undefined ? 'text' : `text (at most ${maxLength} characters)`;
}

/** What a number may be; the bounds of safe integers are none. */
function rangeOf({
  minimum = Number.MIN_SAFE_INTEGER,
  exclusiveMinimum,
  maximum = Number.MAX_SAFE_INTEGER,
}: Schema): string {
  const bottom = minimum > Number.MIN_SAFE_INTEGER;
  const top = maximum < Number.MAX_SAFE_INTEGER;
  if (bottom && top && exclusiveMinimum === undefined) return ` ${minimum} to ${maximum}`;
  const low = exclusiveMinimum === undefined ? (bottom ? ` ≥ ${minimum}` : '') : ` > ${exclusiveMinimum}`;
  return `${low}${top ? `${low === '' ? '' : ','} ≤ ${maximum}` : ''}`;
}

function listOf({ items, prefixItems, minItems }: Schema): string {
  const places = prefixItems ?? (Array.isArray(items) ? (items as readonly Schema[]) : undefined);
  if (places !== undefined) return `[${places.map(typeOf).join(', ')}]`;
  const of = isOneSchema(items) ? typeOf(items) : 'anything';
  const each = isOneSchema(items) && items.enum !== undefined ? `any of ${of}` : of === 'object' ? 'objects' : of;
  return `${(minItems ?? 0) > 0 ? 'non-empty ' : ''}list of ${each}`;
}

const isMap = ({ properties, additionalProperties }: Schema): boolean =>
  properties === undefined && typeof additionalProperties === 'object';
const valuesOf = ({ additionalProperties }: Schema): Schema =>
  typeof additionalProperties === 'object' ? additionalProperties : {};
const namesOf = ({ propertyNames }: Schema): string => IDS[propertyNames?.pattern ?? ''] ?? 'names';

/** Every member of an object, and what lies inside it; of what `stop` says yes to, the inside is left to another place. */
function rowsOf(schema: Schema, prefix: string, stop: (path: string) => boolean): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const needed = (schema.required ?? []).includes(name);
    return [{ path, schema: member, needed, only: '' }, ...(stop(path) ? [] : insideOf(member, path, stop))];
  });
}

/** The members of the objects that a value, or each of its items, may be; those that several variants share come once. */
function insideOf(schema: Schema, path: string, stop: (path: string) => boolean): Row[] {
  if (isOneSchema(schema.items)) return insideOf(schema.items, `${path}[]`, stop);
  if (isMap(schema)) return insideOf(valuesOf(schema), `${path}.*`, stop);
  const variants = variantsOf(schema);
  if (variants === undefined) return rowsOf(schema, `${path}.`, stop);
  return inOneList(variants.map((variant) => ({ variant, rows: insideOf(variant, path, stop) })));
}

type Inside = { readonly variant: Schema; readonly rows: readonly Row[] };

function inOneList(all: readonly Inside[]): Row[] {
  const objects = all.filter(({ rows }) => rows.length > 0);
  const paths = [...new Set(objects.flatMap(({ rows }) => rows.map(({ path }) => path)))];
  return paths.flatMap((path) => {
    const found = objects.flatMap(({ variant, rows }) =>
      rows.filter((row) => row.path === path).map((row) => ({ variant, row })),
    );
    const [first] = found;
    if (first === undefined) return [];
    const types = [...new Map(found.map(({ row }) => [typeOf(row.schema), row.schema])).values()];
    const schema = types.length === 1 ? first.row.schema : { anyOf: types };
    const only =
      found.length === objects.length ? first.row.only : found.map(({ variant }) => code(choiceOf(variant))).join(', ');
    return [{ path, schema, needed: found.every(({ row }) => row.needed), only }];
  });
}

/** The member by which one variant is told from the others, as it is written. */
function choiceOf({ properties }: Schema): string {
  const [name, member] = Object.entries(properties ?? {}).find(([, one]) => 'const' in one) ?? ['', undefined];
  return member === undefined ? '' : `${name}: ${String(member.const)}`;
}

/** The table rows of an object's members: path, type, default, description. */
export function fieldRows(schema: Schema, stop: (path: string) => boolean = () => false): string[][] {
  return rowsOf(schema, '', stop).map(({ path, schema: member, needed, only }) => {
    const standing = 'default' in member ? code(JSON.stringify(member.default)) : needed ? 'required' : '';
    const where = only === '' ? '' : `with ${only}`;
    return [code(path), typeOf(member), [standing, where].filter((text) => text !== '').join(' '), describe(member)];
  });
}

const describe = (schema: Schema): string =>
  [schema.markdownDescription ?? schema.description ?? '', ...variantNotes(schema)]
    .filter((text) => text !== '')
    .join(' ');

/** What the variants of a value say of themselves, each behind the member that chooses it. */
function variantNotes(schema: Schema): string[] {
  return (variantsOf(schema) ?? []).flatMap((variant) => {
    const choice = choiceOf(variant);
    return variant.description === undefined || choice === '' ? [] : [`${code(choice)}: ${variant.description}`];
  });
}
