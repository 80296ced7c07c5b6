/** What can be written at a place in a blueprint: keys, fixed values, and the names of what there is. Pure. */
import { type Cursor, cursorAt, valueAt } from './cursor';
import { memberText, verbatim } from './memberText';
import { type KnownNames, referencesAt } from './references';
import { type JsonSchema, schemasAt } from './schemaWalk';

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

/** Suggestions in the order in which they should be shown: what must be there first. */
export function suggestionsAt(text: string, offset: number, schema: JsonSchema, known: KnownNames): Suggestion[] {
  const cursor = cursorAt(text, offset);
  if (cursor === null) return [];
  const schemas = schemasAt(schema, cursor.path, (path) => valueAt(cursor.document.contents, path));
  if (cursor.role === 'value') return values(cursor, schemas, known);
  const hasColon = /^[ \t]*:/.test(text.slice(cursor.range[1]));
  return [...keys(cursor, schemas, hasColon), ...templates(cursor, hasColon)];
}

function keys({ siblings, range }: Cursor, schemas: readonly JsonSchema[], hasColon: boolean): Suggestion[] {
  const found = new Map<string, Suggestion & { readonly required: boolean }>();
  for (const { properties = {}, required = [] } of schemas) {
    for (const [label, member] of Object.entries(properties)) {
      if (siblings.includes(label) || found.has(label)) continue;
      const must = required.includes(label);
      found.set(label, {
        label,
        kind: 'key',
        snippet: hasColon ? label : `${label}${opening(member)}`,
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

function values({ document, path, range }: Cursor, schemas: readonly JsonSchema[], known: KnownNames): Suggestion[] {
  const named = referencesAt(document, path, known);
  if (named !== null) {
    return named.map(({ name, detail, documentation }) => ({
      ...{ label: name, kind: 'reference', snippet: name, detail, documentation: verbatim(documentation), range },
    }));
  }
  const label = String(path.at(-1) ?? '');
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

const DETERMINISTIC = [
  '$' + '{1:node_id}:',
  'type: deterministic',
  'action: $' + '{2:run_tests}',
  'on_success: $' + '{3:done}',
  'on_failure: $' + '{0:fail}',
].join('\n  ');
const AGENT = [
  '$' + '{1:node_id}:',
  'type: agent',
  'goal: >-',
  '  $' + '{2:What the agent is to do.}',
  'max_turns: $' + '{3:10}',
  'on_success: $' + '{4:done}',
  'on_failure: $' + '{0:fail}',
].join('\n  ');

/** Whole nodes, where a node can stand. */
function templates({ path, range }: Cursor, hasColon: boolean): Suggestion[] {
  if (hasColon || path.length !== 1 || path[0] !== 'nodes') return [];
  const template = (label: string, snippet: string, documentation: string): Suggestion => ({
    ...{ label, kind: 'template', snippet, detail: 'new node', documentation, range },
  });
  return [
    template('deterministic node', DETERMINISTIC, 'A node that performs one fixed action.'),
    template('agent node', AGENT, 'A node in which a model works towards a goal, within fixed limits.'),
  ];
}
