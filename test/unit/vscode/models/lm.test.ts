/** What the adapter for VS Code's own models promises, on a twin of the API; the same in a real host is in test/host. */
import { describe, expect, test } from 'vitest';
import { type Model, type ModelFailure, type ModelRequest, modelReplySchema } from '../../../../src/core/ports/model';
import { watch } from '../../../../src/node/models/shared/deadline';
import { estimateUsage } from '../../../../src/node/models/shared/usage';
import { createVscodeModel } from '../../../../src/vscode/models/lm';
import type { LmHost } from '../../../../src/vscode/models/lmApi';
import { lmApi, lmError, type Script, type Step, scriptedChat, text, toolCall } from '../../../support/languageModels';

const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', content: 'You fix bugs.' },
    { role: 'user', content: 'Fix the bug — now.' },
  ],
  tools: [{ name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: {} } }],
  maxOutputTokens: 1_000_000,
  signature: 'a'.repeat(64),
};

const HOST: LmHost = { watch, estimate: estimateUsage, monotonic: () => performance.now() };

function modelOf(script: Script, limits: LmHost['limits'] = {}) {
  const { chat, requests } = scriptedChat(script);
  const model = createVscodeModel(lmApi(chat), chat as never, 'test-1', { ...HOST, limits });
  return { model, requests };
}

const parts = (...all: unknown[]): Step[] => all.map((part) => ({ part }));

async function ask(model: Model, options: { signal?: AbortSignal; request?: ModelRequest; limitMs?: number } = {}) {
  const deltas: string[] = [];
  const { signal = new AbortController().signal, request = REQUEST, limitMs } = options;
  const answer = await model.invoke(request, {
    signal,
    onDelta: (delta) => void deltas.push(delta.text),
    ...(limitMs === undefined ? {} : { limitMs }),
  });
  return { answer, deltas };
}

async function reply(script: Script, request = REQUEST) {
  const { answer, deltas } = await ask(modelOf(script).model, { request });
  if (answer.kind === 'failure') throw new Error(`${answer.code}: ${answer.message}`);
  const { kind: _kind, ...rest } = answer;
  modelReplySchema.parse(rest);
  return { ...answer, deltas };
}

async function failure(script: Script): Promise<ModelFailure> {
  const { answer } = await ask(modelOf(script).model);
  if (answer.kind === 'reply') throw new Error(`a failure was expected, and a reply came: ${answer.text}`);
  expect(answer.message).not.toMatch(/\n/);
  expect(answer.message).toMatch(/\.$/);
  return answer;
}

describe('a model of VS Code', () => {
  test('says who brings it, is never taken for local, and knows its window and no price', () => {
    const { model } = modelOf({});
    expect(model.id).toEqual({ provider: 'vscode', name: 'test-1', destination: 'VS Code (acme test)', local: false });
    expect(model.facts).toEqual({ contextTokens: 8_000, outputTokens: null, price: null });
  });

  test('a window that makes no sense is not known', () => {
    const { chat } = scriptedChat({}, { maxInputTokens: 0 });
    expect(createVscodeModel(lmApi(chat), chat as never, 'x', HOST).facts.contextTokens).toBeNull();
  });
});

describe('the request', () => {
  test('what the system says comes first, calls and their results as parts, the results of one reply together', async () => {
    const { model, requests } = modelOf({ steps: parts(text('ok')) });
    const call = (id: string, args: string) => ({ id, name: 'read_file', arguments: args });
    const request: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: 'I look.', toolCalls: [call('a', '{"path":"x"}'), call('b', '{"path":')] },
        { role: 'tool', call: 'a', content: 'const x = 1;' },
        { role: 'tool', call: 'b', content: 'not JSON' },
        { role: 'assistant', content: '', toolCalls: [] },
        { role: 'user', content: 'Go on.' },
      ],
    };
    await ask(model, { request });
    const shown = requests[0]?.messages.map(({ role, content }) => ({
      role,
      content: content.map((part) => ({ ...(part as object) })),
    }));
    expect(shown).toEqual([
      { role: 1, content: [{ value: 'You fix bugs.' }] },
      { role: 1, content: [{ value: 'Fix the bug — now.' }] },
      {
        role: 2,
        content: [
          { value: 'I look.' },
          { callId: 'a', name: 'read_file', input: { path: 'x' } },
          { callId: 'b', name: 'read_file', input: { notAnObject: '{"path":' } },
        ],
      },
      {
        role: 1,
        content: [
          { callId: 'a', content: [{ value: 'const x = 1;' }] },
          { callId: 'b', content: [{ value: 'not JSON' }] },
        ],
      },
      { role: 1, content: [{ value: 'Go on.' }] },
    ]);
    expect(requests[0]?.options).toMatchObject({
      justification: expect.stringContaining('OpenExec'),
      tools: [{ name: 'read_file', description: 'Reads a file.', inputSchema: { type: 'object', properties: {} } }],
    });
  });
});

describe('the reply', () => {
  test('is the text as it streamed, counted by the model, marked as estimated, at a cost that is not known', async () => {
    const answer = await reply({ steps: parts(text('größer '), text('🐞'), text(' done')) });
    expect(answer).toMatchObject({ text: 'größer 🐞 done', toolCalls: [], stop: 'end', costUsd: null });
    expect(answer.deltas).toEqual(['größer ', '🐞', ' done']);
    expect(answer.usage).toMatchObject({ output: 'größer 🐞 done'.length, cached: 0, estimated: true });
    expect(answer.firstTokenMs).not.toBeNull();
  });

  test('calls come in order, their input as JSON text', async () => {
    const answer = await reply({
      steps: parts(text('I look.'), toolCall('a', 'read_file', { path: 'größer' }), toolCall('b', 'search', {})),
    });
    expect(answer.stop).toBe('tools');
    expect(answer.toolCalls).toEqual([
      { id: 'a', name: 'read_file', arguments: '{"path":"größer"}' },
      { id: 'b', name: 'search', arguments: '{}' },
    ]);
  });

  test.each([['a text'], [null], [undefined], [[1]]])('input that is no object (%j) is not repaired', async (input) => {
    const answer = await reply({ steps: parts(toolCall('a', 'read_file', input)) });
    expect(answer.toolCalls[0]?.arguments).toBe(JSON.stringify(input) ?? '');
  });

  test('calls without an id, or with one that was used before, get the same new ids every time', async () => {
    const steps = parts(
      toolCall('', 'read_file', {}),
      toolCall('used', 'read_file', {}),
      toolCall('new', 'read_file', {}),
    );
    const used = { id: 'used', name: 'read_file', arguments: '{}' };
    const request: ModelRequest = {
      ...REQUEST,
      messages: [
        ...REQUEST.messages,
        { role: 'assistant', content: '', toolCalls: [used] },
        { role: 'tool', call: 'used', content: '' },
      ],
    };
    for (let again = 0; again < 2; again += 1) {
      const { toolCalls } = await reply({ steps }, request);
      expect(toolCalls.map(({ id }) => id)).toEqual(['call_1', 'call_2', 'new']);
    }
  });

  test('an empty reply is a reply with nothing in it', async () => {
    expect(await reply({})).toMatchObject({ text: '', toolCalls: [], stop: 'end', firstTokenMs: null });
  });

  test('parts of kinds that are not known are no part of it', async () => {
    expect(await reply({ steps: parts({ thinking: 'hm' }, text('so'), 7, null) })).toMatchObject({
      text: 'so',
      deltas: ['so'],
    });
  });

  test('half a character becomes the replacement character, so that the reply can be stored', async () => {
    expect((await reply({ steps: parts(text('a\ud83d')) })).text).toBe('a\ufffd');
  });

  test('a reply of 1 MB arrives whole', async () => {
    const piece = 'ä0123456789abcde'.repeat(1024);
    const answer = await reply({ steps: parts(...Array.from({ length: 64 }, () => text(piece))) });
    expect(answer.text).toBe(piece.repeat(64));
  });

  test('a reply that is longer than was asked for is ended from here, and the vendor told', async () => {
    const { model, requests } = modelOf({ steps: [...parts(text('x'.repeat(50))), 'silence'] });
    const { answer } = await ask(model, { request: { ...REQUEST, maxOutputTokens: 10 } });
    expect(answer).toMatchObject({ kind: 'reply', stop: 'length', text: 'x'.repeat(50) });
    await requests[0]?.cancelled;
  });

  test('a call without a name cannot be used', async () => {
    const broken = await failure({ steps: parts(toolCall('a', '', {})) });
    expect(broken).toMatchObject({ code: 'malformed' });
    expect(broken.message).toContain('a tool call has no name');
  });

  test.each([
    ['fails', () => Promise.reject(new Error('no tokenizer'))],
    ['is nothing', () => 0],
    ['is no number', () => Number.NaN],
  ])('where the count %s, the common estimate is charged', async (_what, count) => {
    const answer = await reply({ steps: parts(text('one two three four')), count });
    expect(answer.usage).toEqual(estimateUsage(REQUEST, { text: 'one two three four', toolCalls: [] }));
  });
});

describe('a failure', () => {
  test.each([
    ['NoPermissions', 'consent', false, /Test Model Connection/],
    ['NotFound', 'not_found', false, /Choose Model…/],
    ['Blocked', 'refused', false, /Look at your plan with acme/],
    ['Unknown', 'server', true, /the vendor's own words/],
  ])('with the code %s is %s, and says what to do', async (code, expected, retryable, words) => {
    const error = lmError(code, "the vendor's own words");
    for (const script of [{ send: { error } }, { steps: [...parts(text('so')), { error }] }]) {
      const failed = await failure(script);
      expect(failed).toMatchObject({ code: expected, retryable });
      expect(failed.message).toMatch(words);
      expect(failed.message).toContain('acme');
    }
  });

  test.each([
    ['ChatQuotaExceeded', 'quota', false],
    ['ChatRateLimited', 'rate_limited', true],
  ])('that a vendor names %s is %s, also as the cause of another', async (name, expected, retryable) => {
    const named = lmError('', 'wait until Monday', name);
    const around = Object.assign(lmError('Unknown', 'outer'), { cause: named });
    for (const error of [named, around]) {
      expect(await failure({ send: { error } })).toMatchObject({ code: expected, retryable });
    }
  });

  test('that is no error at all is one of the vendor', async () => {
    expect(await failure({ send: { error: 7 } })).toMatchObject({
      code: 'server',
      message: expect.stringContaining('no reason given'),
    });
  });

  test('in many lines is one line, cut', async () => {
    const { message } = await failure({ send: { error: lmError('Unknown', `first\nsecond ${'x'.repeat(999)}`) } });
    expect(message).toContain('first second');
    expect(message.length).toBeLessThan(400);
  });

  test('is not thrown where the API throws at once', async () => {
    const { chat } = scriptedChat({});
    const throwing = {
      ...chat,
      sendRequest: () => {
        throw lmError('NotFound');
      },
    };
    const { answer } = await ask(createVscodeModel(lmApi(), throwing as never, 'x', HOST));
    expect(answer).toMatchObject({ kind: 'failure', code: 'not_found' });
  });
});

describe('limits', () => {
  test('a model that sends nothing in time is given up and cancelled', async () => {
    const { model, requests } = modelOf({ steps: ['silence'] }, { firstTokenMs: 5 });
    expect((await ask(model)).answer).toMatchObject({ kind: 'failure', code: 'stalled', retryable: true });
    await requests[0]?.cancelled;
  });

  test('silence in the middle is given up and cancelled, and what came by then is no reply', async () => {
    const { model, requests } = modelOf({ steps: [...parts(text('so')), 'silence'] }, { stallMs: 5 });
    const { answer } = await ask(model);
    expect(answer).toMatchObject({ kind: 'failure', code: 'stalled', message: expect.stringContaining('fell silent') });
    await requests[0]?.cancelled;
  });

  test('the time for the first token does not run while VS Code asks the person; the whole time does', async () => {
    const { model, requests } = modelOf({ send: 'silence' }, { firstTokenMs: 1, stallMs: 1 });
    expect((await ask(model, { limitMs: 30 })).answer).toMatchObject({ kind: 'failure', code: 'timeout' });
    await requests[0]?.cancelled;
  });

  test('a request that is not done when its time is over is given up', async () => {
    const { model, requests } = modelOf({ steps: [...parts(text('so')), 'silence'] });
    expect((await ask(model, { limitMs: 20 })).answer).toMatchObject({ kind: 'failure', code: 'timeout' });
    await requests[0]?.cancelled;
  });
});

describe('cancelling', () => {
  test('before the request sends nothing', async () => {
    const { model, requests } = modelOf({ steps: parts(text('too late')) });
    expect((await ask(model, { signal: AbortSignal.abort() })).answer).toMatchObject({
      code: 'cancelled',
      retryable: false,
    });
    expect(requests).toEqual([]);
  });

  test.each<[string, Script]>([
    ['while VS Code asks the person', { send: 'silence' }],
    ['before the first part', { steps: ['silence'] }],
    ['in the middle', { steps: [...parts(text('so')), 'silence'] }],
    ['while other parts wait to be read', { steps: parts(...Array.from({ length: 20 }, () => text('so'))) }],
  ])('%s ends the request at the vendor', async (_when, script) => {
    const { model, requests } = modelOf(script);
    const stop = new AbortController();
    const answer = model.invoke(REQUEST, { signal: stop.signal, onDelta: () => stop.abort() });
    // Once it was sent; a delta, if there is one, stops it before.
    while (requests.length === 0) await Promise.resolve();
    if (script.steps?.[0] === 'silence' || script.send === 'silence') stop.abort();
    expect(await answer).toMatchObject({ kind: 'failure', code: 'cancelled', retryable: false });
    expect(requests[0]?.isCancelled()).toBe(true);
  });
});
