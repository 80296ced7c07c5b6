/** Whether a rule speaks about one thing that a call would do. */
import { matchesAny } from './globs';
import { beginsWith, leadsTo, namesHost, namesTool } from './names';
import type { Rule } from './schema';

/** One thing that a call would do: a capability over a target, or over none. */
export type Question = {
  readonly tool: string;
  readonly capability: string;
  readonly target: string | null;
  /** The words of the call's command line; null when it is none. */
  readonly argv: readonly string[] | null;
  /** The host of the address that is fetched; null when none is. */
  readonly host: string | null;
  /** True where names of tools are words and no patterns, as they were before MCP servers had tools. */
  readonly exact?: boolean;
};

/** Which member of a rule keeps it from matching. */
export type Mismatch = 'capabilities' | 'tools' | 'paths' | 'commands' | 'hosts';

/**
 * Null when the rule matches. One that grants is read narrowly, one that tightens widely: the program of a command under
 * any path and behind options, and a host that is not known as one that is meant.
 */
export function mismatch(rule: Rule, question: Question): Mismatch | null {
  if (!(rule.capabilities as readonly string[]).includes(question.capability)) return 'capabilities';
  if (rule.tools && !matchesTool(rule.tools, question)) return 'tools';
  if (rule.commands && !matchesCommand(rule, rule.commands, question.argv)) return 'commands';
  if (!matchesHost(rule, question)) return 'hosts';
  if (rule.paths && (question.target === null || !matchesAny(rule.paths, question.target))) return 'paths';
  return null;
}

const matchesTool = (tools: readonly string[], { tool, exact }: Question): boolean =>
  tools.includes(tool) || (exact !== true && tools.some((pattern) => namesTool(pattern, tool)));

function matchesCommand({ effect }: Rule, commands: readonly string[], argv: readonly string[] | null): boolean {
  if (argv === null) return false;
  return commands.some((words) => (effect === 'allow' ? beginsWith(argv, words) : leadsTo(argv, words)));
}

function matchesHost({ effect, hosts }: Rule, { capability, host }: Question): boolean {
  if (host === null) return hosts === undefined || (effect !== 'allow' && capability === 'network');
  // A page is fetched from hosts that a rule names, and from no other.
  if (hosts === undefined) return effect !== 'allow';
  return hosts.some((pattern) => namesHost(pattern, host));
}
