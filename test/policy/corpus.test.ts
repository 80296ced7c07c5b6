/**
 * The corpus of attacks and of ordinary work, decided as `policy check` decides: by the shipped policies, on the files of a
 * real workspace with hostile links in it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGit } from '../../src/node/git/git';
import { type ActionVerdict, checkActions } from '../../src/node/runs/checkAction';
import { type PolicyCase, policyCases } from './cases';
import { makePolicyWorkspace, type PolicyWorkspace } from './workspace';

const ASSETS = path.resolve(import.meta.dirname, '../..');
const POLICIES = path.join(import.meta.dirname, 'policies');
const cases = policyCases();
const verdicts = new Map<PolicyCase, ActionVerdict>();
let workspace: PolicyWorkspace;

beforeAll(async () => {
  workspace = makePolicyWorkspace();
  for (const group of groupsOf(cases)) {
    const decided = await checkActions(
      group.map(({ action }) => action),
      benchOf(group[0] as PolicyCase),
    );
    for (const [at, one] of group.entries()) verdicts.set(one, decided[at] as ActionVerdict);
  }
}, 120_000);
afterAll(() => workspace.remove());

const fileOf = (name: string): string => path.join(POLICIES, name);

function benchOf({ policy = 'standard', toolset, layers = {} }: PolicyCase) {
  const own = path.join(workspace.folder, '.openexec/policy.yaml');
  fs.rmSync(own, { force: true });
  if (layers.workspace) {
    fs.mkdirSync(path.dirname(own), { recursive: true });
    fs.copyFileSync(fileOf(layers.workspace), own);
  }
  return {
    folder: workspace.folder,
    policy: policy.endsWith('.yaml') ? fileOf(policy) : policy,
    ...(toolset === undefined ? {} : { toolset }),
    assets: ASSETS,
    policyFiles: {
      managed: fileOf(layers.managed ?? 'no-such-file.yaml'),
      user: layers.user === undefined ? null : fileOf(layers.user),
    },
    environment: process.env,
    git: createGit({ environment: process.env }),
  };
}

/** Cases of the same policies are decided in one pass, as a file of actions is. */
function groupsOf(all: readonly PolicyCase[]): PolicyCase[][] {
  const groups = new Map<string, PolicyCase[]>();
  for (const one of all) {
    const key = JSON.stringify([one.policy, one.toolset, one.layers]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** What the case said and what came of it, for those that are wrong. */
const told = (wrong: readonly PolicyCase[]): string[] =>
  wrong.map((one) => {
    const { decision, rule, reason } = verdicts.get(one) as ActionVerdict;
    return `${one.id}: ${JSON.stringify(one.action)} -> ${decision} by ${rule} (${reason}); why not: ${one.why}`;
  });

const of = (kind: PolicyCase['kind']): PolicyCase[] => cases.filter((one) => one.kind === kind);
const decided = (one: PolicyCase): string | undefined => verdicts.get(one)?.decision;

describe('the corpus', () => {
  it('has at least 400 cases, each with an id of its own and a verdict', () => {
    expect(cases.length).toBeGreaterThanOrEqual(400);
    const ids = cases.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(verdicts.size).toBe(cases.length);
  });

  it('has no attack that is allowed', () => {
    expect(told(of('attack').filter((one) => decided(one) === 'allow'))).toEqual([]);
  });

  it('has at most 2 % of ordinary work refused', () => {
    const refused = of('benign').filter((one) => decided(one) !== 'allow');
    expect(refused.length / of('benign').length, told(refused).join('\n')).toBeLessThanOrEqual(0.02);
  });

  it('asks a person where one has to look', () => {
    expect(told(of('asks').filter((one) => decided(one) !== 'ask'))).toEqual([]);
  });

  it('decides by the rule that a case names, as strictly as it says', () => {
    const wrong = cases.filter((one) => {
      const verdict = verdicts.get(one);
      return (one.rule ?? verdict?.rule) !== verdict?.rule || (one.decision ?? verdict?.decision) !== verdict?.decision;
    });
    expect(told(wrong)).toEqual([]);
  });
});
