/**
 * The decision over one call: pure, total, and closed. Deny beats ask, ask beats allow, and where no rule matches the
 * answer is deny.
 */
import picomatch from 'picomatch';
import type { PathFact } from '../events/parts';
import type { Capability, Policy, Rule, Snapshot, Toolset } from './schema';

export type PolicyRequest = {
  readonly tool: string;
  readonly capability: Capability;
  readonly paths: readonly PathFact[];
};

export type Decision = {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly layer: string;
  readonly reason: string;
};

const RANK = { deny: 2, ask: 1, allow: 0 } as const;

/**
 * Decides one call under a snapshot; `narrower` is the toolset of the node that makes it, where that has one of its own.
 * Deterministic; never throws; never answers `allow` without a rule that says so.
 */
export function decide(snapshot: Snapshot, request: PolicyRequest, narrower?: Toolset): Decision {
  for (const [toolset, whose] of [
    [snapshot.toolset, 'run'] as const,
    [narrower ?? snapshot.toolset, 'step'] as const,
  ]) {
    if (toolset.tools.includes(request.tool)) continue;
    return builtin('toolset', `${request.tool} is not in the toolset ${toolset.id} of this ${whose}`);
  }
  const broken = request.paths.find((path) => path.inside === null);
  if (broken)
    return builtin('inside-the-workspace', `${broken.asked}: ${broken.problem ?? 'not inside the workspace'}`);
  const perTarget = request.paths.length > 0 ? request.paths.map((p) => p.inside) : [null];
  const decisions = perTarget.map((target) => strictest(snapshot.policy, request, target));
  return decisions.reduce((worst, next) => (RANK[next.decision] > RANK[worst.decision] ? next : worst));
}

/** The rule that keeps a path out of every prompt, or null when the path may be read. */
export function withheldBy(snapshot: Snapshot, path: string): string | null {
  const fact = { asked: path, inside: path, problem: null };
  const decision = decide(snapshot, { tool: 'build_context', capability: 'repo_read', paths: [fact] });
  return decision.decision === 'allow' ? null : decision.rule;
}

/** The rule that forbids to change a path, or null; what a person may still allow is not forbidden. */
export function protectedBy(snapshot: Snapshot, path: string): string | null {
  const request = { tool: 'write_file', capability: 'repo_write', paths: [] } as const;
  const decision = strictest(snapshot.policy, request, path);
  return decision.decision === 'deny' && decision.rule !== 'default-deny' ? decision.rule : null;
}

/**
 * The rule that keeps a patch from deleting a file that it may change, or null. The call is decided as one that writes; it
 * must not delete where delete_file would have been decided more strictly.
 */
export function deletionKeptBy(snapshot: Snapshot, path: string): string | null {
  const paths = [{ asked: path, inside: path, problem: null }];
  const patch = decide(snapshot, { tool: 'apply_patch', capability: 'repo_write', paths });
  const deletion = decide(snapshot, { tool: 'delete_file', capability: 'repo_delete', paths });
  return RANK[deletion.decision] > RANK[patch.decision] ? deletion.rule : null;
}

function strictest({ id, rules }: Policy, request: PolicyRequest, target: string | null): Decision {
  let found: Rule | undefined;
  for (const rule of rules) {
    if (!matches(rule, request, target)) continue;
    if (!found || RANK[rule.effect] > RANK[found.effect]) found = rule;
  }
  if (!found) return builtin('default-deny', `no rule allows ${request.tool}`);
  return { decision: found.effect, rule: found.id, layer: `policy ${id}`, reason: found.reason };
}

function matches(rule: Rule, request: PolicyRequest, target: string | null): boolean {
  if (!rule.capabilities.includes(request.capability)) return false;
  if (rule.tools && !rule.tools.includes(request.tool)) return false;
  if (!rule.paths) return true;
  return target !== null && rule.paths.some((glob) => globMatcher(glob)(target));
}

const matchers = new Map<string, (path: string) => boolean>();

/**
 * Globs match without regard to case, dot files included: a sensitive name stays one in capitals. The `s` flag lets
 * `**` pass a line break in a folder's name, which would otherwise hide what lies below it.
 */
function globMatcher(glob: string): (path: string) => boolean {
  let matcher = matchers.get(glob);
  if (!matcher) {
    matcher = picomatch(glob, { dot: true, nocase: true, flags: 'is' });
    matchers.set(glob, matcher);
  }
  return matcher;
}

function builtin(rule: string, reason: string): Decision {
  return { decision: 'deny', rule, layer: 'built in', reason };
}
