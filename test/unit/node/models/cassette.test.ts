import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Model, ModelRequest } from '../../../../src/core/ports/model';
import { type Cassette, loadCassette } from '../../../../src/node/models/recorded/cassette';
import { createRecordedModel } from '../../../../src/node/models/recorded/model';
import { createRecordingModel } from '../../../support/recordingModel';
import { calls, createScriptedModel, says } from '../../../support/scriptedModel';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openexec-cassette-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const usage = { input: 1, output: 1, cached: 0, estimated: true };
const entry = { signature: sha256('a'), reply: { text: 'a', toolCalls: [], usage, stop: 'end' } };
const whole = { version: 1, title: 'A test', task: 'Fix it', entries: [entry] };

async function load(content: string): Promise<string | Cassette> {
  const path = join(folder, 'test.json');
  await writeFile(path, content);
  const loaded = await loadCassette(path);
  if (loaded.ok) return loaded.value;
  expect(loaded.error.code).toBe('config_invalid');
  expect(loaded.error.message).toContain(path);
  expect(loaded.error.message).not.toMatch(/\n/);
  return loaded.error.message;
}

describe('loading a cassette', () => {
  test('gives what is in the file', async () => {
    expect(await load(JSON.stringify(whole))).toEqual(whole);
  });

  test.each([
    ['text that is not JSON', '{"version": 1,,}', 'is not JSON'],
    ['an empty file', '', 'is not JSON'],
    ['JSON of another kind', '[]', 'is not a cassette: at the top'],
    ['another version', JSON.stringify({ ...whole, version: 2 }), 'is not a cassette: version'],
    [
      'a stop nobody knows',
      JSON.stringify({
        ...whole,
        entries: [entry, { ...entry, signature: sha256('b'), reply: { ...entry.reply, stop: 'x' } }],
      }),
      'entries[1].reply.stop',
    ],
    ['a member nobody knows', JSON.stringify({ ...whole, extra: 1 }), 'extra'],
    [
      'one signature twice',
      JSON.stringify({ ...whole, entries: [entry, entry] }),
      'entries[1].signature: the same signature as entries[0]',
    ],
  ])('refuses %s and says where', async (_what, content, said) => {
    expect(await load(content)).toContain(said);
  });

  test('a file that is not there is one line that says what to check', async () => {
    const loaded = await loadCassette(join(folder, 'missing.json'));
    expect(loaded).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(JSON.stringify(loaded)).toContain('does not exist: check the name in openexec.model or --model.');
  });

  test('a folder in its place is one line as well', async () => {
    const loaded = await loadCassette(folder);
    expect(loaded).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
  });
});

const request = (signature: string): ModelRequest => ({
  messages: [{ role: 'user', content: signature }],
  tools: [],
  maxOutputTokens: 10,
  signature: sha256(signature),
});
const options = { signal: new AbortController().signal, onDelta: () => {} };
const ask = (model: Model, text: string) => model.invoke(request(text), options);

describe('recording a model', () => {
  test('makes a cassette that answers as the model did', async () => {
    const saved: Cassette[] = [];
    const script = [calls('Looking.', ['a', 'read_file', { path: 'x' }]), says('Done.')];
    const recording = createRecordingModel(createScriptedModel(script), {
      title: 'A test',
      task: 'Fix it',
      notes: ['looks first'],
      save: (cassette) => void saved.push(structuredClone(cassette)),
    });
    const live = [await ask(recording, 'one'), await ask(recording, 'two')];
    const cassette = saved.at(-1);
    if (cassette === undefined) throw new Error('nothing was saved');
    expect(saved.map(({ entries }) => entries.length)).toEqual([1, 2]);
    expect(cassette.entries[0]?.note).toBe('looks first');
    expect(await load(JSON.stringify(cassette))).toEqual(cassette);
    const replayed = createRecordedModel({ cassette, name: 'test' });
    expect([await ask(replayed, 'one'), await ask(replayed, 'two')]).toEqual(live);
  });

  test('does not record failures, and refuses two replies to one request', async () => {
    const down = { kind: 'failure', code: 'connection', message: 'down', retryable: true, ms: 0 } as const;
    const saved: Cassette[] = [];
    const recording = createRecordingModel(createScriptedModel([down, says('a'), says('a'), says('b')]), {
      title: 'A test',
      task: 'Fix it',
      save: (cassette) => void saved.push(cassette),
    });
    expect(await ask(recording, 'one')).toBe(down);
    await ask(recording, 'one');
    await ask(recording, 'one');
    expect(saved).toHaveLength(1);
    await expect(ask(recording, 'one')).rejects.toThrow('two different replies');
  });
});
