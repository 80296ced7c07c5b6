/**
 * What of the tools came with which engine and prompt. A run that an older version began goes on, and replays, with the
 * tools that it knew, in the words that its model was told.
 */
import { TOOLS, type ToolName } from './contracts';

/** The engine since which a tool exists; the first when it is not named. */
const SINCE: Partial<Record<ToolName, number>> = {
  find_symbol: 3,
  git_status: 3,
  git_diff: 3,
  git_log: 3,
  fetch_url: 3,
  ask_user: 3,
  mcp: 3,
};

/** The engine since which models have a tool that only nodes had before. */
const AGENTS_SINCE: Partial<Record<ToolName, number>> = { apply_patch: 3, git_commit: 3 };

/** What models were told of a tool by the prompts before 3, where it was something else. */
const TOLD_BEFORE_3: Partial<Record<ToolName, string>> = {
  run_command: 'Run one command line in the repository.',
};

/** True when an engine has a tool of that name. */
export const existsIn = (tool: ToolName, engine: number): boolean => engine >= (SINCE[tool] ?? 1);

/** True for a tool that models can call, by that engine or that prompt. */
export const isForAgents = (tool: ToolName, version: number): boolean =>
  TOOLS[tool].forAgents && version >= (AGENTS_SINCE[tool] ?? SINCE[tool] ?? 1);

/** What a model is told of a tool. */
export const descriptionOf = (tool: ToolName, prompt: number): string =>
  (prompt < 3 ? TOLD_BEFORE_3[tool] : undefined) ?? TOOLS[tool].description;
