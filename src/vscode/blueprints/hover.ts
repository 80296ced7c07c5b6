/** What a word in a blueprint means. Pure. */
import { type Meaning, meaningOf } from '../yaml/meaning';
import type { JsonSchema } from '../yaml/schemaWalk';
import { type KnownNames, referencesAt } from './references';

/** What the word at a place stands for; null where there is nothing to say. */
export function meaningAt(text: string, offset: number, schema: JsonSchema, known: KnownNames): Meaning | null {
  return meaningOf(text, offset, schema, (document, path) => referencesAt(document, path, known));
}
