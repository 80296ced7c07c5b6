/**
 * The decision over one call: pure, total, and closed. Deny beats ask, ask beats allow; what no rule of a complete policy
 * allows is denied; and the strictest of all layers and all targets is what counts, so that a layer can only tighten.
 */
import type { CommandAnalysis } from '../commands/analyse';
import type { PathFact, ProgramFact } from '../events/parts';
import { hostOf } from './address';
import { type Mismatch, mismatch, type Question } from './match';
import { namesTool } from './names';
import type { Capability, Layer, Policy, Rule, RuleEffect, Snapshot, Toolset } from './schema';

export type PolicyRequest = {
  readonly tool: string;
  readonly capability: Capability;
  readonly paths: readonly PathFact[];
  /** For a command line: what it is, and where its program was found. */
  readonly command?: CommandAnalysis;
  readonly program?: ProgramFact;
  /** For fetch_url. */
  readonly url?: string;
};

export type Decision = {
  readonly decision: RuleEffect;
  readonly rule: string;
  readonly layer: string;
  readonly reason: string;
};

/** Where a rule comes from: one of OpenExec's own that no policy changes, the chosen policy, or another layer. */
export type RuleLayer = 'built in' | 'chosen' | Layer;

/** One rule that was looked at. */
export type Look = {
  readonly layer: RuleLayer;
  readonly source: string;
  readonly rule: string;
  readonly effect: RuleEffect;
  readonly target: string | null;
  readonly capability: string;
  /** Null when it matched; else the member of the rule, or what of a built-in one, that did not. */
  readonly mismatch: Mismatch | 'holds' | 'only tightens' | null;
  readonly reason: string;
};

/** Told of every rule that is looked at, in order. */
type Note = ((look: Look) => void) | null;

const RANK = { deny: 2, ask: 1, allow: 0 } as const;
/** What names the tools of MCP servers; none of them is known unless the snapshot holds it. */
const MCP = 'mcp__';

/**
 * Decides one call under a snapshot; `narrower` is the toolset of the node that makes it, where that has one of its own.
 * Deterministic; never throws; never answers `allow` without a rule that says so.
 */
export function decide(snapshot: Snapshot, request: PolicyRequest, narrower?: Toolset): Decision {
  return judge(snapshot, request, narrower, null);
}

/** `decide`, telling of every rule that is looked at; told or not, the decision is the same. */
export function judge(snapshot: Snapshot, request: PolicyRequest, narrower: Toolset | undefined, note: Note): Decision {
  const refused = refusal(snapshot, request, narrower, note);
  if (refused !== null) return refused;
  const sides = sidesOf(snapshot);
  let worst: Decision | null = null;
  for (const { question, links } of questionsOf(request, isExact(snapshot, request.tool))) {
    const decided = strictest(sides, question, request, note);
    const linked = hardLink(question, links, note);
    const next = linked !== null && RANK[linked.decision] > RANK[decided.decision] ? linked : decided;
    if (worst === null || RANK[next.decision] > RANK[worst.decision]) worst = next;
  }
  return worst ?? builtin('default-deny', `no rule allows ${request.tool}`);
}

/** The capability that a call itself needs: what is not a program of the system inspects nothing, whatever its name. */
export function capabilityOfCall({ capability, program }: PolicyRequest): Capability {
  return program === 'repository' && capability === 'exec_inspect' ? 'exec_other' : capability;
}

/** The rule that keeps a path out of every prompt, or null when the path may be read; whichever tools the run has. */
export function withheldBy(snapshot: Snapshot, path: string): string | null {
  let sides = readingSides.get(snapshot);
  if (sides === undefined) {
    sides = sidesOf(snapshot).map((side) => ({
      ...side,
      policy: { ...side.policy, rules: aboutReading(side.policy) },
    }));
    readingSides.set(snapshot, sides);
  }
  const decision = strictest(sides, { ...READING, target: path }, READ, null);
  return decision.decision === 'allow' ? null : decision.rule;
}

const READ = { tool: 'build_context', capability: 'repo_read', paths: [] } as const;
const READING: Question = { ...READ, target: '', argv: null, host: null };
/** It is asked about every file of a repository; most rules are about something else, whatever the path. */
const readingSides = new WeakMap<Snapshot, readonly Side[]>();
const aboutReading = ({ rules }: Policy): Rule[] =>
  rules.filter((rule) => [null, 'paths'].includes(mismatch(rule, READING)));

/** The rule that forbids to change a path, or null; what a person may still allow is not forbidden. */
export function protectedBy(snapshot: Snapshot, target: string): string | null {
  const question: Question = { tool: 'write_file', capability: 'repo_write', target, argv: null, host: null };
  for (const side of sidesOf(snapshot)) {
    const found = strictestRule(side, question, null);
    if (found?.effect === 'deny') return found.id;
  }
  return null;
}

/** What no policy can allow, or null. */
function refusal(
  snapshot: Snapshot,
  request: PolicyRequest,
  narrower: Toolset | undefined,
  note: Note,
): Decision | null {
  const { tool, paths, command, url } = request;
  const tools = paths.some(({ needs }) => deletesAsPatch(tool, needs)) ? [tool, DELETION] : [tool];
  const inSet = (toolset: Toolset, whose: string): string | null => {
    const missing = tools.find((name) => !holds(toolset, name, snapshot));
    return missing === undefined ? null : `${missing} is not in the toolset ${toolset.id} of this ${whose}`;
  };
  const agreed = !tool.startsWith(MCP) || snapshot.mcp?.some(({ name }) => name === tool) === true;
  const outside = paths.find((path) => path.inside === null);
  const host = url === undefined ? null : hostOf(url);
  const checks: readonly (readonly [rule: string, why: string | null])[] = [
    ['toolset', inSet(snapshot.toolset, 'run') ?? inSet(narrower ?? snapshot.toolset, 'step')],
    ['toolset', agreed ? null : `${tool} is not a tool of an MCP server that a person has agreed to`],
    ['one-plain-command', command?.kind === 'refused' ? command.why : null],
    ['inside-the-workspace', outside ? `${outside.asked}: ${outside.problem ?? 'not inside the workspace'}` : null],
    ['public-https-address', host?.ok === false ? host.error : null],
  ];
  for (const [rule, why] of checks) {
    note?.({ ...BUILT_IN, rule, effect: 'deny', target: null, capability: request.capability, ...told(why) });
    if (why !== null) return builtin(rule, why);
  }
  return null;
}

const BUILT_IN = { layer: 'built in', source: 'OpenExec' } as const;
const told = (why: string | null) =>
  why === null ? ({ mismatch: 'holds', reason: '' } as const) : ({ mismatch: null, reason: why } as const);

function holds(toolset: Toolset, tool: string, snapshot: Snapshot): boolean {
  if (toolset.tools.includes(tool)) return true;
  return !isExact(snapshot, tool) && toolset.tools.some((pattern) => namesTool(pattern, tool));
}

/** Names are patterns since MCP servers have tools, which is since snapshots say where their policy comes from. */
const isExact = ({ source }: Snapshot, tool: string): boolean => source === undefined && !tool.startsWith(MCP);

const DELETION = 'delete_file';
const deletesAsPatch = (tool: string, needs: string | undefined): boolean =>
  tool === 'apply_patch' && needs === 'repo_delete';

export type Asked = { readonly question: Question; readonly links: number };

/** What a call would do, one by one. A call that touches nothing under its own capability is itself one of them. */
export function questionsOf(request: PolicyRequest, exact: boolean): Asked[] {
  const { tool, paths, command, url } = request;
  const own = capabilityOfCall(request);
  const host = url === undefined ? null : hostOf(url);
  const common = {
    tool,
    argv: command?.kind === 'plain' ? command.argv : null,
    host: host?.ok ? host.value : null,
    exact,
  };
  const asked = paths.flatMap(({ inside, needs, links = 1 }): Asked[] => {
    const question = { ...common, capability: needs ?? own, target: inside };
    // A patch must not delete where the tool for it would have been decided more strictly.
    const also = deletesAsPatch(tool, needs) ? [{ question: { ...question, tool: DELETION }, links }] : [];
    return [{ question, links }, ...also];
  });
  const bare = paths.every(({ needs }) => needs !== undefined);
  return bare ? [{ question: { ...common, capability: own, target: null }, links: 1 }, ...asked] : asked;
}

type Side = {
  readonly layer: RuleLayer;
  readonly source: string;
  /** As decisions name it. */
  readonly name: string;
  /** What a complete policy does not allow is denied; any other only tightens. */
  readonly complete: boolean;
  readonly policy: Policy;
};

/** The policies of a snapshot, from the strictest hand to the nearest. */
function sidesOf({ policy, source, layers = [] }: Snapshot): Side[] {
  const name = source === undefined ? `policy ${policy.id}` : `chosen policy ${policy.id} (${source})`;
  const chosen: Side = { layer: 'chosen', source: source ?? '', name, complete: true, policy };
  const others = layers.map((one): Side => ({ ...one, name: `${one.layer} policy ${one.policy.id} (${one.source})` }));
  const of = (layer: Layer): Side[] => others.filter((one) => one.layer === layer);
  return others.length === 0 ? [chosen] : [...of('managed'), chosen, ...of('user'), ...of('workspace')];
}

/** The strictest of all policies; of equals the first, but a rule that says why before none that allows. */
function strictest(sides: readonly Side[], question: Question, request: PolicyRequest, note: Note): Decision {
  let worst: Decision | null = null;
  for (const side of sides) {
    const next = decisionOf(side, question, request, note);
    if (next === null) continue;
    const stricter = worst === null ? 1 : RANK[next.decision] - RANK[worst.decision];
    if (stricter > 0 || (stricter === 0 && worst?.rule === 'default-deny')) worst = next;
  }
  return worst ?? builtin('default-deny', `no rule allows ${question.tool}`);
}

/** What one policy says; null when it only tightens and says nothing here. */
function decisionOf(side: Side, question: Question, request: PolicyRequest, note: Note): Decision | null {
  const found = strictestRule(side, question, note);
  if (found) {
    const reason = found.effect === 'allow' ? found.reason : withWhy(found.reason, question, request);
    return { decision: found.effect, rule: found.id, layer: side.name, reason };
  }
  if (!side.complete) return null;
  const whose = side.layer === 'chosen' ? '' : ` of the ${side.name}`;
  return builtin('default-deny', `no rule${whose} allows ${withWhy(question.tool, question, request)}`);
}

/** What about the call the rule is about: of a command the file that it would read, or what it does; of a page its host. */
function withWhy(reason: string, { target }: Question, { command, url }: PolicyRequest): string {
  const host = url === undefined ? null : hostOf(url);
  const why = command?.kind === 'plain' ? (target ?? command.why) : host?.ok ? host.value : '';
  return why === '' ? reason : `${reason.replace(/\.$/, '')} (${why})`;
}

function strictestRule({ layer, source, complete, policy }: Side, question: Question, note: Note): Rule | null {
  let found: Rule | null = null;
  for (const rule of policy.rules) {
    const { id, effect, reason } = rule;
    if (note === null && found !== null && RANK[effect] <= RANK[found.effect]) continue;
    const silent = !complete && effect === 'allow';
    const missed = mismatch(rule, question) ?? (silent ? 'only tightens' : null);
    note?.({ layer, source, rule: id, effect, ...targetOf(question), mismatch: missed, reason });
    if (missed === null && (found === null || RANK[effect] > RANK[found.effect])) found = rule;
  }
  return found;
}

const targetOf = ({ target, capability }: Question) => ({ target, capability });

/** A file with several names may be a protected one under another of them. */
function hardLink(question: Question, links: number, note: Note): Decision | null {
  if (links <= 1) return null;
  const effect = question.capability === 'repo_read' ? 'ask' : 'deny';
  const reason = `${question.target ?? ''}: the file has ${links} names, and another of them may be protected`;
  note?.({ ...BUILT_IN, rule: 'hard-link', effect, ...targetOf(question), mismatch: null, reason });
  return { ...builtin('hard-link', reason), decision: effect };
}

function builtin(rule: string, reason: string): Decision {
  return { decision: 'deny', rule, layer: 'built in', reason };
}
