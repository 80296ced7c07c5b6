/** What a word in a YAML file with a schema means. Pure. */
import { valueAt, wordAt } from './cursor';
import { memberText, verbatim } from './memberText';
import { type JsonSchema, schemasAt } from './schemaWalk';
import type { ReferencesAt } from './suggest';

export type Meaning = {
  /** Markdown. */
  readonly text: string;
  /** The word, as offsets. */
  readonly range: readonly [number, number];
};

/** What the word at a place stands for; null where there is nothing to say. */
export function meaningOf(
  text: string,
  offset: number,
  schema: JsonSchema,
  referencesAt: ReferencesAt,
): Meaning | null {
  const word = wordAt(text, offset);
  if (word === null) return null;
  const { document, role, range } = word;
  const written = text.slice(...range);
  if (role === 'value') {
    const named = referencesAt(document, word.path)?.find(({ name }) => name === written);
    if (named !== undefined) {
      const lines = [`**${verbatim(named.name)}** (${verbatim(named.detail)})`, verbatim(named.documentation)];
      return { text: lines.join('\n\n').trimEnd(), range };
    }
  }
  const path = role === 'key' ? [...word.path, written] : word.path;
  const [member] = schemasAt(schema, path, (at) => valueAt(document.contents, at));
  const name = path.findLast((step) => typeof step === 'string');
  return member === undefined || name === undefined ? null : { text: memberText(String(name), member), range };
}
