/** Walking a JSON schema along a path of a document: which schemas may hold for what stands there. Pure. */

/** A JSON schema, as far as editing needs it. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
};

/** Names of members, and numbers of items. */
export type Path = readonly (string | number)[];
/** The plain value at a path of the document; undefined when there is none. */
export type ValueAt = (path: Path) => unknown;

/** Deeper than any blueprint; a schema that refers to itself ends here. */
const DEPTH_LIMIT = 20;

/**
 * The schemas that may hold at a path, every choice resolved. Of several choices only those remain whose constant
 * members (such as `type`) are what the document has there; when none is, all remain.
 */
export function schemasAt(root: JsonSchema, path: Path, valueAt: ValueAt): JsonSchema[] {
  let at = fitting(choices(root, root), [], valueAt);
  for (const [depth, step] of path.entries()) {
    const here = path.slice(0, depth + 1);
    at = fitting(
      at.flatMap((schema) => memberOf(schema, step)).flatMap((schema) => choices(root, schema)),
      here,
      valueAt,
    );
  }
  return at;
}

function memberOf(schema: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const own = Object.hasOwn(schema.properties ?? {}, step) ? schema.properties?.[step] : undefined;
  if (own !== undefined) return [own];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** A description or a default that stands beside a choice holds for each of what can be chosen. */
function choices(root: JsonSchema, schema: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > DEPTH_LIMIT) return [];
  const { $ref, anyOf, oneOf, ...rest } = schema;
  const target = $ref?.startsWith('#/$defs/') ? root.$defs?.[$ref.slice('#/$defs/'.length)] : undefined;
  const options = [...(anyOf ?? []), ...(oneOf ?? []), ...(target === undefined ? [] : [target])];
  if (options.length === 0) return [schema];
  return options.flatMap((option) => choices(root, { ...option, ...described(rest) }, depth + 1));
}

function described({ description, default: fallback }: JsonSchema): JsonSchema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function fitting(schemas: readonly JsonSchema[], path: Path, valueAt: ValueAt): JsonSchema[] {
  const fits = schemas.filter((schema) =>
    Object.entries(schema.properties ?? {}).every(
      ([name, member]) => member.const === undefined || member.const === valueAt([...path, name]),
    ),
  );
  return fits.length > 0 ? fits : [...schemas];
}
