import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createModel,
  defaultModelSpec,
  listCassettes,
  type ModelOptions,
  parseModelSpec,
} from '../../../../src/node/models/select';

let cassettes: string;
beforeEach(async () => {
  cassettes = await mkdtemp(join(tmpdir(), 'openexec-cassettes-'));
});
afterEach(() => rm(cassettes, { recursive: true }));

const CASSETTE = JSON.stringify({ version: 1, title: 'A test', task: 'Fix it', entries: [] });

async function create(text: string, options: Partial<ModelOptions> = {}) {
  const spec = parseModelSpec(text);
  if (!spec.ok) return spec;
  return createModel(spec.value, { cassettes, monotonic: () => 0, ...options });
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
    expect(JSON.stringify(parsed)).toContain('Known providers: openai, openai-compatible, recorded.');
  });

  test.each(['openai:', 'openai:  ', 'openai:two\nlines'])('%j names no model', (text) => {
    expect(parseModelSpec(text)).toMatchObject({ ok: false, error: { code: 'model_unconfigured' } });
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
