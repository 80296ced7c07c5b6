/**
 * The MCP servers that a person or a repository declares: `.openexec/mcp.yaml` in the workspace, `mcp.yaml` beside the
 * person's own policy. Declaring one starts nothing; see pins.ts.
 */
import { z } from 'zod';
import { serverIdSchema } from './names';

/** Never handed on, whoever agrees: OpenExec's own keys and settings. */
const OWN = /^OPENEXEC_/i;

export const mcpServerFileSchema = z.strictObject({
  command: z
    .array(z.string().min(1).max(4096))
    .min(1)
    .max(64)
    .describe('The program and its arguments; it talks over its standard input and output.'),
  env_allow: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'not the name of an environment variable')
        .refine((name) => !OWN.test(name), 'a variable of OpenExec itself is never handed on'),
    )
    .max(32)
    .optional()
    .describe('Names of environment variables that it gets beyond the few that every program gets.'),
  tools: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(128)
    .optional()
    .describe('The tools that are used of it; all when left out.'),
});

export const mcpFileSchema = z.strictObject({
  version: z.literal(1),
  servers: z.record(serverIdSchema, mcpServerFileSchema),
});

/** A server as one of the files declares it. */
export type DeclaredServer = {
  readonly id: string;
  /** Whose file: a server of the workspace is agreed to for that workspace alone. */
  readonly origin: 'user' | 'workspace';
  /** The file, for people. */
  readonly source: string;
  readonly command: readonly string[];
  readonly envAllow: readonly string[];
  /** Null: all of its tools. */
  readonly tools: readonly string[] | null;
};
