/** The tools by which the models of a chat read run records: only when a person lets them, and what they may be told. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { EventBody } from '../../../../src/core/events/schema';
import { denied, planned, runsOf } from '../../../support/chatRuns';

/** What is registered of a tool, as far as it is called here. */
type Tool = { invoke(options: object, token: object): unknown };
const editor = vi.hoisted(() => ({
  shares: true as unknown,
  tools: new Map<string, unknown>(),
  participants: [] as string[],
  lacks: false,
}));

vi.mock('vscode', async () => {
  const types = await import('../../../support/editorTypes');
  class Part {
    readonly value: unknown;
    constructor(value: unknown) {
      this.value = value;
    }
  }
  return {
    ...types,
    Uri: { joinPath: (...parts: unknown[]) => parts.join('/') },
    Disposable: {
      from: (...all: { dispose(): void }[]) => ({ dispose: () => all.forEach((one) => void one.dispose()) }),
    },
    LanguageModelTextPart: Part,
    LanguageModelToolResult: Part,
    workspace: {
      getConfiguration: () => ({ get: (name: string) => (name === 'chat.shareRuns' ? editor.shares : undefined) }),
    },
    get chat() {
      if (editor.lacks) return undefined;
      return {
        createChatParticipant: (id: string) => {
          editor.participants.push(id);
          return { dispose: () => void editor.participants.pop() };
        },
      };
    },
    get lm() {
      if (editor.lacks) return {};
      return {
        registerTool: (name: string, tool: unknown) => {
          editor.tools.set(name, tool);
          return { dispose: () => void editor.tools.delete(name) };
        },
      };
    },
  };
});

const { explainInput, listInput } = await import('../../../../src/vscode/chat/tools');
const { registerChat } = await import('../../../../src/vscode/chat/register');

const LIST = 'openexec_list_runs';
const EXPLAIN = 'openexec_explain_denial';
const raised: EventBody = {
  type: 'sensitivity.raised',
  data: { from: 'low', to: 'high', kinds: {}, call: null },
};
const RECORDED = {
  open: [planned(), ...denied('c1', '.env')],
  local: [planned({ route: 'local' }), ...denied('c1', '.env')],
  high: [planned({ sensitivity: 'high' })],
  raised: [planned(), raised],
  unplanned: denied('c1', '.env'),
};

beforeEach(() => {
  Object.assign(editor, { shares: true, participants: [], lacks: false });
  editor.tools.clear();
});

const registered = (runs = runsOf(RECORDED).runs, told: string[] = []) =>
  registerChat('ext' as unknown as Parameters<typeof registerChat>[0], {
    runs,
    approvals: { pending: () => [] },
    log: { error: () => undefined, info: (line: string) => void told.push(line) },
  });

async function invoke(name: string, input: unknown): Promise<string> {
  const tool = editor.tools.get(name) as Tool;
  const token = { isCancellationRequested: false };
  const result = await tool.invoke({ input, toolInvocationToken: undefined }, token);
  const [part] = (result as unknown as { value: { value: string }[] }).value;
  return part?.value ?? '';
}

const json = async (name: string, input: unknown) =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(await invoke(name, input)));

describe('what the chat gets', () => {
  test('is the participant and two tools, taken away together', () => {
    const all = registered();
    expect(editor.participants).toEqual(['openexec.chat']);
    expect([...editor.tools.keys()]).toEqual([LIST, EXPLAIN]);
    all.dispose();
    expect([editor.participants, editor.tools.size]).toEqual([[], 0]);
  });

  test('is nothing in an editor without a chat', () => {
    editor.lacks = true;
    registered().dispose();
    expect([editor.participants, editor.tools.size]).toEqual([[], 0]);
  });

  test('is what the manifest says, with the same inputs', () => {
    const manifest = z
      .object({
        contributes: z.object({
          chatParticipants: z.array(z.object({ id: z.string(), commands: z.array(z.object({ name: z.string() })) })),
          languageModelTools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })),
          configuration: z.object({ properties: z.record(z.string(), z.unknown()) }),
        }),
      })
      .parse(JSON.parse(fs.readFileSync(path.resolve(__dirname, '../../../../package.json'), 'utf8')));
    const { chatParticipants, languageModelTools, configuration } = manifest.contributes;
    const schemaOf = (input: z.ZodType) => {
      const { $schema: _, ...schema } = z.toJSONSchema(input);
      return schema;
    };
    expect(chatParticipants).toEqual([
      { id: 'openexec.chat', commands: ['start', 'runs', 'status', 'why'].map((name) => ({ name })) },
    ]);
    expect(languageModelTools).toEqual([
      { name: LIST, inputSchema: schemaOf(listInput) },
      { name: EXPLAIN, inputSchema: schemaOf(explainInput) },
    ]);
    expect(configuration.properties['openexec.chat.shareRuns']).toMatchObject({ default: false, scope: 'machine' });
  });
});

describe('a tool', () => {
  test.each([false, undefined, 'true', 1])('reads and tells nothing while sharing is %j', async (shares) => {
    editor.shares = shares;
    const list = vi.fn(runsOf(RECORDED).runs.list);
    registered({ ...runsOf(RECORDED).runs, list });
    for (const name of [LIST, EXPLAIN])
      expect(await invoke(name, {})).toMatch(/^OpenExec told nothing: .*shareRuns\.$/);
    expect(list).not.toHaveBeenCalled();
  });

  test('refuses what does not fit in one line', async () => {
    registered();
    expect(await invoke(LIST, { limit: 1000 })).toMatch(/^The input does not fit: .*limit.*$/);
    expect(await invoke(EXPLAIN, { event: -1 })).toMatch(/^The input does not fit: .*event.*$/);
    expect(await invoke(LIST, { path: '/etc' })).toMatch(/^The input does not fit: .*path.*$/);
  });

  test('says in one line what went wrong', async () => {
    registered({ ...runsOf({}).runs, list: async () => Promise.reject(new Error('The store is locked.\nat x')) });
    expect(await invoke(LIST, {})).toBe('The store is locked.');
  });
});

describe('the list of runs', () => {
  test('holds those that may leave this machine, counts the others, and is told in the log', async () => {
    const told: string[] = [];
    registered(runsOf(RECORDED).runs, told);
    const { runs, keptOnThisMachine, fitting } = await json(LIST, undefined);
    expect(runs).toMatchObject([{ run: 'open', status: 'succeeded', task: 'Task of open', denials: 1, costUsd: 0.12 }]);
    expect([keptOnThisMachine, fitting]).toEqual([4, 5]);
    expect(told).toEqual(["Told a chat's model about 1 runs; 4 stay on this machine."]);
  });

  test('is bounded, and can be of one state', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`r${at}`, [planned()]]));
    registered(runsOf(many, { task: 'x\n'.repeat(500) }).runs);
    expect((await json(LIST, { limit: 20 })).runs).toHaveLength(20);
    expect((await json(LIST, {})).runs).toHaveLength(10);
    expect((await invoke(LIST, { limit: 20 })).length).toBeLessThan(8000);
    expect((await json(LIST, { status: 'failed' })).runs).toEqual([]);
  });
});

describe('an explanation', () => {
  test('is of the last denial: its rule, reason, origin, and the call in a line', async () => {
    registered();
    expect(await json(EXPLAIN, {})).toMatchObject({
      ...{ run: 'open', event: 3, decision: 'deny', rule: 'no-secrets', call: 'write_file .env' },
      origin: "the person's own policy: mine (/home/me/policy.yaml)",
    });
  });

  test('is of the run and the event that are named', async () => {
    const { runs, explained } = runsOf(RECORDED);
    registered(runs);
    await invoke(EXPLAIN, { run: 'open', event: 2 });
    expect(explained).toEqual([['open', 2]]);
    expect(await invoke(EXPLAIN, { run: 'no such' })).toBe('No such run is recorded.');
  });

  test.each(['local', 'unplanned'])('is refused of the run %j, which stays on this machine', async (run) => {
    const { runs, explained } = runsOf(RECORDED);
    registered(runs);
    expect(await invoke(EXPLAIN, { run })).toMatch(/^OpenExec told nothing/);
    expect(explained).toEqual([]);
  });
});
