/** What each tool may answer, as a schema: the other half of its contract. The toolbox holds every tool to it. */
import { z } from 'zod';
import type { ToolName } from './contracts';

const answer = (characters: number) =>
  z.strictObject({
    outcome: z.enum(['ok', 'error', 'invalid', 'cancelled', 'timeout']),
    /** What the model, or the next node, gets to see. */
    output: z.string().max(characters),
    exitCode: z.int().nullable(),
  });
export type Answer = z.infer<ReturnType<typeof answer>>;

/** A page of text: what the tools that read show at most, by their own limits, with some room for names. */
const PAGE = 70_000;
/** What a command printed is bounded by its own limit; what it did to protected files is said before it. */
const PRINTED = 100_000;
const NOTE = 4000;

const LIMITS: Readonly<Record<ToolName, number>> = {
  read_file: PAGE,
  list_directory: PAGE,
  search: PAGE,
  find_symbol: PAGE,
  git_status: PAGE,
  git_diff: PAGE,
  git_log: PAGE,
  fetch_url: PAGE,
  mcp: PAGE,
  run_command: PRINTED,
  run_project_command: PRINTED,
  apply_patch: PAGE,
  diff_report: PAGE,
  write_file: NOTE,
  replace_in_file: NOTE,
  delete_file: NOTE,
  build_context: NOTE,
  summarize: NOTE,
  evidence_bundle: NOTE,
  git_commit: NOTE,
  ask_user: NOTE,
};

/** How many characters (UTF-16 units) of output a tool may answer. */
export const outputLimit = (tool: ToolName): number => LIMITS[tool];

/** The schema of what a tool answers. */
export const answerSchema = (tool: ToolName): z.ZodType<Answer> => answer(outputLimit(tool));
