/** The examples of a rule: calls that it must match, or must not. They are looked at by their words, without a disk. */
import type { PathFact, ToolFacts } from '../events/parts';
import { type AnyToolInput, parseCall, pathsOf } from '../tools/contracts';
import { questionsOf } from './evaluate';
import { mismatch } from './match';
import { requestOf } from './request';
import type { Rule, RuleExample } from './schema';

/** Why the example is wrong, in words; null when it is right. Total. */
export function problemOfExample(rule: Rule, example: RuleExample): string | null {
  const parsed = parseCall(example.tool, JSON.stringify(example.input));
  if (!parsed.ok) return parsed.error;
  const request = requestOf(parsed.value, factsOf(parsed.value), {});
  const matched = questionsOf(request, false).some(({ question }) => mismatch(rule, question) === null);
  if (matched === example.matches) return null;
  const asked = JSON.stringify(example.input);
  return matched ? `the rule matches ${asked} and should not` : `the rule does not match ${asked}`;
}

/** What a path says of itself; links are followed only where there is a disk. */
const factOf = (path: string): PathFact => ({ asked: path, inside: path.replace(/^(\.\/)+/, ''), problem: null });

function factsOf(call: AnyToolInput): ToolFacts {
  if (call.tool !== 'run_command') return { paths: pathsOf(call).map(factOf) };
  const { command } = requestOf(call, { paths: [] }, {});
  const operands = command?.kind === 'plain' ? command.operands : [];
  return { paths: operands.map(({ path }) => ({ ...factOf(path), needs: 'repo_read' })) };
}
