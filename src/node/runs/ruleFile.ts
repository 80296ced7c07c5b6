/** The file that a rule of a recorded decision comes from, as it lies on this machine today. */
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import { findPolicy, SHIPPED } from '../policy/load';
import { workspacePolicyFile } from '../policy/places';
import type { RunStore } from '../store/store';
import type { ExplainedCall } from './explainCall';
import type { Places } from './named';
import type { Runtime } from './runtime';

export type RuleFile = {
  readonly file: string;
  /** True for a file of OpenExec itself, which nobody changes. */
  readonly shipped: boolean;
};

/** What of a policy file says where its rules are. */
const bases = z.object({ extends: z.string().optional(), rules: z.array(z.object({ id: z.string() })) });

/**
 * The file of the rule that made a decision; null for a rule that is OpenExec's own. What no rule allows leads to the policy
 * that was chosen. Throws `policy_unknown` when the file is gone.
 */
export async function ruleFile(
  store: Pick<RunStore, 'read' | 'inline'>,
  runId: string,
  { decision, steps }: ExplainedCall,
  { assets, policyFiles }: Pick<Runtime, 'assets' | 'policyFiles'>,
): Promise<RuleFile | null> {
  const { rule } = decision;
  const step = steps.find((one) => one.matched && one.rule === rule && one.effect === decision.decision);
  const layer = rule === 'default-deny' ? 'chosen' : (step?.layer ?? 'built in');
  const { root, id } = await policyOf(store, runId);
  const places = { assets, workspace: root };
  switch (layer) {
    case 'built in':
      return null;
    case 'managed':
      return withRule(policyFiles.managed, rule, places);
    case 'user':
      return policyFiles.user === null ? null : withRule(policyFiles.user, rule, places);
    case 'workspace':
      return withRule(workspacePolicyFile(root), rule, places);
    default: {
      const source = steps.find((one) => one.layer === 'chosen')?.source ?? '';
      return withRule(source === '' || source === SHIPPED ? id : source, rule, places);
    }
  }
}

/** The policy named, or the shipped one that it extends when the rule stands there. */
async function withRule(idOrFile: string, rule: string, places: Places): Promise<RuleFile> {
  const { file, text } = await findPolicy(idOrFile, places);
  const read = text.ok ? bases.safeParse(parsed(text.value)) : null;
  const base = read?.success === true && !read.data.rules.some(({ id }) => id === rule) ? read.data.extends : undefined;
  const found = base === undefined ? file : (await findPolicy(base, places)).file;
  return { file: found, shipped: path.dirname(found) === path.join(places.assets, 'policies') };
}

/** A file that is broken today is still the one to open. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

async function policyOf(
  store: Pick<RunStore, 'read' | 'inline'>,
  runId: string,
): Promise<{ root: string; id: string }> {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    if (event.type === 'run.started') return { root: event.data.workspace.root, id: event.data.policy.id };
  }
  throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
}
