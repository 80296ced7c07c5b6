import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseModelSettings } from '../../../../src/core/models/settings';
import { routeOf } from '../../../../src/node/models/route';
import { createModel, listCassettes, type ModelOptions } from '../../../../src/node/models/select';
import { defaultModelSpec, parseModelSpec } from '../../../../src/node/models/spec';
import { NOTHING_SET } from '../../../support/nothingSet';

let cassettes: string;
beforeEach(async () => {
  cassettes = await mkdtemp(join(tmpdir(), 'openexec-cassettes-'));
});
afterEach(() => rm(cassettes, { recursive: true }));

const CASSETTE = JSON.stringify({ version: 1, title: 'A test', task: 'Fix it', entries: [] });

async function create(text: string, options: Partial<ModelOptions> = {}) {
  const spec = parseModelSpec(text, options.settings);
  if (!spec.ok) return spec;
  return createModel(spec.value, { ...NOTHING_SET, cassettes, monotonic: () => 0, ...options });
}

describe('a model spec', () => {
  test('is split at the first colon, because names hold colons too', () => {
    expect(parseModelSpec(' openai-compatible:llama3.1:8b ')).toEqual({
      ok: true,
      value: { provider: 'openai-compatible', name: 'llama3.1:8b' },
    });
  });

  test.each(['gpt-5', '', 'nobody:gpt-5', ':gpt-5'])('"%s" is refused with the list of providers', (text) => {
    const parsed = parseModelSpec(text);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'model_unconfigured' } });
    expect(JSON.stringify(parsed)).toContain(
      'Known providers: anthropic, openai, openai-compatible, vscode, recorded.',
    );
  });

  test.each(['openai:', 'openai:  ', 'openai:two\nlines'])('%j names no model', (text) => {
    expect(parseModelSpec(text)).toMatchObject({ ok: false, error: { code: 'model_unconfigured' } });
  });
});

const LAN = { protocol: 'chat', baseUrl: 'http://10.0.0.2:8000/v1' };
const settingsOf = (models: unknown, prices?: unknown) => ({ settings: parseModelSettings(models, prices) });

describe('a server of openexec.models', () => {
  test('is chosen by its id, and known wherever providers are listed', async () => {
    const id = { provider: 'lan', name: 'llama3.1:8b', destination: '10.0.0.2:8000', local: false };
    const facts = { contextTokens: null, outputTokens: null, price: null };
    const options = settingsOf({ lan: LAN });
    expect(await create('lan:llama3.1:8b', options)).toMatchObject({ ok: true, value: { id, facts } });
    expect(JSON.stringify(parseModelSpec('nobody:x', options.settings))).toContain('vscode, recorded, lan.');
    expect(await create('lan:llama3.1:8b')).toMatchObject({ ok: false, error: { code: 'model_unconfigured' } });
  });

  test.each(['chat', 'responses', 'anthropic'])('may speak %s', async (protocol) => {
    expect(await create('lan:x', settingsOf({ lan: { ...LAN, protocol } }))).toMatchObject({ ok: true });
  });

  test('is local when it is declared so, and costs what is said, which is not known unless it is', async () => {
    const declared = await create('lan:x', settingsOf({ lan: { ...LAN, local: true } }));
    expect(declared).toMatchObject({ value: { id: { local: true }, facts: { price: null } } });
    const priced = { ...LAN, local: true, price: { input: 1, output: 2 }, contextTokens: 9 };
    expect(await create('lan:x', settingsOf({ lan: priced }))).toMatchObject({
      value: { facts: { price: { input: 1, output: 2 }, contextTokens: 9 } },
    });
  });

  test('on this machine that passes everything on is not local, and not taken to be free', async () => {
    const gateway = { ...LAN, baseUrl: 'http://127.0.0.1:4000/v1', local: false };
    const id = { destination: '127.0.0.1:4000', local: false };
    expect(await create('gate:x', settingsOf({ gate: gateway }))).toMatchObject({
      value: { id, facts: { price: null } },
    });
  });

  test('with an entry that is wrong refuses, and says what to correct', async () => {
    const made = await create('lan:x', settingsOf({ lan: { protocol: 'chat' } }));
    expect(made).toMatchObject({
      ok: false,
      error: { code: 'config_invalid', message: expect.stringMatching(/"lan" .*baseUrl.* Correct it/) },
    });
    const noAddress = await create('lan:x', settingsOf({ lan: { ...LAN, baseUrl: 'nonsense' } }));
    expect(noAddress).toMatchObject({
      ok: false,
      error: { code: 'config_invalid', message: expect.stringMatching(/^openexec\.models, "lan": /) },
    });
  });

  test('with a header that has no value refuses before anything is sent, and says how to set it', async () => {
    const options = settingsOf({ gate: { ...LAN, headers: ['X-Team-Token'] } });
    expect(await create('gate:x', options)).toMatchObject({
      ok: false,
      error: {
        code: 'model_unconfigured',
        message: expect.stringMatching(/X-Team-Token of gate has no value.*OPENEXEC_HEADER_GATE_X_TEAM_TOKEN/),
      },
    });
    const broken = await create('gate:x', { ...options, headers: async () => 'canary\u{1F600}' });
    expect(broken).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(JSON.stringify(broken)).not.toContain('canary');
    expect(await create('gate:x', { ...options, headers: async () => 'a value' })).toMatchObject({ ok: true });
  });

  test('that is on this machine is given more time to its first token than one elsewhere', () => {
    const limitsOf = (entry: object) => {
      const route = routeOf({ provider: 'one', name: 'x' }, { baseUrl: undefined, ...settingsOf({ one: entry }) });
      return route.ok && route.value.kind === 'http' ? route.value.limits : null;
    };
    expect(limitsOf({ ...LAN, baseUrl: 'http://127.0.0.1:1/v1' })).toEqual({ firstTokenMs: 300_000 });
    expect(limitsOf({ ...LAN, local: true, stallSeconds: 5 })).toEqual({ firstTokenMs: 300_000, stallMs: 5000 });
    expect(limitsOf({ ...LAN, baseUrl: 'http://127.0.0.1:1/v1', firstTokenSeconds: 9 })).toEqual({
      firstTokenMs: 9000,
    });
    expect(limitsOf(LAN)).toEqual({});
  });
});

describe('the providers that have an address of their own', () => {
  test.each([
    ['anthropic:claude-opus-5', 'api.anthropic.com', 'anthropic', 5],
    ['openai:gpt-5', 'api.openai.com', 'responses', 1.25],
  ])('%s goes to %s', async (text, destination, protocol, input) => {
    const spec = parseModelSpec(text);
    const route = spec.ok ? routeOf(spec.value, NOTHING_SET) : spec;
    expect(route).toMatchObject({
      ok: true,
      value: { protocol, server: { destination }, facts: { price: { input } } },
    });
    expect(await create(text)).toMatchObject({ ok: true, value: { id: { destination, local: false } } });
  });

  test('a base URL moves OpenAI and never Anthropic', async () => {
    const options = { baseUrl: 'http://127.0.0.1:1/v1' };
    expect(await create('anthropic:claude-opus-5', options)).toMatchObject({ value: { id: { local: false } } });
    expect(await create('openai:gpt-5', options)).toMatchObject({ value: { id: { local: true } } });
  });

  test('limits of time that are set for a provider hold for it, and wrong ones refuse it', async () => {
    const timed = (timeouts: unknown) => ({ settings: parseModelSettings({}, {}, timeouts) });
    const route = routeOf(
      { provider: 'anthropic', name: 'x' },
      { baseUrl: undefined, ...timed({ anthropic: { firstTokenSeconds: 7 } }) },
    );
    expect(route).toMatchObject({ ok: true, value: { limits: { firstTokenMs: 7000 } } });
    expect(await create('anthropic:x', timed({ anthropic: { stallSeconds: -1 } }))).toMatchObject({ ok: false });
  });

  test('a model of VS Code is given the price and the limits that are set for it', async () => {
    const given: unknown[] = [];
    const vscode: ModelOptions['vscode'] = async (_name, set) => {
      given.push(set);
      return { ok: false, error: { code: 'model_unconfigured', message: 'no' } };
    };
    const price = { input: 1, output: 2 };
    const settings = parseModelSettings({}, { 'vscode:gpt-5': price }, { vscode: { stallSeconds: 9 } });
    await create('vscode:gpt-5', { vscode, settings });
    expect(given).toEqual([{ price, limits: { stallMs: 9000 } }]);
  });

  test('a base URL that cannot be used is never repeated: there may be a key in it', async () => {
    for (const baseUrl of ['user:hunter2@gw/v1', 'gw/v1?api_key=hunter2', 'ftp://hunter2@gw']) {
      const made = await create('openai:x', { baseUrl });
      expect(made).toMatchObject({ ok: false });
      expect(JSON.stringify(made)).not.toContain('hunter2');
    }
  });

  test('a model of VS Code is asked of the editor, and refused where there is none', async () => {
    const asked: string[] = [];
    const vscode: ModelOptions['vscode'] = async (name) => {
      asked.push(name);
      return { ok: false, error: { code: 'model_unconfigured', message: 'no' } };
    };
    expect(await create('vscode:copilot/gpt-5', { vscode })).toMatchObject({ ok: false, error: { message: 'no' } });
    expect(asked).toEqual(['copilot/gpt-5']);
    expect(await create('vscode:gpt-5')).toMatchObject({
      ok: false,
      error: { code: 'model_unconfigured', message: expect.stringMatching(/is a model of VS Code, which this is not/) },
    });
  });

  test('each gets its own key and no other', async () => {
    const asked: string[] = [];
    const keys = async (provider: string) => {
      asked.push(provider);
      return undefined;
    };
    const options = { keys, baseUrl: 'https://example.com/v1', ...settingsOf({ lan: LAN }) };
    for (const text of ['anthropic:x', 'openai:x', 'openai-compatible:x', 'lan:x']) await create(text, options);
    expect(asked).toEqual(['anthropic', 'openai', 'openai-compatible', 'lan']);
  });
});

describe('a model of an OpenAI-compatible server', () => {
  test('openai goes to OpenAI unless an address is given', async () => {
    const known = { ok: true, value: { id: { provider: 'openai', name: 'gpt-5', local: false } } };
    expect(await create('openai:gpt-5')).toMatchObject(known);
    expect(await create('openai:gpt-5')).toMatchObject({ value: { id: { destination: 'api.openai.com' } } });
    const elsewhere = await create('openai:gpt-5', { baseUrl: 'https://gateway.example.com:8443/v1/' });
    expect(elsewhere).toMatchObject({ value: { id: { destination: 'gateway.example.com:8443' } } });
  });

  test('openai-compatible needs an address, and says how to set it', async () => {
    const made = await create('openai-compatible:llama3');
    expect(made).toMatchObject({ ok: false, error: { code: 'model_unconfigured' } });
    expect(JSON.stringify(made)).toContain('--base-url');
  });

  test.each(['http://127.0.0.1:1234/v1', 'http://localhost:1234', 'http://[::1]:1234/v1', 'http://127.8.9.1:1234/'])(
    '%s is this machine',
    async (baseUrl) => {
      const destination = `this machine (${new URL(baseUrl).host})`;
      const made = await create('openai-compatible:llama3', { baseUrl });
      expect(made).toMatchObject({ ok: true, value: { id: { destination, local: true } } });
    },
  );

  test.each([
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com',
    'http://10.0.0.1:1234',
    'http://0.0.0.0:1',
  ])('%s is not this machine', async (baseUrl) => {
    const made = await create('openai-compatible:llama3', { baseUrl });
    expect(made).toMatchObject({ ok: true, value: { id: { destination: new URL(baseUrl).host, local: false } } });
  });

  test.each(['localhost:1234', 'ftp://localhost/v1', 'nonsense', 'http://127.0.0.1/v1?key=1', 'http://127.0.0.1/#x'])(
    'the address %s is refused',
    async (baseUrl) => {
      const made = await create('openai-compatible:llama3', { baseUrl });
      expect(made).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    },
  );

  test('an address with a password is refused, and the password is not repeated', async () => {
    const made = await create('openai-compatible:llama3', { baseUrl: 'https://me:canary@example.com/v1' });
    expect(made).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(JSON.stringify(made)).not.toContain('canary');
  });
});

describe('a recorded model', () => {
  test('comes from the folder of the cassettes', async () => {
    await writeFile(join(cassettes, 'fix-1.a_b.json'), CASSETTE);
    const id = { provider: 'recorded', name: 'fix-1.a_b', destination: 'this machine (recorded)', local: true };
    expect(await create('recorded:fix-1.a_b')).toMatchObject({ ok: true, value: { id } });
  });

  test('that does not exist is refused with the file that was looked for', async () => {
    const made = await create('recorded:missing');
    expect(made).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(JSON.stringify(made)).toContain('missing.json');
  });

  test.each(['../secret', 'a/b', 'a\\b', '/etc/passwd', '..\\x'])('the name %s is refused', async (name) => {
    const made = await create(`recorded:${name}`);
    expect(made).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(JSON.stringify(made)).toContain('is not the name of a recording');
  });

  test('may be any file only where files are allowed, and its path does not become its name', async () => {
    const folder = join(cassettes, 'elsewhere');
    await mkdir(folder);
    const file = join(folder, 'sample.json');
    await writeFile(file, CASSETTE);
    expect(await create(`recorded:${file}`)).toMatchObject({ ok: false });
    expect(await create(`recorded:${file}`, { allowFiles: true })).toMatchObject({ value: { id: { name: 'sample' } } });
    expect(await create('recorded:elsewhere/sample', { allowFiles: true })).toMatchObject({ ok: false });
  });
});

describe('the cassettes of a folder', () => {
  test('are its JSON files with a name that can be asked for, in a fixed order', async () => {
    for (const name of ['b.json', 'a.json', 'notes.txt', 'with space.json']) await writeFile(join(cassettes, name), '');
    await mkdir(join(cassettes, 'folder.json'));
    expect(await listCassettes(cassettes)).toEqual(['a', 'b']);
  });

  test('are none when there is no folder', async () => {
    expect(await listCassettes(join(cassettes, 'missing'))).toEqual([]);
  });
});

describe('the default model', () => {
  test.each([
    ['what is configured', { configured: ' openai:gpt-5 ', cassetteNames: ['a'] }, 'openai:gpt-5'],
    ['the first recording when nothing is configured', { configured: ' ', cassetteNames: ['a', 'b'] }, 'recorded:a'],
    ['nothing when there is neither', { cassetteNames: [] }, null],
  ])('is %s', (_what, known, expected) => {
    expect(defaultModelSpec(known)).toBe(expected);
  });
});
