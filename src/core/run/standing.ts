/**
 * Agreements that stand for the rest of a run: "allow in this run". Each is bound to one call word for word: the tool, the
 * arguments, what they led to on disk, and the rule that asked, under the one policy that the run has. Pure.
 */
import type { RunEvent } from '../events/schema';
import { canonicalize } from '../kernel/json';
import type { ActiveRun, CallState, Standing } from './state';

const DEPENDS_ON_TREE: ReadonlySet<string> = new Set(['git_commit', 'run_command', 'run_project_command']);

type Asked = Pick<RunEvent<'policy.decided'>['data'], 'rule' | 'layer'>;

/** What an agreement to the call is bound to; null for a call that is asked about every time. */
export function standingFor(
  run: ActiveRun,
  { request, facts, edit }: CallState,
  { rule, layer }: Asked,
): string | null {
  // Whoever changed the arguments has looked at this one call.
  if (run.origin.flags.engine < 3 || edit !== null) return null;
  const input = parsed(request.input);
  if (input === null) return null;
  const { tool, origin } = request;
  // What a program does depends on the files: a script that was agreed to may be another one by now.
  const dependsOnTree = DEPENDS_ON_TREE.has(tool) || facts.program === 'repository';
  const tree = dependsOnTree ? { tree: run.tree } : {};
  return canonicalize({ tool, origin, input: input.value, facts, rule, layer, ...tree });
}

function parsed(input: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(input) };
  } catch {
    return null;
  }
}

/** The agreement that covers the call, if one was given. */
export const standingOver = ({ allowed }: ActiveRun, to: string | null): Standing | undefined =>
  to === null ? undefined : allowed.find((standing) => standing.to === to);

/** The agreements after an answer. */
export function withStanding(run: ActiveRun, { data }: RunEvent<'approval.resolved'>): readonly Standing[] {
  const { effect } = run.open;
  if (data.scope !== 'run' || effect.kind !== 'ask_approval' || effect.standing === undefined) return run.allowed;
  const { approval, by } = data;
  return [...run.allowed, { to: effect.standing, approval, by }];
}
