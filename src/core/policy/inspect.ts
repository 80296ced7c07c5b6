/** The text of a policy or a toolset looked at as a whole: what it says, everything that is wrong with it, and where. */
import { canonicalize } from '../kernel/json';
import { didYouMean } from '../kernel/nearest';
import { type ExplainKey, type Locate, type Problem, parseYaml, told } from '../kernel/yaml';
import { TOOLS } from '../tools/contracts';
import { problemOfExample } from './examples';
import { type Finding, lintRules } from './lint';
import { namesTool } from './names';
import { exampleSchema, type Policy, policySchema, ruleSchema, type Toolset, toolsetSchema } from './schema';

/** What a policy file may name, and what it is for. */
export type PolicyKnown = {
  /** The shipped policies by id, which a file may extend. */
  readonly policies: ReadonlyMap<string, Policy>;
  /** False for the file of a layer that only tightens: the person's own, or a workspace's. */
  readonly complete: boolean;
};

export type PolicyInspection = {
  /** With the rules of the policy that it extends; null when there is any error: a broken policy never holds in part. */
  readonly policy: Policy | null;
  /** Errors and warnings, in the order of the file. */
  readonly problems: readonly Problem[];
};

const ALONE: PolicyKnown = { policies: new Map(), complete: true };
const MCP = 'mcp__';
const TOOL_NAMES = Object.keys(TOOLS);

/** Total: any text gives a policy or errors. */
export function inspectPolicy(text: string, known: PolicyKnown = ALONE): PolicyInspection {
  const parsed = parseYaml(text, policySchema, explainKey);
  if (!parsed.ok) return { policy: null, problems: parsed.error };
  const { value, locate } = parsed.value;
  const errors = [...unknownBase(value, known), ...unknownTools(value), ...wrongExamples(value)];
  const policy = resolved(value, known);
  errors.push(...takenName(policy, known), ...repeatedIds(policy, value.rules.length));
  if (errors.length > 0) return { policy: null, problems: problemsOf(errors, locate, 'error') };
  const warnings = lintRules(policy, value.rules.length, known.complete);
  return { policy, problems: problemsOf(warnings, locate, 'warning') };
}

/** With the rules of what it extends before its own, and without examples: they have been checked, and decide nothing. */
function resolved({ extends: base, ...policy }: Policy, { policies }: PolicyKnown): Policy {
  const extended = base === undefined ? undefined : policies.get(base);
  const own = policy.rules.map(({ examples: _checked, ...rule }) => rule);
  return { ...policy, rules: [...(extended?.rules ?? []), ...own] };
}

/** Decisions and records name a policy by its id: one that says something else must not be taken for a shipped one. */
function takenName(policy: Policy, { policies }: PolicyKnown): Finding[] {
  const shipped = policies.get(policy.id);
  if (shipped === undefined || canonicalize(shipped) === canonicalize(policy)) return [];
  return [{ path: ['id'], message: `"${policy.id}" is the id of a policy that is shipped; give this one its own` }];
}

/** The rules of the file, its last `own`, whose id another rule has already, be it of the policy that is extended. */
function repeatedIds({ rules }: Policy, own: number): Finding[] {
  const inherited = rules.length - own;
  return rules.slice(inherited).flatMap(({ id }, at): Finding[] => {
    const isFirst = rules.findIndex((other) => other.id === id) === inherited + at;
    const message = `rule ${id} has the id of another rule; decisions name rules by their id`;
    return isFirst ? [] : [{ path: ['rules', at, 'id'], message }];
  });
}

export type ToolsetInspection = { readonly toolset: Toolset | null; readonly problems: readonly Problem[] };

/** Total: any text gives a toolset or errors. `id` is what its file is called, when that is to be compared. */
export function inspectToolset(text: string, id: string | null = null): ToolsetInspection {
  const parsed = parseYaml(text, toolsetSchema);
  if (!parsed.ok) return { toolset: null, problems: parsed.error };
  const { value, locate } = parsed.value;
  const unknown = value.tools.flatMap((tool, at) => unknownTool(tool, ['tools', at]));
  const other: Finding[] =
    id === null || id === value.id ? [] : [{ path: ['id'], message: `"${value.id}": the file is called ${id}` }];
  const errors = [...other, ...unknown];
  return { toolset: errors.length > 0 ? null : value, problems: problemsOf(errors, locate, 'error') };
}

const problemsOf = (findings: readonly Finding[], locate: Locate, severity: Problem['severity']): Problem[] =>
  told(findings.map(({ path, message }) => ({ ...locate(path), severity, message })));

function unknownBase({ extends: base }: Policy, { policies }: PolicyKnown): Finding[] {
  if (base === undefined || policies.has(base)) return [];
  const names = [...policies.keys()];
  const more = didYouMean(base, names) || `; there are: ${names.join(', ')}`;
  return [{ path: ['extends'], message: `"${base}" is not a policy that is shipped${more}` }];
}

/** A rule over a tool that is misspelt would say nothing. */
const unknownTools = ({ rules }: Policy): Finding[] =>
  rules.flatMap(({ tools = [] }, at) => tools.flatMap((tool, i) => unknownTool(tool, ['rules', at, 'tools', i])));

function unknownTool(tool: string, path: Finding['path']): Finding[] {
  // Which tools a server has is known only when it is asked.
  if (tool.startsWith(MCP) || TOOL_NAMES.some((name) => namesTool(tool, name))) return [];
  return [{ path, message: `there is no tool "${tool}"${didYouMean(tool, TOOL_NAMES)}` }];
}

const wrongExamples = ({ rules }: Policy): Finding[] =>
  rules.flatMap((rule, at) =>
    (rule.examples ?? []).flatMap((example, i): Finding[] => {
      const problem = problemOfExample(rule, example);
      return problem === null ? [] : [{ path: ['rules', at, 'examples', i], message: `rule ${rule.id}: ${problem}` }];
    }),
  );

const POLICY_KEYS = Object.keys(policySchema.shape);
const RULE_KEYS = Object.keys(ruleSchema.shape);
const EXAMPLE_KEYS = Object.keys(exampleSchema.shape);

const explainKey: ExplainKey = ({ path }, key) => {
  const keys = path.length === 0 ? POLICY_KEYS : path.length === 2 ? RULE_KEYS : EXAMPLE_KEYS;
  return `"${key}" is not known here${didYouMean(key, keys)}`;
};
