/** What can be written at a place in a YAML file with a schema: keys, fixed values, and names of what there is. Pure. */
import type { Document } from 'yaml';
import { type Cursor, cursorAt, valueAt } from './cursor';
import { memberText, verbatim } from './memberText';
import { type JsonSchema, type Path, schemasAt } from './schemaWalk';

export type Suggestion = {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'reference' | 'template';
  /** What is inserted, in the syntax of VS Code's snippets. */
  readonly snippet: string;
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** The text that it takes the place of, as offsets. */
  readonly range: readonly [number, number];
};

/** Something that a file can name. */
export type Reference = {
  readonly name: string;
  /** What it is, in a few words. */
  readonly detail: string;
  /** More about it; empty when there is nothing more to say. */
  readonly documentation: string;
};

/** What can be named at a place; null where nothing is named. */
export type ReferencesAt = (document: Document, path: Path) => readonly Reference[] | null;

/** Suggestions in the order in which they should be shown: what must be there first. */
export function suggest(text: string, offset: number, schema: JsonSchema, referencesAt: ReferencesAt): Suggestion[] {
  const cursor = cursorAt(text, offset);
  if (cursor === null) return [];
  const schemas = schemasAt(schema, cursor.path, (path) => valueAt(cursor.document.contents, path));
  return cursor.role === 'value'
    ? values(cursor, schemas, referencesAt)
    : keys(cursor, schemas, hasColon(text, cursor));
}

/** Whether the key at the cursor has its colon already. */
export const hasColon = (text: string, { range }: Cursor): boolean => /^[ \t]*:/.test(text.slice(range[1]));

function keys({ siblings, range }: Cursor, schemas: readonly JsonSchema[], colon: boolean): Suggestion[] {
  const found = new Map<string, Suggestion & { readonly required: boolean }>();
  for (const { properties = {}, required = [] } of schemas) {
    for (const [label, member] of Object.entries(properties)) {
      if (siblings.includes(label) || found.has(label)) continue;
      const must = required.includes(label);
      found.set(label, {
        label,
        kind: 'key',
        snippet: colon ? label : `${label}${opening(member)}`,
        detail: must ? 'required' : '',
        documentation: memberText(label, member),
        range,
        required: must,
      });
    }
  }
  return [...found.values()]
    .sort((a, b) => Number(b.required) - Number(a.required))
    .map(({ required: _, ...suggestion }) => suggestion);
}

/** A mapping goes on below its key; anything else beside it. */
const opening = ({ type }: JsonSchema): string => (type === 'object' ? ':\n  $0' : ': $0');

function values(
  { document, path, range }: Cursor,
  schemas: readonly JsonSchema[],
  referencesAt: ReferencesAt,
): Suggestion[] {
  const named = referencesAt(document, path);
  if (named !== null) {
    return named.map(({ name, detail, documentation }) => ({
      ...{ label: name, kind: 'reference', snippet: name, detail, documentation: verbatim(documentation), range },
    }));
  }
  const label = String(path.findLast((step) => typeof step === 'string') ?? '');
  const fixed = schemas.flatMap((member) => valuesOf(member).map((value) => ({ value: String(value), member })));
  return fixed.map(({ value, member }) => ({
    ...{ label: value, kind: 'value', snippet: value, detail: '', documentation: memberText(label, member), range },
  }));
}

function valuesOf(schema: JsonSchema): readonly unknown[] {
  if (schema.enum !== undefined) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  return schema.type === 'boolean' ? [true, false] : [];
}
