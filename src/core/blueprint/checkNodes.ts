/** What a node says of itself: its toolset, its retries, its outputs, its limits; and the run's toolset and model. */
import { didYouMean } from '../kernel/nearest';
import { own } from '../kernel/own';
import { namesTool } from '../policy/names';
import type { Toolset } from '../policy/schema';
import { outputsOf } from './artifacts';
import type { Finding } from './edges';
import { type Action, type AgentNode, type Blueprint, type DeterministicNode, targetOf } from './schema';

/** What there is to choose from, where the blueprint is checked. */
export type Known = {
  readonly toolsets: ReadonlyMap<string, Toolset>;
  readonly providers: readonly string[];
  /** The ids of the blueprints that ship with OpenExec; no other one can be started by such an id. */
  readonly shipped?: readonly string[];
};

/** What a second try could do twice, or ask twice. */
const ONCE: readonly Action[] = ['apply_patch', 'request_approval', 'git_commit', 'evidence_bundle'];

export function checkNodes(blueprint: Blueprint, known: Known | null): Finding[] {
  const findings = [
    ...checkToolset(['toolset'], blueprint.toolset, known),
    ...checkModel(blueprint, known),
    ...checkBudget(blueprint),
  ];
  for (const [id, node] of Object.entries(blueprint.nodes)) {
    const path = ['nodes', id];
    findings.push(
      ...(node.type === 'agent' ? checkAgent(path, node, blueprint, known) : checkAction(id, node, blueprint, known)),
    );
  }
  return findings;
}

function checkToolset(path: string[], name: string, known: Known | null): Finding[] {
  if (known === null || known.toolsets.has(name)) return [];
  const names = [...known.toolsets.keys()].sort();
  return [{ path, message: `there is no toolset "${name}"${didYouMean(name, names)}${listed(names)}` }];
}

const listed = (names: readonly string[]): string => (names.length === 0 ? '' : `; known: ${names.join(', ')}`);

function checkModel({ model }: Blueprint, known: Known | null): Finding[] {
  if (model === undefined) return [];
  const path = ['model'];
  const [, provider, name] = /^([^:\s]+):(\S.*)$/.exec(model) ?? [];
  const providers = known?.providers ?? [];
  if (provider === undefined || name === undefined) {
    return [{ path, message: `"${model}" is not of the form PROVIDER:NAME${listed(providers)}` }];
  }
  if (known === null || providers.includes(provider)) return [];
  const near = didYouMean(provider, providers);
  return [{ path, message: `there is no model provider "${provider}"${near}${listed(providers)}` }];
}

/** A budget that no call fits into would end every run before its first one. */
function checkBudget({ budget, nodes }: Blueprint): Finding[] {
  const calls = Object.values(nodes).flatMap((node) => (node.type === 'agent' ? [node.max_call_tokens] : []));
  const least = Math.min(...calls);
  if (calls.length === 0 || budget?.tokens === undefined || budget.tokens >= least) return [];
  const message = `is below the smallest max_call_tokens of an agent (${least}), so that not one call could be made; raise it, or lower max_call_tokens`;
  return [{ path: ['budget', 'tokens'], message }];
}

/** What every verdict has besides its fields. */
const VERDICT_MEMBERS = ['verdict', 'reasons'];

function checkFields(path: readonly string[], { result }: AgentNode): Finding[] {
  if (result?.type !== 'verdict') return [];
  return VERDICT_MEMBERS.filter((name) => Object.hasOwn(result.fields ?? {}, name)).map((name) => ({
    path: [...path, 'result', 'fields', name],
    message: `every verdict has "${name}" as it is; give this field another name`,
  }));
}

function checkAgent(path: string[], node: AgentNode, blueprint: Blueprint, known: Known | null): Finding[] {
  const findings: Finding[] = checkFields(path, node);
  const say = (member: string, message: string) => findings.push({ path: [...path, member], message });
  if (node.toolset !== undefined) {
    findings.push(...checkToolset([...path, 'toolset'], node.toolset, known));
    const whole = known?.toolsets.get(blueprint.toolset);
    const own = known?.toolsets.get(node.toolset)?.tools ?? [];
    const wider = own.filter((tool) => whole && !whole.tools.some((entry) => namesTool(entry, tool)));
    if (wider.length > 0) {
      say(
        'toolset',
        `"${node.toolset}" has ${wider.join(', ')}, which the toolset "${blueprint.toolset}" of the run has not`,
      );
    }
  }
  if (node.max_tokens !== undefined && node.max_tokens < node.max_call_tokens) {
    const call = `max_call_tokens (${node.max_call_tokens})`;
    say('max_tokens', `is below ${call}, so that not one call could be made; raise it, or lower max_call_tokens`);
  }
  const outputs = node.outputs?.length ?? 1;
  if (node.outputs !== undefined && node.result === undefined) {
    say('outputs', 'an agent makes an artifact only when it has a result; give it one, or leave outputs out');
  } else if (outputs !== 1) {
    say('outputs', `an agent makes one artifact, its result: give one name, not ${outputs}`);
  }
  return findings;
}

function checkAction(id: string, node: DeterministicNode, { toolset }: Blueprint, known: Known | null): Finding[] {
  const { action, retry, outputs } = node;
  const findings: Finding[] = [];
  const say = (member: string, message: string) => findings.push({ path: ['nodes', id, member], message });
  for (const member of ['on_success', 'on_failure'] as const) {
    if (!ONCE.includes(action) || targetOf(node[member]) !== id) continue;
    say(member, `${action} is not repeated: a second try could do twice what the first has done; lead it elsewhere`);
  }
  if (retry > 0 && ONCE.includes(action)) {
    say('retry', `${action} is not repeated: a second try could do twice what the first has done; leave retry out`);
  }
  const makes = Object.keys(outputsOf(action));
  if (outputs && (outputs.length !== makes.length || outputs.some((name) => !makes.includes(name)))) {
    const what = makes.length === 0 ? 'makes nothing' : `makes ${makes.join(' and ')}`;
    say('outputs', `${action} ${what}; outputs says just that, or is left out`);
  }
  const tool = toolOf(action);
  const tools = known?.toolsets.get(toolset)?.tools;
  if (tool !== null && tools && !tools.includes(tool)) {
    say('action', `${action} needs the tool ${tool}, which the toolset "${toolset}" of the run has not`);
  }
  return findings;
}

const TOOL_OF: Partial<Record<Action, string>> = {
  run_lint: 'run_project_command',
  run_tests: 'run_project_command',
  run_build: 'run_project_command',
  run_format: 'run_project_command',
};

/** The tool through which an action is done; null for one that needs none. */
const toolOf = (action: Action): string | null =>
  action === 'request_approval' ? null : (own(TOOL_OF, action) ?? action);
