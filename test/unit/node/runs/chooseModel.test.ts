/** Which model a run gets, and what a person is told before a run that would fail at its first request. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModelSettings } from '../../../../src/core/models/settings';
import { allSecrets, environmentSecrets, headerVariable, keyVariable } from '../../../../src/node/models/secretNames';
import { type ModelChoice, modelChooser, needingKey } from '../../../../src/node/runs/chooseModel';
import { sampleFolder, temporaryFolder } from '../../../support/cli';
import { NOTHING_SET } from '../../../support/nothingSet';

const settings = parseModelSettings(
  {
    lan: { protocol: 'chat', baseUrl: 'http://10.0.0.2/v1' },
    mine: { protocol: 'chat', baseUrl: 'http://10.0.0.3/v1', local: true },
    gate: { protocol: 'anthropic', baseUrl: 'https://gate.example.com', headers: ['X-Pass'] },
  },
  undefined,
);
const choiceOf = (more: Partial<ModelChoice> = {}): ModelChoice => ({
  ...NOTHING_SET,
  settings,
  headers: async () => 'a pass',
  model: undefined,
  allowFiles: false,
  monotonic: () => 0,
  ...more,
});
const named = async (choice: ModelChoice, root: string, wanted?: string, otherwise?: string): Promise<string> => {
  const { id } = await modelChooser(choice)(root, wanted, otherwise);
  return `${id.provider}:${id.name}`;
};

describe('the model of a run', () => {
  it('is what is wanted, else what is configured, else what the blueprint names, else a recording of the folder', async () => {
    const folder = sampleFolder();
    const configured = choiceOf({ model: 'lan:a' });
    expect(await named(configured, folder, 'mine:b', 'gate:c')).toBe('mine:b');
    expect(await named(configured, folder, undefined, 'gate:c')).toBe('lan:a');
    expect(await named(choiceOf({ model: ' ' }), folder, undefined, 'gate:c')).toBe('gate:c');
    expect(await named(choiceOf(), folder)).toMatch(/^recorded:/);
  });

  it('is asked about with every choice there is, where there is none', async () => {
    const chosen = modelChooser(choiceOf())(temporaryFolder());
    for (const words of [
      'Choose Model…',
      '--model',
      'anthropic:NAME',
      'Set API Key…',
      'openexec.baseUrl',
      'vscode:NAME',
    ])
      await expect(chosen).rejects.toThrow(words);
    await expect(chosen).rejects.toMatchObject({ code: 'model_unconfigured' });
  });

  it('is never described by the folder that it is for', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, '.vscode'));
    const text = JSON.stringify({
      'openexec.models': { evil: { protocol: 'chat', baseUrl: 'http://10.0.0.9', local: true } },
    });
    fs.writeFileSync(path.join(folder, '.vscode/settings.json'), text);
    await expect(modelChooser(choiceOf())(folder, 'evil:x')).rejects.toThrow('There is no model provider "evil"');
  });
});

describe('a key that is missing', () => {
  const asked = (model: string, more: Partial<ModelChoice> = {}) => {
    const choice = choiceOf({ model, ...more });
    return needingKey(modelChooser(choice), choice)(temporaryFolder());
  };

  it.each([
    ['anthropic:x', 'api.anthropic.com', 'ANTHROPIC_API_KEY'],
    ['openai:x', 'api.openai.com', 'OPENAI_API_KEY'],
    ['lan:x', '10.0.0.2', 'OPENEXEC_KEY_LAN'],
  ])('for %s is told before the run, with what sets it', async (model, destination, variable) => {
    const refused = asked(model);
    await expect(refused).rejects.toMatchObject({ code: 'model_unconfigured' });
    await expect(refused).rejects.toThrow(`There is no API key for ${destination}.`);
    await expect(refused).rejects.toThrow(variable);
    await expect(refused).rejects.toThrow('OpenExec: Set API Key…');
  });

  it.each(['mine:x', 'gate:x'])('is none for %s: a local server, or one that goes by a header', async (model) => {
    expect((await asked(model)).id.name).toBe('x');
  });

  it("is none when the provider's own is there, and another's does not help", async () => {
    const keys = async (provider: string) => (provider === 'lan' ? 'a key' : undefined);
    expect((await asked('lan:x', { keys })).id.name).toBe('x');
    await expect(asked('openai:x', { keys })).rejects.toThrow('There is no API key');
  });
});

describe('the keys of an environment', () => {
  it('have names that follow from the provider', () => {
    expect(['anthropic', 'openai', 'openai-compatible', 'my-server'].map(keyVariable)).toEqual([
      ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENEXEC_KEY_OPENAI_COMPATIBLE', 'OPENEXEC_KEY_MY_SERVER'],
    ]);
    expect(headerVariable('my-server', 'X-Team')).toBe('OPENEXEC_HEADER_MY_SERVER_X_TEAM');
  });

  it('are each for their own provider; what is blank is not set', async () => {
    const { keys, headers } = environmentSecrets({
      ANTHROPIC_API_KEY: ' one ',
      OPENAI_API_KEY: '  ',
      OPENEXEC_KEY_LAN: 'two',
      OPENEXEC_HEADER_GATE_X_PASS: 'three',
    });
    const found = [keys('anthropic'), keys('openai'), keys('lan'), keys('gate'), headers('gate', 'X-Pass')];
    expect(await Promise.all(found)).toEqual(['one', undefined, 'two', undefined, 'three']);
  });

  it('are all known as secrets, headers too', async () => {
    const secrets = environmentSecrets({
      ANTHROPIC_API_KEY: 'one',
      OPENAI_API_KEY: 'both',
      OPENEXEC_KEY_LAN: 'two',
      OPENEXEC_HEADER_GATE_X_PASS: 'three',
    });
    expect((await allSecrets(secrets, settings)).sort()).toEqual(['both', 'one', 'three', 'two']);
  });
});
