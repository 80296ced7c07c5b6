/** The blueprints that ship: in order, warned of nowhere, and bounded by what people are told they are bounded by. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { worstCase } from '../../../../src/core/blueprint/bound';
import { inspectBlueprint, type Known } from '../../../../src/core/blueprint/inspect';
import { parseYaml } from '../../../../src/core/kernel/yaml';
import { PROVIDERS } from '../../../../src/core/models/settings';
import { toolsetSchema } from '../../../../src/core/policy/schema';
import { REPLY_TOKENS, REQUESTS_PER_TURN } from '../../../../src/core/run/limits';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const read = (folder: string): [id: string, text: string][] =>
  fs
    .readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name.replace(/\.yaml$/, ''), fs.readFileSync(path.join(ROOT, folder, name), 'utf8')]);

const toolset = (text: string) => {
  const parsed = parseYaml(text, toolsetSchema);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.value;
};
const known: Known = {
  toolsets: new Map(read('policies/toolsets').map(([id, text]) => [id, toolset(text)])),
  providers: PROVIDERS,
};

/** Model calls, tokens and minutes of the worst case, as the documents state them. */
const WORST: Readonly<Record<string, readonly [modelCalls: number, tokens: number, minutes: number]>> = {
  dependency_upgrade: [129, 1_216_000, 190],
  docs_update: [123, 992_000, 94],
  investigate: [48, 500_000, 23],
  quick_fix: [144, 1_376_000, 230],
  refactor_safely: [162, 1_492_000, 207],
  standard_change: [192, 1_856_000, 189],
  test_repair: [129, 1_216_000, 162],
};

describe.each(read('blueprints'))('the shipped blueprint %s', (id, text) => {
  const { blueprint, problems } = inspectBlueprint(text, known);

  it('passes every check without an error or a warning, and is named like its file', () => {
    expect(problems).toEqual([]);
    expect(blueprint?.id).toBe(id);
  });

  it('has the worst case that is stated for it, and at most two hundred model calls and two million tokens', () => {
    if (blueprint === null) throw new Error('not in order');
    const worst = worstCase(blueprint, { requestsPerTurn: REQUESTS_PER_TURN, replyTokens: REPLY_TOKENS, price: null });
    if (!worst.ok) throw new Error(worst.error);
    const { modelCalls, tokens, minutes } = worst.value;
    expect([modelCalls, tokens, minutes]).toEqual(WORST[id]);
    expect(modelCalls).toBeLessThanOrEqual(200);
    expect(tokens).toBeLessThanOrEqual(2_000_000);
  });

  it('commits only what a person agreed to', () => {
    if (blueprint === null) throw new Error('not in order');
    const actions = Object.values(blueprint.nodes).flatMap((node) => (node.type === 'agent' ? [] : [node.action]));
    expect(actions.includes('git_commit')).toBe(actions.includes('request_approval'));
  });

  it('gives people a title for every node', () => {
    if (blueprint === null) throw new Error('not in order');
    expect(Object.values(blueprint.nodes).filter(({ title }) => title === undefined)).toEqual([]);
  });
});
