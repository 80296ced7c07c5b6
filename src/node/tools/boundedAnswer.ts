/** Holds every tool to its contract: the one place where what tools answer is bounded and checked. */
import { OpenExecError } from '../../core/kernel/errors';
import { wellFormed } from '../../core/kernel/json';
import { cut } from '../../core/kernel/text';
import { type Answer, answerSchema, outputLimit } from '../../core/tools/answers';
import { isToolName, MCP_PREFIX, type ToolName } from '../../core/tools/contracts';
import type { ToolAnswer } from './context';

/** The room that the line about what was cut takes. */
const SAID = 100;

/**
 * The answer as the tool's contract has it. Output that is too long is cut, and a last line says so; any other answer
 * that does not fit is a bug of the tool and throws `internal`.
 */
export function boundedAnswer(tool: string, { outcome, output, exitCode }: ToolAnswer): Answer {
  const name = nameOf(tool);
  const parsed = answerSchema(name).safeParse({
    outcome,
    output: shorten(wellFormed(output), outputLimit(name)),
    exitCode: exitCode ?? null,
  });
  if (parsed.success) return parsed.data;
  throw new OpenExecError('internal', `the answer of ${name} does not fit its contract`, { cause: parsed.error });
}

/** A call of no tool is answered as well, by a line that says so; the smallest bound there is will do. */
const nameOf = (tool: string): ToolName => (isToolName(tool) ? tool : tool.startsWith(MCP_PREFIX) ? 'mcp' : 'ask_user');

function shorten(output: string, limit: number): string {
  if (output.length <= limit) return output;
  const kept = cut(output, limit - SAID);
  return `${kept}\n[cut: ${output.length - kept.length} more characters are not shown]`;
}
