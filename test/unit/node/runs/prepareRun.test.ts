import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../src/core/kernel/errors';
import { modelChooser } from '../../../../src/node/runs/chooseModel';
import { prepareRun, type RunRequest } from '../../../../src/node/runs/prepareRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { startRun } from '../../../../src/node/runs/startRun';
import { blueprint, only, project, sampleFolder, stateOf, temporaryFolder } from '../../../support/cli';
import { NOTHING_SET } from '../../../support/nothingSet';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { createScriptedModel } from '../../../support/scriptedModel';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const nodes = { test: only('run_tests') };
const MINE = '.openexec/blueprints/mine.yaml';
const loop = { a: { ...only('run_tests'), on_success: 'b' }, b: { ...only('run_lint'), on_success: 'a' } };

type Case = [what: string, folder: () => string, request: Partial<RunRequest>, code: ErrorCode, words: RegExp];

const CASES: Case[] = [
  ['an empty task', () => sampleFolder(), { task: ' \n ' }, 'usage', /The task is empty/],
  ['no folder', () => path.join(temporaryFolder(), 'nope'), {}, 'no_folder', /There is no folder/],
  ['no repository', () => sampleFolder({}, { git: false }), {}, 'not_a_repository', /git init/],
  ['no commit', () => sampleFolder({}, { commit: false }), {}, 'no_head', /has no commit yet/],
  ['an unknown blueprint', () => sampleFolder(), { blueprint: 'nope' }, 'blueprint_unknown', /Known: .*quick_fix/],
  [
    'an unknown policy',
    () => sampleFolder({ [MINE]: blueprint('mine', nodes) }),
    { policy: 'nope' },
    'policy_unknown',
    /standard/,
  ],
  [
    'an unknown toolset',
    () => sampleFolder({ [MINE]: blueprint('mine', nodes).replace('"coding_backend"', '"everything"') }),
    {},
    'blueprint_invalid',
    /mine\.yaml:\d+:\d+ there is no toolset "everything"; known: ci_build, coding_backend/,
  ],
  ['a loop without a count', () => sampleFolder({ [MINE]: blueprint('mine', loop) }), {}, 'blueprint_invalid', /mine/],
  [
    'a command that is not declared',
    () => sampleFolder({ [MINE]: blueprint('mine', { build: only('run_build') }) }),
    {},
    'blueprint_unfit',
    /runs the project's build command \(node build\), and none was found\. Declare it in \.openexec\/project\.yaml/,
  ],
  [
    'a project file that is broken',
    () => sampleFolder({ [MINE]: blueprint('mine', nodes), '.openexec/project.yaml': 'version: 2\ncommands: {}\n' }),
    {},
    'config_invalid',
    /^\.openexec\/project\.yaml:1:10 /,
  ],
  [
    'a recording that is broken',
    () => sampleFolder({ [MINE]: blueprint('mine', nodes), '.openexec/cassettes/sample.json': '{}' }),
    {},
    'config_invalid',
    /sample\.json is not a cassette/,
  ],
];

describe('a run that cannot be prepared', () => {
  let bench: StoreBench;
  let runtime: Runtime;
  beforeAll(async () => {
    bench = await storeBench();
    runtime = await testRuntime(bench);
  });
  afterAll(() => bench.dispose());

  it.each(CASES)(
    'is refused for %s, in one line, with nothing recorded',
    async (_what, makeFolder, request, code, words) => {
      const started = startRun(testRequest(makeFolder(), request), runtime, testPorts());
      await expect(started).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
      await expect(started).rejects.toMatchObject({ message: expect.not.stringContaining('\n') });
      expect(await runtime.store.summaries()).toEqual([]);
      expect(fs.readdirSync(path.join(runtime.store.root, 'runs'))).toEqual([]);
    },
  );

  it('is refused without a model, and told what can be configured', async () => {
    const folder = sampleFolder({ [MINE]: blueprint('mine', nodes) });
    fs.rmSync(path.join(folder, '.openexec/cassettes'), { recursive: true });
    await expect(prepareRun(testRequest(folder), runtime, testPorts())).rejects.toMatchObject({
      code: 'model_unconfigured',
      message: expect.stringMatching(/openai:NAME with a key .*openai-compatible:NAME with openexec\.baseUrl/),
    });
  });
});

describe('a run that is prepared', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await storeBench();
  });
  afterAll(() => bench.dispose());

  it('has changed nothing of the person yet, and says where it starts and under what', async () => {
    const files = {
      [MINE]: blueprint('mine', nodes),
      '.openexec/project.yaml': project({ test: 'node tools/test.mjs' }),
    };
    const folder = sampleFolder(files);
    const before = stateOf(folder);
    const { first, base } = await prepareRun(testRequest(folder), await testRuntime(bench), testPorts());
    expect(stateOf(folder)).toEqual(before);
    expect(first.data).toMatchObject({
      task: 'Do it',
      blueprint: { id: 'mine' },
      policy: { id: 'standard' },
      model: { provider: 'recorded', name: 'sample', local: true },
      workspace: { dirty: true, baseTree: base.baseTree },
      approvals: 'all',
    });
  });

  it('keeps a secret in the task out of its record', async () => {
    const folder = sampleFolder({ [MINE]: blueprint('mine', nodes) });
    const task = `Use the key ghp_${'a1B2'.repeat(9)} to log in`;
    const { first } = await prepareRun(testRequest(folder, { task }), await testRuntime(bench), testPorts());
    expect(JSON.stringify(first)).not.toContain('ghp_a1B2');
    expect(first.data.task).toMatch(/^Use the key .+ to log in$/);
  });

  const work = { type: 'agent', goal: 'Do it', max_turns: 2, max_call_tokens: 10_000, on_success: 'done' };
  const modelAt = (destination: string, name = 'gpt-4o-mini') => ({
    chooseModel: async () => {
      const id = { provider: 'openai', name, destination, local: false };
      const price = destination === 'api.openai.com' ? { input: 0.15, output: 0.6 } : null;
      return createScriptedModel([], id, { contextTokens: 128_000, outputTokens: null, price });
    },
  });
  const folderWith = (more: object, node: object = {}): string => {
    const text = { ...JSON.parse(blueprint('mine', { work: { ...work, ...node } })), ...more };
    return sampleFolder({ [MINE]: JSON.stringify(text) });
  };

  it('is frozen with the toolsets of its nodes, which hold no tool that the run has not', async () => {
    const runtime = await testRuntime(bench);
    const { frozen } = await prepareRun(
      testRequest(folderWith({}, { toolset: 'repo_readonly' })),
      runtime,
      testPorts(),
    );
    expect(Object.keys(frozen.toolsets ?? {})).toEqual(['work']);
    expect(frozen.toolsets?.work?.tools).not.toContain('write_file');
    const wider = prepareRun(
      testRequest(folderWith({ toolset: 'repo_readonly' }, { toolset: 'coding_backend' })),
      runtime,
      testPorts(),
    );
    await expect(wider).rejects.toMatchObject({
      code: 'blueprint_invalid',
      message: expect.stringMatching(/write_file/),
    });
  });

  it('costs at the most what its worst case costs by the price of its model, or less where the blueprint says so', async () => {
    const runtime = await testRuntime(bench);
    const folder = folderWith({ budget: { model_calls: 3, cost_usd: 0.001 } });
    const { first } = await prepareRun(testRequest(folder), runtime, testPorts(modelAt('api.openai.com')));
    const { price, window, bound, budget } = first.data;
    expect(window).toEqual({ contextTokens: 128_000, outputTokens: null });
    expect(price).toEqual({ input: 0.15, output: 0.6 });
    expect(bound).toMatchObject({ modelCalls: 6, tokens: 20_000 });
    expect(bound.costUsd).toBeGreaterThan(0.001);
    expect(budget).toMatchObject({ modelCalls: 3, tokens: 20_000, costUsd: 0.001 });
  });

  it('is refused when its cost is limited and nobody knows what the model costs', async () => {
    const folder = folderWith({ budget: { cost_usd: 1 } });
    const prepared = prepareRun(testRequest(folder), await testRuntime(bench), testPorts(modelAt('example.com')));
    await expect(prepared).rejects.toMatchObject({
      code: 'blueprint_unfit',
      message: expect.stringMatching(
        /limits the cost to \$1, and the price of openai:gpt-4o-mini at example\.com is not known/,
      ),
    });
  });

  it('takes the model of the blueprint only when the person configured none', async () => {
    const folder = folderWith({ model: 'openai-compatible:llama' });
    const runtime = await testRuntime(bench);
    const choice = { ...NOTHING_SET, baseUrl: 'http://127.0.0.1:9/v1', allowFiles: false, monotonic: () => 0 };
    const named = async (model: string | undefined): Promise<string> => {
      const ports = testPorts({ chooseModel: modelChooser({ ...choice, model }) });
      const { first } = await prepareRun(testRequest(folder), runtime, ports);
      return `${first.data.model.provider}:${first.data.model.name}`;
    };
    expect(await named(undefined)).toBe('openai-compatible:llama');
    expect(await named('')).toBe('openai-compatible:llama');
    expect(await named('recorded:sample')).toBe('recorded:sample');
  });
});
