/** Writing policies: what a new file says, what can be named where, and what has drifted. */
import { describe, expect, test, vi } from 'vitest';
import { inspectPolicy, type PolicyKnown } from '../../../../src/core/policy/inspect';
import { policyJsonSchema, toolsetJsonSchema } from '../../../../src/core/policy/jsonSchema';
import type { Policy } from '../../../../src/core/policy/schema';
import { driftLine, driftText } from '../../../../src/vscode/policies/driftText';
import { policyReferences, toolsetReferences } from '../../../../src/vscode/policies/references';
import { starterPolicy } from '../../../../src/vscode/policies/starter';
import type { PolicyDrift, Runs } from '../../../../src/vscode/runs';
import { meaningOf } from '../../../../src/vscode/yaml/meaning';
import { suggest } from '../../../../src/vscode/yaml/suggest';

vi.mock('vscode', async () => import('../../../support/editorTypes'));
const { Drifts } = await import('../../../../src/vscode/policies/drifts');

const STRICT: Policy = { version: 1, id: 'strict', description: 'Everything asks.', rules: [] };
const references = policyReferences(new Map([['strict', STRICT]]));
const TIGHTENS: PolicyKnown = { policies: new Map(), complete: false };

/** Labels at the `|` in the text. */
const labels = (text: string, schema = policyJsonSchema(), names = references): string[] =>
  suggest(text.replace('|', ''), text.indexOf('|'), schema, names).map(({ label }) => label);

describe('a first policy file', () => {
  test.each(['user', 'workspace'] as const)('of the layer %s is sound and decides nothing', (layer) => {
    const { policy, problems } = inspectPolicy(starterPolicy(layer), TIGHTENS);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(policy?.rules).toEqual([]);
  });

  test('has an example that is sound, examples of its rule included, once it is uncommented', () => {
    const [head, example] = starterPolicy('user').split('rules: []\n# For example:\n');
    const text = `${head}${example?.replace(/^# /gm, '')}`;
    const { policy, problems } = inspectPolicy(text, TIGHTENS);
    expect(problems).toEqual([]);
    expect(policy?.rules.map(({ id }) => id)).toEqual(['no-migrations']);
  });
});

describe('completion in a policy', () => {
  const RULE = 'version: 1\nid: a\ndescription: b\nrules:\n  - id: r\n';

  test('offers the members of a rule, those that must be there first, without those that are', () => {
    const found = labels(`${RULE}    |`);
    expect(found.slice(0, 3).sort()).toEqual(['capabilities', 'effect', 'reason']);
    expect(found).toContain('hosts');
    expect(found).not.toContain('id');
  });

  test('offers effects, capabilities, tools and shipped policies, each in its place', () => {
    expect(labels(`${RULE}    effect: |`)).toEqual(['allow', 'ask', 'deny']);
    expect(labels(`${RULE}    capabilities: [|]`)).toContain('git_commit');
    expect(labels(`${RULE}    tools: [read_file, |]`)).toContain('apply_patch');
    expect(labels('version: 1\nextends: |\n')).toEqual(['strict']);
  });

  test('offers tools in a toolset, and none that no file can name', () => {
    const found = labels('version: 1\ntools: [|]\n', toolsetJsonSchema(), toolsetReferences);
    expect(found).toContain('find_symbol');
    expect(found).not.toContain('mcp');
  });

  test('explains a tool by what it does', () => {
    const text = `${RULE}    tools: [delete_file]\n`;
    const meaning = meaningOf(text, text.indexOf('delete_file') + 3, policyJsonSchema(), references);
    expect(meaning?.text).toContain('Delete a file');
  });
});

describe('drift', () => {
  const change = { what: 'writing config/x', was: 'deny', now: 'ask', rule: 'config, policy mine' } as const;
  const drift: PolicyDrift = { was: 'aaa', now: 'bbb', wider: [change], narrower: [] };

  test('is told in words: what became wider, what narrower, between which snapshots', () => {
    const text = driftText(drift, 'Mend it');
    expect(text).toMatch(/## Wider today: 1\n\n- writing config\/x: deny → \*\*ask\*\* \(config, policy mine\)/);
    expect(text).toMatch(/## Narrower today: 0\n\nNothing is held more strictly/);
    expect(text).toContain('Snapshot of the run: aaa');
    expect(driftLine(drift)).toBe('The policy changed since: 1 thing wider, 0 things narrower.');
    expect(driftText(null, 'Mend it')).toContain('are those that the run was started with');
  });

  test('of a run is found out once, when somebody looks, and again when a policy changes', async () => {
    let policyChanged = (): void => undefined;
    const asked: string[] = [];
    const runs = {
      onDidChangePolicy: (listener: () => void) => {
        policyChanged = listener;
        return { dispose: () => undefined };
      },
      drift: async (runId: string) => {
        asked.push(runId);
        return drift;
      },
    };
    const drifts = new Drifts(runs as unknown as Runs);
    let told = 0;
    drifts.onDidChange(() => {
      told += 1;
    });
    expect(asked).toEqual([]);
    expect(drifts.of('r')).toBeNull();
    await vi.waitFor(() => expect(told).toBe(1));
    expect(drifts.of('r')).toBe(drift);
    expect(drifts.of('r')).toBe(drift);
    expect(asked).toEqual(['r']);
    policyChanged();
    expect(drifts.of('r')).toBeNull();
    await vi.waitFor(() => expect(drifts.of('r')).toBe(drift));
    expect(asked).toEqual(['r', 'r']);
  });

  test('that cannot be found out is none, and is asked for again only after a change', async () => {
    const fails = vi.fn(async () => Promise.reject(new Error('broken')));
    const drifts = new Drifts({ onDidChangePolicy: () => null, drift: fails } as unknown as Runs);
    expect(drifts.of('r')).toBeNull();
    await vi.waitFor(() => expect(fails).toHaveBeenCalledOnce());
    expect(drifts.of('r')).toBeNull();
    expect(fails).toHaveBeenCalledOnce();
  });
});
