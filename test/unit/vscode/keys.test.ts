/** Keys in secret storage: one for each provider, the one of 0.1 kept, and every one of them known. */
import { expect, test } from 'vitest';
import { allKeys, readKey, readSigningKey, storeKey, storeSigningKey } from '../../../src/vscode/keys';

function secretStorage(initial: Readonly<Record<string, string>> = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    kept,
    get: async (name: string) => kept.get(name),
    store: async (name: string, value: string) => void kept.set(name, value),
    delete: async (name: string) => void kept.delete(name),
    onDidChange: () => ({ dispose: () => undefined }),
  } as never as Parameters<typeof readKey>[0] & { kept: Map<string, string> };
}

test('each provider has a key of its own, and each header of a server a value', async () => {
  const secrets = secretStorage();
  await storeKey(secrets, { provider: 'anthropic' }, ' key-a\n');
  await storeKey(secrets, { provider: 'gateway', header: 'X-Team' }, 'blue');
  expect(await readKey(secrets, { provider: 'anthropic' })).toBe('key-a');
  expect(await readKey(secrets, { provider: 'gateway', header: 'x-team' })).toBe('blue');
  expect(await readKey(secrets, { provider: 'gateway' })).toBeUndefined();
  expect(await readKey(secrets, { provider: 'openai' })).toBeUndefined();
});

test('the one key of earlier versions stays the key of OpenAI and of the compatible server', async () => {
  const secrets = secretStorage({ 'openexec.key.openai': 'old' });
  expect(await readKey(secrets, { provider: 'openai-compatible' })).toBe('old');
  expect(await readKey(secrets, { provider: 'openai' })).toBe('old');
  expect(await allKeys(secrets)).toEqual(['old', 'old']);
});

test('a key that was removed afterwards does not come back', async () => {
  const secrets = secretStorage({ 'openexec.key.openai': 'old' });
  await storeKey(secrets, { provider: 'openai-compatible' }, '');
  expect(await readKey(secrets, { provider: 'openai-compatible' })).toBeUndefined();
  expect(await readKey(secrets, { provider: 'openai' })).toBe('old');
});

test('every stored key is known, also of a server that is configured no more; a removed one is gone', async () => {
  const secrets = secretStorage();
  await storeKey(secrets, { provider: 'anthropic' }, 'key-a');
  await storeKey(secrets, { provider: 'gone' }, 'key-b');
  await storeKey(secrets, { provider: 'anthropic' }, 'key-c');
  expect((await allKeys(secrets)).sort()).toEqual(['key-b', 'key-c']);
  await storeKey(secrets, { provider: 'gone' }, ' ');
  expect(await allKeys(secrets)).toEqual(['key-c']);
});

test('a list of names that is damaged loses no key of a known provider', async () => {
  const secrets = secretStorage({
    'openexec.keys': '{',
    'openexec.key.openai': 'key',
    'openexec.key.openai-compatible': 'own',
  });
  expect((await allKeys(secrets)).sort()).toEqual(['key', 'own']);
});

test('a server that is called like the signing key is never given it', async () => {
  const secrets = secretStorage();
  await storeSigningKey(secrets, 'PRIVATE');
  expect(await readKey(secrets, { provider: 'signing' })).toBeUndefined();
  await storeKey(secrets, { provider: 'signing' }, 'own');
  expect(await readSigningKey(secrets)).toBe('PRIVATE');
  expect(await readKey(secrets, { provider: 'signing' })).toBe('own');
});
