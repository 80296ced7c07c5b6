/**
 * What a policy says to no effect: rules that can never decide anything, and a policy that allows or tightens nothing. These
 * are warnings; what is found holds for every call, what is not found may still be so.
 */
import { matchesAny } from './globs';
import { beginsWith, namesHost, namesTool } from './names';
import type { Capability, Policy, Rule } from './schema';

/** Something about a member of a file. */
export type Finding = { readonly path: readonly PropertyKey[]; readonly message: string };

const RANK = { deny: 2, ask: 1, allow: 0 } as const;
const COMMANDS: readonly Capability[] = ['exec_project', 'exec_inspect', 'exec_other', 'network', 'repo_read'];

/** The findings of a policy; the last `own` of its rules are those of its file, the others were extended. */
export function lintRules(policy: Policy, own: number, complete: boolean): Finding[] {
  const inherited = policy.rules.length - own;
  const found = policy.rules.slice(inherited).flatMap((rule, at) => {
    const say = (message: string): Finding => ({ path: ['rules', at], message: `rule ${rule.id} ${message}` });
    const spoken = [silent(rule, complete), neverMatches(rule)];
    const first = spoken.find((message) => message !== null) ?? shadowed(policy, inherited + at);
    return first === null ? [] : [say(first)];
  });
  return [...found, ...nothing(policy, complete)];
}

const silent = ({ effect }: Rule, complete: boolean): string | null =>
  complete || effect !== 'allow' ? null : 'allows, which says nothing: this layer can only tighten';

/** Members that exclude each other. */
function neverMatches({ capabilities, commands, hosts, paths, effect }: Rule): string | null {
  const about = (some: readonly string[]): boolean => capabilities.some((capability) => some.includes(capability));
  if (commands && !about(COMMANDS)) return 'names commands, and none of its capabilities is about commands';
  if (hosts && !about(['network'])) return 'names hosts, and is not about network';
  if (commands && hosts && effect === 'allow') return 'names commands and hosts; a call has never both';
  if (paths && !about(['repo_read', 'repo_write', 'repo_delete', 'context_egress']))
    return 'names paths, and calls of its capabilities have none';
  return null;
}

/** The rule is decided otherwise for every call that it matches, by a rule that is as strict or stricter. */
function shadowed({ rules }: Policy, at: number): string | null {
  const rule = rules[at];
  if (!rule) return null;
  const by = new Set<string>();
  for (const capability of rule.capabilities) {
    const over = rules.find(
      (other, place) => place !== at && isOver(other, rule, place < at) && covers(other, rule, capability),
    );
    if (over === undefined) return null;
    by.add(`${over.id} (${over.effect})`);
  }
  return `can never decide anything: whatever it matches, ${[...by].join(' and ')} decides`;
}

const isOver = (other: Rule, rule: Rule, earlier: boolean): boolean =>
  RANK[other.effect] > RANK[rule.effect] || (other.effect === rule.effect && earlier);

/** Whether `other` matches every call over the capability that `rule` matches. */
function covers(other: Rule, rule: Rule, capability: Capability): boolean {
  return (
    other.capabilities.includes(capability) &&
    within(other.tools, rule.tools, namesTool) &&
    // A rule that tightens reads its words at least as widely as one that grants.
    within(other.commands, rule.commands, (wide, narrow) => beginsWith(narrow.split(/\s+/), wide)) &&
    within(other.hosts, rule.hosts, namesHost) &&
    hostsAlike(other, rule) &&
    within(other.paths, rule.paths, globCovers)
  );
}

/** Without hosts, a rule that grants is about no page; then it covers no rule that is. */
const hostsAlike = (other: Rule, rule: Rule): boolean =>
  other.hosts !== undefined || rule.hosts === undefined || other.effect !== 'allow';

function within(
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
  covered: (wide: string, narrow: string) => boolean,
): boolean {
  if (wide === undefined) return true;
  return narrow?.every((one) => wide.some((other) => other === one || covered(other, one))) === true;
}

/** Known for certain only where one glob is plain, or the other takes in all that lies below a folder. */
function globCovers(wide: string, narrow: string): boolean {
  if (wide === '**' || wide === '**/*') return true;
  if (!/[*?{}[\]!()@+|\\]/.test(narrow)) return matchesAny([wide], narrow);
  const folder = /^([^*?{}[\]!()@+|\\]+\/)\*\*(\/\*)?$/.exec(wide)?.[1];
  return folder !== undefined && narrow.toLowerCase().startsWith(folder.toLowerCase()) && !narrow.includes('{');
}

function nothing({ rules }: Policy, complete: boolean): Finding[] {
  const says = (message: string): Finding[] => [{ path: ['rules'], message }];
  if (complete && rules.every(({ effect }) => effect === 'deny')) return says('the policy allows nothing');
  if (!complete && rules.every(({ effect }) => effect === 'allow')) return says('the policy tightens nothing');
  return [];
}
