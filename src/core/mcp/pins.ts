/**
 * Pins: what a person has agreed to about a server, kept word for word outside of any workspace, so that what has
 * changed since can be shown. Compared by SHA-256 over canonical JSON.
 */
import { z } from 'zod';
import type { Sha256 } from '../kernel/hash';
import { canonicalize } from '../kernel/json';
import { own } from '../kernel/own';
import type { McpTool } from '../policy/schema';

const pinnedToolSchema = z.strictObject({
  sha256: z.string(),
  description: z.string(),
  /** JSON text. */
  inputSchema: z.string(),
});

export const pinSchema = z.strictObject({
  /** SHA-256 of the canonical JSON of {command, env_allow}, and {files} where there are any. */
  sha256: z.string(),
  command: z.array(z.string()).min(1),
  envAllow: z.array(z.string()),
  /** The files of the repository that the command names, by path, with the SHA-256 of each; left out when none. */
  files: z.record(z.string(), z.string()).optional(),
  tools: z.record(z.string(), pinnedToolSchema),
});
export type Pin = z.infer<typeof pinSchema>;

export const pinsSchema = z.strictObject({ version: z.literal(1), servers: z.record(z.string(), pinSchema) });
export type Pins = z.infer<typeof pinsSchema>['servers'];

/** Where pins are kept. */
export interface McpPins {
  /** All there are; rejects with `config_invalid` when they cannot be read, for then nobody has agreed to anything. */
  read(): Promise<Pins>;
  /** Keeps what was agreed to about one server. */
  write(key: string, pin: Pin): Promise<void>;
}

/** What is started: the program with its arguments, and the names of what it gets of the environment. */
export type Program = {
  readonly command: readonly string[];
  readonly envAllow: readonly string[];
  /** The files of the repository that the command of one of its servers names; left out when none. */
  readonly files?: Readonly<Record<string, string>> | undefined;
};

/** Under what an agreement is kept: a server that a workspace declares is agreed to for that workspace alone. */
export const pinKey = (server: { id: string; origin: 'user' | 'workspace' }, root: string): string =>
  server.origin === 'user' ? `user ${server.id}` : `${server.id} of ${root}`;

/** What an agreement to start a server is bound to. */
export const programHash = ({ command, envAllow, files }: Program, hash: Sha256): string =>
  hash(canonicalize({ command, env_allow: envAllow, ...(files === undefined ? {} : { files }) }));

/** Whether a person has agreed to this very command. */
export const agreedToStart = (program: Program, pin: Pin | undefined, hash: Sha256): boolean =>
  pin !== undefined && pin.sha256 === programHash(program, hash);

/** A tool that nobody has agreed to as it is now; `was` is what was agreed to, null for a new one. */
export type ToolChange = { readonly now: McpTool; readonly was: { description: string; inputSchema: string } | null };

/** The tools that differ from what was agreed to, or are new. */
export function changesOf(tools: readonly McpTool[], pin: Pin | undefined): ToolChange[] {
  return tools.flatMap((now) => {
    const was = own(pin?.tools ?? {}, now.tool);
    return was?.sha256 === now.sha256 ? [] : [{ now, was: was ?? null }];
  });
}

/** The pin once a person has agreed to this command and these tools; what was agreed to about others stays. */
export function pinOf(program: Program, tools: readonly McpTool[], before: Pin | undefined, hash: Sha256): Pin {
  const { command, envAllow, files } = program;
  // Another command is another server: what was agreed to about the tools of the one says nothing about the other's.
  const kept = agreedToStart(program, before, hash) ? (before?.tools ?? {}) : {};
  const agreed = tools.map(({ tool, sha256, description, inputSchema }) => [
    tool,
    { sha256, description, inputSchema },
  ]);
  return {
    sha256: programHash(program, hash),
    command: [...command],
    envAllow: [...envAllow],
    ...(files === undefined ? {} : { files: { ...files } }),
    tools: { ...kept, ...Object.fromEntries(agreed) },
  };
}
