/** The file that a rule of a recorded decision comes from. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import type { ExplanationStep } from '../../../../src/core/policy/explain';
import { SHIPPED } from '../../../../src/node/policy/load';
import { ruleFile } from '../../../../src/node/runs/ruleFile';
import { chain, origin } from '../../../support/eventChain';

let folder = '';
const at = (...names: string[]): string => path.join(folder, ...names);

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'rules-')));
  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.writeFileSync(at(file), text);
  };
  write('assets/policies/standard.yaml', 'version: 1\nid: standard\nrules:\n  - id: reads\n');
  write('etc/policy.yaml', 'version: 1\nid: acme\nextends: standard\nrules:\n  - id: no-network\n');
  write('home/policy.yaml', 'version: 1\nid: mine\nrules: [{ id: mine }]\n');
  write('repo/.openexec/policy.yaml', 'this: [is broken\n');
  write('repo/own/chosen.yaml', 'version: 1\nid: chosen\nrules: [{ id: x }]\n');
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Where the rule that decided stands. */
function fileOf(rule: string, layer: ExplanationStep['layer'], source = 'chosen here') {
  const first = origin() as EventBody<'run.started'>;
  const data = { ...first.data, workspace: { ...first.data.workspace, root: at('repo') } };
  const started = { ...first, data: { ...data, policy: { ...data.policy, id: 'standard' } } };
  const events: RunEvent[] = chain('r', [started]);
  const store = {
    async *read() {
      yield* events;
    },
    inline: async (event: RunEvent) => event,
  };
  const step = { rule, effect: 'deny', target: null, matched: true, why: '' } as const;
  const chosen = { ...step, rule: 'another', matched: false, layer: 'chosen', source } as const;
  const steps = [chosen, { ...step, layer, source: layer === 'chosen' ? source : layer }];
  const decision = { decision: 'deny', rule, layer, reason: '' } as const;
  const explained = { call: 'c', tool: 't', input: '{}', snapshot: 's', decision, steps, omitted: 0 };
  const policyFiles = { managed: at('etc/policy.yaml'), user: at('home/policy.yaml') };
  return ruleFile(store, 'r', explained, { assets: at('assets'), policyFiles });
}

describe('the file of a rule', () => {
  it('is that of its layer', async () => {
    expect(await fileOf('no-network', 'managed')).toEqual({ file: at('etc/policy.yaml'), shipped: false });
    expect(await fileOf('mine', 'user')).toEqual({ file: at('home/policy.yaml'), shipped: false });
  });

  it('is the one of the workspace also when that is broken today', async () => {
    expect((await fileOf('here', 'workspace'))?.file).toBe(at('repo/.openexec/policy.yaml'));
  });

  it('is the shipped one, which nobody changes, for the policy that was chosen by its id', async () => {
    const shipped = { file: at('assets/policies/standard.yaml'), shipped: true };
    expect(await fileOf('reads', 'chosen', SHIPPED)).toEqual(shipped);
    expect(await fileOf('reads', 'chosen', '')).toEqual(shipped);
  });

  it('is the file that was chosen, as the person in the workspace named it', async () => {
    expect(await fileOf('x', 'chosen', 'own/chosen.yaml')).toEqual({
      file: at('repo/own/chosen.yaml'),
      shipped: false,
    });
  });

  it('is that of the policy that the file extends, when the rule stands there', async () => {
    expect((await fileOf('reads', 'managed'))?.file).toBe(at('assets/policies/standard.yaml'));
  });

  it("is none for a rule of OpenExec's own, and the chosen policy for what no rule allows", async () => {
    expect(await fileOf('inside-the-workspace', 'built in')).toBeNull();
    expect((await fileOf('default-deny', 'built in', SHIPPED))?.file).toBe(at('assets/policies/standard.yaml'));
  });
});
