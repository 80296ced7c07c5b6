/** The settings `openexec.models` and `openexec.prices`: what they mean, and what is said of a wrong one. */
import { describe, expect, it } from 'vitest';
import { parseModelSettings } from '../../../../src/core/models/settings';

const OLLAMA = { protocol: 'chat', baseUrl: 'http://127.0.0.1:11434/v1' };
const serversOf = (models: unknown) => parseModelSettings(models, undefined).servers;

describe('a server of your own', () => {
  it('needs no more than what it speaks and where it is', () => {
    expect(serversOf({ ollama: OLLAMA }).get('ollama')).toEqual({
      ok: true,
      value: { ...OLLAMA, headers: [], contextTokens: null, outputTokens: null, price: null, limits: {}, models: [] },
    });
  });

  it('may have limits of its own, in seconds', () => {
    const limits = { connectSeconds: 2, firstTokenSeconds: 600, stallSeconds: 90.5, requestSeconds: 1800 };
    expect(serversOf({ slow: { ...OLLAMA, ...limits } }).get('slow')).toMatchObject({
      value: { limits: { connectMs: 2000, firstTokenMs: 600_000, stallMs: 90_500, wholeMs: 1_800_000 } },
    });
  });

  it('may be declared local, or not to be', () => {
    const servers = serversOf({ lan: { ...OLLAMA, local: true }, gateway: { ...OLLAMA, local: false } });
    expect([servers.get('lan'), servers.get('gateway')]).toMatchObject([
      { value: { local: true } },
      { value: { local: false } },
    ]);
  });

  it.each(['anthropic', 'openai', 'openai-compatible', 'vscode', 'recorded'])('cannot take the name %s', (id) => {
    expect(serversOf({ [id]: OLLAMA }).get(id)).toMatchObject({
      ok: false,
      error: `The entry "${id}" of the setting openexec.models cannot be used: it has the name of a provider that OpenExec knows; give it another one. Correct it there.`,
    });
  });

  it.each(['Ollama', 'my_server', 'a:b', '', '1st', 'x'.repeat(41)])('cannot have the id "%s"', (id) => {
    expect(serversOf({ [id]: OLLAMA }).get(id)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/an id has up to 40 small letters/),
    });
  });

  it.each([
    ['another protocol', { protocol: 'grpc' }, /protocol: /],
    ['no address', { baseUrl: ' ' }, /baseUrl: /],
    ['a member that there is not', { apiKey: 'sk-canary-0123456789' }, /apiKey/],
    ['a header that is not to be set', { headers: ['Authorization'] }, /a key is set as the key/],
    ['a header twice', { headers: ['X-Team', 'x-team'] }, /named twice/],
    ['a header that is none', { headers: ['X: y'] }, /letters, digits and "-"/],
    ['a size of nothing', { contextTokens: 0 }, /contextTokens: /],
    ['a limit of nothing', { stallSeconds: 0 }, /stallSeconds: /],
    ['half a price', { price: { input: 1 } }, /price\.output: /],
  ])('with %s is refused in a line, which repeats no value', (_what, more, words) => {
    const entry = serversOf({ mine: { ...OLLAMA, ...more } }).get('mine');
    const error = entry?.ok === false ? entry.error : '';
    expect(error).toMatch(words);
    expect(error).toMatch(
      /^The entry "mine" of the setting openexec\.models cannot be used: [^\n]+ Correct it there\.$/,
    );
    expect(error).not.toContain('sk-canary');
  });

  it('that is wrong disables no other, and everything wrong is said', () => {
    const { servers, prices, problems } = parseModelSettings(
      { bad: { protocol: 'chat' }, good: OLLAMA },
      { 'openai:x': { input: 1, output: 2 }, nonsense: { input: 1, output: 2 }, 'a:b': 3 },
    );
    expect([servers.get('bad')?.ok, servers.get('good')?.ok]).toEqual([false, true]);
    expect(['openai:x', 'nonsense', 'a:b'].map((id) => prices.get(id)?.ok)).toEqual([true, false, false]);
    expect(problems).toHaveLength(3);
  });

  it('does not get a header that is meant for another, whatever both are called', () => {
    const servers = serversOf({ a: { ...OLLAMA, headers: ['b-c'] }, 'a-b': { ...OLLAMA, headers: ['C'] } });
    expect([servers.get('a')?.ok, servers.get('a-b')?.ok]).toEqual([true, false]);
  });
});

describe('the settings as a whole', () => {
  it.each([[undefined], [null], [{}]])('may be %j', (value) => {
    expect(parseModelSettings(value, value)).toEqual({
      ...{ servers: new Map(), prices: new Map(), timeouts: new Map(), problems: [] },
    });
  });

  it.each([['text'], [[OLLAMA]], [7]])('that are %j are said to be ignored', (value) => {
    const { servers, problems } = parseModelSettings(value, value);
    expect(servers.size).toBe(0);
    expect(problems).toEqual([
      'The setting openexec.models is not an object and was ignored.',
      'The setting openexec.prices is not an object and was ignored.',
    ]);
  });
});

describe('openexec.timeouts', () => {
  it('limits the time of a provider that OpenExec knows, in seconds', () => {
    const { timeouts } = parseModelSettings({}, {}, { anthropic: { firstTokenSeconds: 900, stallSeconds: 1.5 } });
    expect(timeouts.get('anthropic')).toEqual({ ok: true, value: { firstTokenMs: 900_000, stallMs: 1500 } });
  });

  it.each([
    [{ recorded: {} }, /"recorded" of the setting openexec\.timeouts cannot be used/],
    [{ mine: {} }, /a server has its own/],
    [{ openai: { stallSeconds: 0 } }, /stallSeconds/],
    [{ openai: { patience: 1 } }, /"openai"/],
  ])('refuses %j, and says so', (value, words) => {
    const { timeouts, problems } = parseModelSettings({}, {}, value);
    expect([...timeouts.values()].map(({ ok }) => ok)).toEqual([false]);
    expect(problems.join()).toMatch(words);
  });
});
