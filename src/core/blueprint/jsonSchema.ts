/** The blueprint language as a JSON schema, for editors: what completes, validates and explains a file as it is typed. */
import { z } from 'zod';
import { blueprintSchema } from './schema';

/** JSON Schema (draft 2020-12, or what zod makes of it) of what a person writes: defaults may be left out. */
export function blueprintJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(blueprintSchema, { io: 'input', target: 'draft-7' }) as Record<string, unknown>;
  return { ...schema, title: 'OpenExec blueprint' };
}
