/**
 * What became wider and what narrower between two snapshots: not their texts are compared but what they decide, over
 * probes made of everything that either of them names.
 */

import { canonicalize } from '../kernel/json';
import { decide } from './evaluate';
import { isBeyondSamples, type Probe, probesOf } from './probes';
import { requestOf } from './request';
import { PROJECT_COMMANDS, type RuleEffect, type Snapshot } from './schema';

export type Change = {
  /** What is decided differently, in words, as `reading config/x.env`. */
  readonly what: string;
  readonly was: RuleEffect;
  readonly now: RuleEffect;
  /** The rule that decides it now, and where that comes from. */
  readonly rule: string;
};

export type Drift = { readonly wider: readonly Change[]; readonly narrower: readonly Change[] };

const RANK = { deny: 2, ask: 1, allow: 0 } as const;

/** The semantic difference; both lists are empty when no probe is decided differently. Pure and total. */
export function policyDrift(was: Snapshot, now: Snapshot): Drift {
  const changes = new Map<string, Change>();
  for (const probe of probesOf(was, now)) {
    const change = changeOf(probe, was, now);
    if (change !== null) changes.set(JSON.stringify(change), change);
  }
  for (const change of mcpChanges(was, now)) changes.set(change.what, change);
  const all = [...changes.values(), ...commandChanges(was, now), ...unsampledChanges(was, now)];
  const isWider = (change: Change): boolean => RANK[change.now] < RANK[change.was];
  return { wider: all.filter(isWider), narrower: all.filter((change) => !isWider(change)) };
}

function changeOf({ what, requestIn }: Probe, was: Snapshot, now: Snapshot): Change | null {
  const before = decide(was, requestIn(was));
  const after = decide(now, requestIn(now));
  if (before.decision === after.decision) return null;
  return { what, was: before.decision, now: after.decision, rule: `${after.rule}, ${after.layer}` };
}

/** A tool of an MCP server that says something else today is another tool, which that run could not call. */
function mcpChanges(was: Snapshot, now: Snapshot): Change[] {
  return (now.mcp ?? []).flatMap((tool): Change[] => {
    const before = was.mcp?.find(({ name }) => name === tool.name);
    if (before === undefined || before.sha256 === tool.sha256) return [];
    const { decision, rule, layer } = decide(now, { tool: tool.name, capability: 'exec_other', paths: [] });
    if (decision === 'deny') return [];
    return [
      { what: `the tool ${tool.name}, which has changed`, was: 'deny', now: decision, rule: `${rule}, ${layer}` },
    ];
  });
}

/** A project command of the same name that is another program today; compared word by word. */
function commandChanges(was: Snapshot, now: Snapshot): Change[] {
  return PROJECT_COMMANDS.flatMap((name): Change[] => {
    const [before, after] = [was, now].map(({ commands }) => JSON.stringify(commands[name]?.argv ?? null));
    if (before === after || before === 'null' || after === 'null') return [];
    const input = { tool: 'run_project_command', input: { name } } as const;
    const { decision, rule, layer } = decide(now, requestOf(input, { paths: [] }, now.commands));
    if (decision === 'deny') return [];
    const what = `the project command ${name}, which was ${before} and is ${after}`;
    return [{ what, was: 'deny', now: decision, rule: `${rule}, ${layer}` }];
  });
}

/** What a rule says about one glob that samples do not stand for, by everything of it that decides. */
function unsampled({ policy, layers = [] }: Snapshot): Map<string, { id: string; effect: RuleEffect; glob: string }> {
  const sides = [{ layer: 'chosen', policy }, ...layers];
  return new Map(
    sides.flatMap(({ layer, policy: { rules } }) =>
      rules.flatMap(({ id, reason: _why, examples: _checked, paths = [], ...rule }) =>
        paths
          .filter(isBeyondSamples)
          .map((glob) => [canonicalize({ ...rule, layer, glob }), { id, effect: rule.effect, glob }] as const),
      ),
    ),
  );
}

/** On the careful side: what held a call back and is gone counts as wider, and what grants and is new. */
function unsampledChanges(was: Snapshot, now: Snapshot): Change[] {
  const [before, after] = [unsampled(was), unsampled(now)];
  const without = (effect: RuleEffect): RuleEffect => (effect === 'allow' ? 'deny' : 'allow');
  const what = (glob: string): string => `${glob}, which cannot be compared by samples`;
  const gone = [...before]
    .filter(([key]) => !after.has(key))
    .map(([, { id, effect, glob }]): Change => {
      return { what: what(glob), was: effect, now: without(effect), rule: `${id}, which no longer says so` };
    });
  const added = [...after]
    .filter(([key]) => !before.has(key))
    .map(([, { id, effect, glob }]): Change => {
      return { what: what(glob), was: without(effect), now: effect, rule: `${id}, which is new or has changed` };
    });
  return [...gone, ...added];
}
