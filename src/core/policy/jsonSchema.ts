/** Policies and toolsets as JSON schemas, for editors: what completes, validates and explains a file as it is typed. */
import { z } from 'zod';
import { policySchema, toolsetSchema } from './schema';

/** JSON Schema (draft 7) of a policy file as a person writes it: defaults may be left out. */
export const policyJsonSchema = (): Record<string, unknown> => schemaOf(policySchema, 'OpenExec policy');

/** JSON Schema (draft 7) of a toolset file. */
export const toolsetJsonSchema = (): Record<string, unknown> => schemaOf(toolsetSchema, 'OpenExec toolset');

function schemaOf(schema: z.ZodType, title: string): Record<string, unknown> {
  return { ...(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as Record<string, unknown>), title };
}
